import { randomUUID } from 'node:crypto';
import { DomainError } from '@daybook/runtime/errors';
import { query, withTransaction, type Database } from '@daybook/runtime/postgres';
import { notifyWorkers } from '../db/change-cursor-repository.ts';
import { openSweep, readSweeps, type SweepDifference, type SweepSummary } from '../db/sweep-repository.ts';

/** Who asks: an owner or admin, by the verified token. */
export type Actor = { organizationId: string; userId: string };

const DEFAULT_SWEEPS = 10;

/**
 * Asks the connection's worker to compare both sides now; answers with the sweep, or with the one that runs already.
 * @throws DomainError CONNECTION_NOT_FOUND when the organisation has no such connection, or it is not in use
 */
export function startSweep(deps: { database: Database }) {
  return (actor: Actor, connectionId: string): Promise<SweepSummary> =>
    withTransaction(deps.database, async (tx) => {
      const [known] = await query(tx, {
        text: `SELECT 1 FROM connections WHERE id = $1 AND organization_id = $2 AND state NOT IN ('off', 'paused')`,
        values: [connectionId, actor.organizationId],
      });
      if (!known) throw new DomainError('absent', 'CONNECTION_NOT_FOUND', 'There is no such connection in use.');
      const { organizationId, userId } = actor;
      const sweep = await openSweep(tx, { id: randomUUID(), connectionId, organizationId, askedBy: userId });
      await notifyWorkers(tx);
      return sweep;
    });
}

/** The last sweeps of the caller's organisation, newest first, each with its first two hundred differences. */
export function listSweeps(deps: { database: Database }) {
  return (actor: Actor, limit = 0): Promise<{ summary: SweepSummary; differences: SweepDifference[] }[]> =>
    readSweeps(deps.database, actor.organizationId, limit === 0 ? DEFAULT_SWEEPS : limit);
}

/**
 * Whether the sweep of the set hour is due: its hour has passed in the practice's zone and none began since.
 * @param last when the last sweep began, epoch milliseconds; undefined: never
 * @param hour 0-23, wall-clock in `timeZone` (IANA)
 */
export function isSweepDue(now: number, last: number | undefined, hour: number, timeZone: string): boolean {
  if (last === undefined) return true;
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const today = local.toPlainDate().toZonedDateTime({ timeZone, plainTime: { hour } });
  const due = Temporal.ZonedDateTime.compare(today, local) <= 0 ? today : today.subtract({ days: 1 });
  return last < due.epochMilliseconds;
}
