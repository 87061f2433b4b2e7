import type { ConsumerSpec } from '@daybook/runtime/consumer';
import { deadLetterStream, type StreamSpec } from '@daybook/runtime/nats';

/** The streams the services declare. A system test compares them with what running services really made. */
export const streams: readonly StreamSpec[] = [
  { name: 'DAYBOOK_SCHEDULING', subjects: ['daybook.scheduling.v1.>'], maxAgeDays: 7 },
  { name: 'DAYBOOK_CALENDARSYNC', subjects: ['daybook.calendarsync.v1.>'], maxAgeDays: 7 },
  deadLetterStream,
];

/** The durable consumers the services declare. */
export const consumers: readonly ConsumerSpec[] = [
  { stream: 'DAYBOOK_SCHEDULING', durable: 'calcom-sync', filter: 'daybook.scheduling.v1.>' },
  { stream: 'DAYBOOK_CALENDARSYNC', durable: 'scheduling', filter: 'daybook.calendarsync.v1.>' },
];
