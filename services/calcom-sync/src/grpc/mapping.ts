import type { Connection as ConnectionMessage } from '@daybook/protos/gen/daybook/calendarsync/v1/Connection';
import type { SyncWork } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncWork';
import { toTimestamp } from '@daybook/protos/instant';
import type { Connection, WorkCount, WorkRow } from '../domain/connection.ts';
import { CALCOM, protoSyncStates, toProtoConnection } from '../events/calendar-sync-events.ts';

/** A connection as the proto says it. */
export function toConnectionMessage(row: { connection: Connection; work: WorkCount }): ConnectionMessage {
  return toProtoConnection(row.connection, row.work);
}

/** What an organisation has before anything of it was seen. */
export function offConnection(organizationId: string): ConnectionMessage {
  return { organizationId, target: CALCOM, state: 'CONNECTION_STATE_OFF' };
}

/** A row of work as the proto says it. */
export function toWorkMessage(row: WorkRow): SyncWork {
  return {
    appointmentId: row.appointmentId,
    state: protoSyncStates[row.state],
    attempts: row.attempts,
    lastError: row.message,
    nextAttemptAt: row.nextAttemptAt ? toTimestamp(row.nextAttemptAt) : null,
  };
}
