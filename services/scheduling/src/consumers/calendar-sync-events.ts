import { decodeCalendarSyncEvent } from '@daybook/protos/codecs';
import type { CalendarSyncEvent__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/CalendarSyncEvent';
import { fromOptionalTimestamp } from '@daybook/protos/instant';
import { startConsumer } from '@daybook/runtime/consumer';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { NatsHandle, StreamSpec } from '@daybook/runtime/nats';
import type { Database } from '@daybook/runtime/postgres';
import { type CalendarSyncNews, recordCalendarSync } from '../app/record-calendar-sync.ts';
import type { SyncState } from '../domain/sync-state.ts';

const states: Record<string, SyncState> = {
  SYNC_STATE_OFF: 'off',
  SYNC_STATE_WAITING: 'waiting',
  SYNC_STATE_IN_STEP: 'in_step',
  SYNC_STATE_FAILED: 'failed',
  SYNC_STATE_DIFFERENT: 'different',
};

/** What an event means to scheduling; undefined for kinds that came after this version. */
export function readCalendarSyncEvent(event: CalendarSyncEvent__Output): CalendarSyncNews | undefined {
  const { organizationId, aggregateVersion: eventVersion } = event;
  if (event.appointmentSyncChanged) {
    const change = event.appointmentSyncChanged;
    const state = states[change.state];
    if (!state) return undefined;
    return {
      kind: 'appointment',
      organizationId,
      eventVersion,
      appointmentId: change.appointmentId,
      appointmentVersion: change.appointmentVersion,
      state,
      target: change.target,
      externalUid: change.externalUid,
      start: fromOptionalTimestamp(change.start)?.getTime(),
      durationMinutes: change.durationMinutes,
      syncedAt: fromOptionalTimestamp(change.syncedAt)?.getTime(),
      lastError: change.lastError,
    };
  }
  const connection = event.connectionChanged?.connection;
  if (!connection) return undefined;
  const off = connection.state === 'CONNECTION_STATE_OFF';
  return { kind: 'connection', organizationId, eventVersion, state: off ? 'off' : 'on' };
}

/** Keeps the projection of calendar sync's events; each event counts once, the newest wins. */
export function startCalendarSyncConsumer(options: {
  nats: NatsHandle;
  stream: StreamSpec;
  database: Database;
  logger: Logger;
  lifecycle: Lifecycle;
}): void {
  startConsumer<CalendarSyncEvent__Output>({
    ...options,
    durable: 'scheduling',
    filter: 'daybook.calendarsync.v1.>',
    decode: decodeCalendarSyncEvent,
    eventId: (event) => event.eventId,
    handle: async (tx, event) => {
      const news = readCalendarSyncEvent(event);
      if (news) await recordCalendarSync(tx, news);
    },
  });
}
