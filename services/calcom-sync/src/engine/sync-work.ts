import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { DomainError } from '@daybook/runtime/errors';
import { notifyWorkers } from '../db/change-cursor-repository.ts';
import { requestProbe } from '../db/connection-repository.ts';
import { listWork, lockForRetry, makeDue, makeHoursDueAgain } from '../db/work-repository.ts';
import type { WorkRow } from '../domain/connection.ts';
import { appointmentSyncChanged } from '../events/calendar-sync-events.ts';

/** Work that is not in step, oldest first. */
export function listSyncWork(database: Database, organizationId: string, limit: number): Promise<WorkRow[]> {
  return listWork(database, organizationId, limit);
}

/**
 * Makes parked work due at once: one appointment's, or (empty id) all of the organisation's. A connection in trouble is
 * tried at once as well, since its waiting work hangs on it.
 * @throws DomainError APPOINTMENT_NOT_FOUND when the organisation has no such appointment
 */
export async function retrySyncWork(
  database: Database,
  organizationId: string,
  appointmentId: string,
): Promise<number> {
  return withTransaction(database, async (tx) => {
    await requestProbe(tx, organizationId);
    const rows = await lockForRetry(tx, organizationId, appointmentId);
    if (appointmentId !== '' && rows.length === 0) {
      throw new DomainError('absent', 'APPOINTMENT_NOT_FOUND', 'There is no such appointment.');
    }
    const parked = rows.filter((row) => row.state === 'failed' || row.state === 'different');
    const now = new Date();
    for (const row of parked) {
      const eventVersion = row.eventVersion + 1;
      const { link, organizationId: organization, syncedAt } = row;
      await makeDue(tx, row, eventVersion);
      await appendToOutbox(tx, [
        appointmentSyncChanged(now, {
          organizationId: organization,
          appointmentId: link.appointmentId,
          appointmentVersion: link.wanted.version,
          state: 'waiting',
          standing: link.standing,
          newestUid: link.uids[0] ?? '',
          syncedAt,
          message: '',
          eventVersion,
        }),
      ]);
    }
    const hours = appointmentId === '' ? await makeHoursDueAgain(tx, organizationId) : 0;
    await notifyWorkers(tx);
    return parked.length + hours;
  });
}
