import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import { currentTraceparent } from '@daybook/runtime/trace-context';
import type { ProviderHours } from '../domain/weekly-hours.ts';

/** One provider's hours and how they stand with the calendar; times are epoch milliseconds. */
export type AvailabilityRow = {
  connectionId: string;
  providerId: string;
  hours: ProviderHours;
  changedAt: number;
  scheduleName: string;
  scheduleId: string;
  attempts: number;
  faults: number;
  /** Of the change the row waits for. */
  traceparent: string | undefined;
};

type StoredAvailability = {
  connection_id: string;
  provider_id: string;
  wanted_version: number;
  time_zone: string;
  weekly: ProviderHours['weekly'];
  overrides: ProviderHours['overrides'];
  changed_at: Date;
  schedule_name: string;
  schedule_id: string;
  attempts: number;
  faults: number;
  traceparent: string | null;
};

/** Identifies a row. */
export type AvailabilityKey = { connectionId: string; providerId: string };

/** Keeps the hours if they are newer than what is known; due at once. */
export async function recordHours(
  tx: Tx,
  row: AvailabilityKey & { organizationId: string; hours: ProviderHours; changedAt: Date; baseName: string },
): Promise<void> {
  await query(tx, {
    text: `INSERT INTO availability_links (connection_id, provider_id, organization_id, wanted_version, time_zone, weekly,
             overrides, changed_at, schedule_name, next_attempt_at, traceparent)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
             CASE WHEN EXISTS (SELECT 1 FROM availability_links WHERE connection_id = $1 AND provider_id <> $2)
               THEN $9 || ' (' || left($2::text, 8) || ')' ELSE $9 END, now(), $10)
           ON CONFLICT (connection_id, provider_id) DO UPDATE SET wanted_version = excluded.wanted_version,
             time_zone = excluded.time_zone, weekly = excluded.weekly, overrides = excluded.overrides,
             changed_at = excluded.changed_at, state = 'waiting', next_attempt_at = now(), attempts = 0, faults = 0,
             message = '', traceparent = excluded.traceparent
           WHERE availability_links.wanted_version < excluded.wanted_version`,
    values: [
      row.connectionId,
      row.providerId,
      row.organizationId,
      row.hours.version,
      row.hours.timeZone,
      JSON.stringify(row.hours.weekly),
      JSON.stringify(row.hours.overrides),
      row.changedAt,
      row.baseName,
      currentTraceparent() ?? null,
    ],
  });
}

/** The next due row. */
export async function nextDueHours(db: Database, connectionId: string): Promise<AvailabilityRow | undefined> {
  const [row] = await query<StoredAvailability>(db, {
    name: 'next-due-hours',
    text: `SELECT * FROM availability_links WHERE connection_id = $1 AND state = 'waiting' AND next_attempt_at <= now()
           ORDER BY next_attempt_at LIMIT 1`,
    values: [connectionId],
  });
  return row && toRow(row);
}

/** The zone of the practice's hours: the first provider's (IANA); UTC before any are known. */
export async function firstTimeZone(db: Database, connectionId: string): Promise<string> {
  const [row] = await query<{ time_zone: string }>(db, {
    text: 'SELECT time_zone FROM availability_links WHERE connection_id = $1 ORDER BY schedule_name LIMIT 1',
    values: [connectionId],
  });
  return row?.time_zone ?? 'UTC';
}

/** Rows whose hours the calendar shows, as far as we know: what a comparison looks at. */
export async function listShownHours(db: Database, connectionId: string): Promise<AvailabilityRow[]> {
  const rows = await query<StoredAvailability>(db, {
    text: `SELECT * FROM availability_links WHERE connection_id = $1 AND state = 'in_step' ORDER BY schedule_name`,
    values: [connectionId],
  });
  return rows.map(toRow);
}

/** Records that the calendar shows a version; a newer wish stays due. */
export async function recordHoursShown(
  tx: Tx,
  key: AvailabilityKey,
  result: { version: number; scheduleId: string },
): Promise<boolean> {
  const rows = await query(tx, {
    text: `UPDATE availability_links SET done_version = $3, schedule_id = $4, synced_at = now(), attempts = 0, faults = 0,
             message = '', state = CASE WHEN wanted_version = $3 THEN 'in_step' ELSE state END,
             next_attempt_at = CASE WHEN wanted_version = $3 THEN NULL ELSE next_attempt_at END
           WHERE connection_id = $1 AND provider_id = $2 RETURNING 1`,
    values: [key.connectionId, key.providerId, result.version, result.scheduleId],
  });
  return rows.length > 0;
}

/** Records a setback; without a due time the row is parked. */
export async function recordHoursSetback(
  tx: Tx,
  key: AvailabilityKey,
  setback: { version: number; dueInMs: number | undefined; message: string; attempts: number; faults: number },
): Promise<void> {
  await query(tx, {
    text: `UPDATE availability_links SET message = $4, attempts = $5, faults = $6,
             state = CASE WHEN $7::float8 IS NULL THEN 'failed' ELSE 'waiting' END,
             next_attempt_at = now() + $7::float8 * interval '1 millisecond'
           WHERE connection_id = $1 AND provider_id = $2 AND wanted_version = $3`,
    values: [
      key.connectionId,
      key.providerId,
      setback.version,
      setback.message,
      setback.attempts,
      setback.faults,
      setback.dueInMs ?? null,
    ],
  });
}

/** Milliseconds until a waiting row is due; undefined when none waits. */
export async function msUntilHoursDue(db: Database, connectionId: string): Promise<number | undefined> {
  const [row] = await query<{ ms: number | null }>(db, {
    name: 'next-hours-due',
    text: `SELECT (extract(epoch FROM min(next_attempt_at) - now()) * 1000)::float8 AS ms
           FROM availability_links WHERE connection_id = $1 AND state = 'waiting'`,
    values: [connectionId],
  });
  return row?.ms ?? undefined;
}

/** The connection healed, or changed its account: everything not shown there is due now. */
export async function makeHoursDue(on: Database | Tx, connectionId: string, forget: boolean): Promise<void> {
  await query(on, {
    text: `UPDATE availability_links SET next_attempt_at = now(), state = 'waiting', faults = 0,
             schedule_id = CASE WHEN $2 THEN '' ELSE schedule_id END
           WHERE connection_id = $1 AND ($2 OR (state = 'waiting' AND faults > 0))`,
    values: [connectionId, forget],
  });
}

function toRow(row: StoredAvailability): AvailabilityRow {
  return {
    connectionId: row.connection_id,
    providerId: row.provider_id,
    hours: { version: row.wanted_version, timeZone: row.time_zone, weekly: row.weekly, overrides: row.overrides },
    changedAt: row.changed_at.getTime(),
    scheduleName: row.schedule_name,
    scheduleId: row.schedule_id,
    attempts: row.attempts,
    faults: row.faults,
    traceparent: row.traceparent ?? undefined,
  };
}
