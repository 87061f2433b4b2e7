import type { StreamSpec } from '@daybook/runtime/nats';

/** The stream that scheduling owns and declares: every fact of the last seven days. */
export const schedulingStream: StreamSpec = {
  name: 'DAYBOOK_SCHEDULING',
  subjects: ['daybook.scheduling.v1.>'],
  maxAgeDays: 7,
};

/** The stream calendar sync owns; scheduling reads it and declares it alike when it is not there yet. */
export const calendarSyncStream: StreamSpec = {
  name: 'DAYBOOK_CALENDARSYNC',
  subjects: ['daybook.calendarsync.v1.>'],
  maxAgeDays: 7,
};
