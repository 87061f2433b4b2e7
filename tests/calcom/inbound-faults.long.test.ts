// The same suite with every fault: DAYBOOK_LONG is set in the long lane.
import './inbound-faults.test.ts';
