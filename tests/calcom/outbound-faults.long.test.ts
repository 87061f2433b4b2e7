// The same suite with every fault: DAYBOOK_LONG is set in the long lane.
import './outbound-faults.test.ts';
