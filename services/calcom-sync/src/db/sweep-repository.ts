import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import { linkColumns, toRow, type LinkRow, type StoredLink } from './link-row.ts';

/** A comparison of both sides in numbers. */
export type SweepSummary = {
  id: string;
  connectionId: string;
  startedAt: Date;
  /** Undefined while it runs. */
  finishedAt: Date | undefined;
  compared: number;
  differences: number;
  repaired: number;
  /** In words, when it could not finish. */
  error: string;
};

/** What stands on one side; `start` undefined: nothing. */
export type SweepSide = { status: string; start: Date | undefined; durationMinutes: number; customerName: string };

/** One difference with both sides as they stood then. */
export type SweepDifference = {
  /** Empty when there is no appointment of ours. */
  appointmentId: string;
  externalUid: string;
  kind:
    | 'missing_there'
    | 'missing_here'
    | 'different_time'
    | 'different_status'
    | 'doubled_there'
    | 'event_type'
    | 'schedule';
  ours: SweepSide;
  theirs: SweepSide;
  outcome: 'repaired' | 'waiting' | 'needs_choice';
};

type StoredSweep = {
  id: string;
  connection_id: string;
  started_at: Date;
  finished_at: Date | null;
  compared: number;
  differences: number;
  repaired: number;
  error: string;
};

const LISTED_DIFFERENCES = 200;
const KEPT_DAYS = 90;

/** Begins a sweep, or answers with the one that runs. */
export async function openSweep(
  tx: Tx | Database,
  sweep: { id: string; connectionId: string; organizationId: string; askedBy: string },
): Promise<SweepSummary> {
  const [made] = await query<StoredSweep>(tx, {
    text: `INSERT INTO sweeps (id, connection_id, organization_id, asked_by) VALUES ($1, $2, $3, $4)
           ON CONFLICT (connection_id) WHERE finished_at IS NULL DO NOTHING RETURNING *`,
    values: [sweep.id, sweep.connectionId, sweep.organizationId, sweep.askedBy],
  });
  const running = made ? toSummary(made) : await findRunningSweep(tx, sweep.connectionId);
  if (!running) throw new Error('a sweep ended while it was asked for; ask again');
  return running;
}

/** The sweep of a connection that has not ended. */
export async function findRunningSweep(on: Tx | Database, connectionId: string): Promise<SweepSummary | undefined> {
  const [row] = await query<StoredSweep>(on, {
    name: 'find-running-sweep',
    text: 'SELECT * FROM sweeps WHERE connection_id = $1 AND finished_at IS NULL',
    values: [connectionId],
  });
  return row && toSummary(row);
}

/** When the last sweep of a connection began; undefined if there was none. */
export async function lastSweepAt(db: Database, connectionId: string): Promise<Date | undefined> {
  const [row] = await query<{ at: Date | null }>(db, {
    text: 'SELECT max(started_at) AS at FROM sweeps WHERE connection_id = $1',
    values: [connectionId],
  });
  return row?.at ?? undefined;
}

/** Counts what was looked at. */
export async function countCompared(db: Database, id: string, compared: number): Promise<void> {
  await query(db, { text: 'UPDATE sweeps SET compared = $2 WHERE id = $1', values: [id, compared] });
}

/** Keeps a difference and counts it. */
export async function addDifference(db: Database, sweepId: string, found: SweepDifference): Promise<void> {
  await query(db, {
    text: `WITH counted AS (UPDATE sweeps SET differences = differences + 1,
             repaired = repaired + CASE WHEN $13 = 'repaired' THEN 1 ELSE 0 END WHERE id = $1)
           INSERT INTO sweep_differences (sweep_id, appointment_id, external_uid, kind, ours_status, ours_start,
             ours_duration, ours_customer_name, theirs_status, theirs_start, theirs_duration, theirs_customer_name, outcome)
           VALUES ($1, nullif($2, '')::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      sweepId,
      found.appointmentId,
      found.externalUid,
      found.kind,
      found.ours.status,
      found.ours.start ?? null,
      found.ours.durationMinutes,
      found.ours.customerName,
      found.theirs.status,
      found.theirs.start ?? null,
      found.theirs.durationMinutes,
      found.theirs.customerName,
      found.outcome,
    ],
  });
}

/** Ends a sweep, in words when it could not finish; drops those that are older than ninety days. */
export async function closeSweep(db: Database, id: string, error: string): Promise<void> {
  await query(db, { text: 'UPDATE sweeps SET finished_at = now(), error = $2 WHERE id = $1', values: [id, error] });
  await query(db, {
    text: `DELETE FROM sweeps WHERE finished_at < now() - $1 * interval '1 day'`,
    values: [KEPT_DAYS],
  });
}

/** The last sweeps of an organisation, newest first, each with its first differences. */
export async function readSweeps(
  db: Database,
  organizationId: string,
  limit: number,
): Promise<{ summary: SweepSummary; differences: SweepDifference[] }[]> {
  const sweeps = await query<StoredSweep>(db, {
    text: 'SELECT * FROM sweeps WHERE organization_id = $1 ORDER BY started_at DESC, id LIMIT $2',
    values: [organizationId, limit],
  });
  return Promise.all(
    sweeps.map(async (sweep) => ({ summary: toSummary(sweep), differences: await readDifferences(db, sweep.id) })),
  );
}

type StoredDifference = {
  appointment_id: string | null;
  external_uid: string;
  kind: SweepDifference['kind'];
  ours_status: string;
  ours_start: Date | null;
  ours_duration: number;
  ours_customer_name: string;
  theirs_status: string;
  theirs_start: Date | null;
  theirs_duration: number;
  theirs_customer_name: string;
  outcome: SweepDifference['outcome'];
};

async function readDifferences(db: Database, sweepId: string): Promise<SweepDifference[]> {
  const rows = await query<StoredDifference>(db, {
    text: 'SELECT * FROM sweep_differences WHERE sweep_id = $1 ORDER BY id LIMIT $2',
    values: [sweepId, LISTED_DIFFERENCES],
  });
  return rows.map((row) => ({
    appointmentId: row.appointment_id ?? '',
    externalUid: row.external_uid,
    kind: row.kind,
    ours: {
      status: row.ours_status,
      start: row.ours_start ?? undefined,
      durationMinutes: row.ours_duration,
      customerName: row.ours_customer_name,
    },
    theirs: {
      status: row.theirs_status,
      start: row.theirs_start ?? undefined,
      durationMinutes: row.theirs_duration,
      customerName: row.theirs_customer_name,
    },
    outcome: row.outcome,
  }));
}

/** The rows of a window that think a booking stands there, or that differ and wait for a choice; by start. */
export async function listLinksInWindow(
  db: Database,
  connectionId: string,
  window: { from: number; to: number },
): Promise<LinkRow[]> {
  const rows = await query<StoredLink>(db, {
    text: `SELECT ${linkColumns} FROM calendar_links WHERE connection_id = $1 AND wanted_version > 0
             AND coalesce(standing_start, wanted_start) >= $2 AND coalesce(standing_start, wanted_start) < $3
             AND (standing_uid IS NOT NULL OR state IN ('failed', 'different'))
           ORDER BY coalesce(standing_start, wanted_start), appointment_id`,
    values: [connectionId, new Date(window.from), new Date(window.to)],
  });
  return rows.map(toRow);
}

function toSummary(row: StoredSweep): SweepSummary {
  return {
    id: row.id,
    connectionId: row.connection_id,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    compared: row.compared,
    differences: row.differences,
    repaired: row.repaired,
    error: row.error,
  };
}
