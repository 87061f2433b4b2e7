import type { SchedulingServiceHandlers } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingService';

/** Handlers of the rpcs, by name. */
export type Handlers = { [Name in keyof SchedulingServiceHandlers]: SchedulingServiceHandlers[Name] };
