import type * as contract from '@daybook/http-contract/calendar-connections';
import type { Connection__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/Connection';
import type { SyncWork__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SyncWork';
import { mapSyncState } from './appointments.ts';
import { optionalInstant, optionalText } from './instants.ts';

const stateJson = {
  CONNECTION_STATE_UNSPECIFIED: 'off',
  CONNECTION_STATE_OFF: 'off',
  CONNECTION_STATE_CONNECTED: 'connected',
  CONNECTION_STATE_UNREACHABLE: 'unreachable',
  CONNECTION_STATE_NEEDS_ATTENTION: 'needs_attention',
} as const;

/** A connection as the public surface shows it. */
export function mapConnection(connection: Connection__Output): contract.CalendarConnection {
  return {
    ...optionalText('id', connection.id),
    target: 'calcom',
    state: stateJson[connection.state],
    ...optionalText('baseUrl', connection.baseUrl),
    ...optionalText('accountName', connection.accountName),
    ...optionalText('message', connection.message),
    ...optionalInstant('lastSuccessAt', connection.lastSuccessAt),
    pending: connection.pending,
    parked: connection.parked,
    oldestPendingSeconds: connection.oldestPendingSeconds,
  };
}

/** A row that is not in step as the public surface shows it. */
export function mapSyncWork(work: SyncWork__Output): contract.SyncWork {
  return {
    ...optionalText('appointmentId', work.appointmentId),
    state: mapSyncState(work.state),
    attempts: work.attempts,
    ...optionalText('lastError', work.lastError),
    ...optionalInstant('nextAttemptAt', work.nextAttemptAt),
  };
}
