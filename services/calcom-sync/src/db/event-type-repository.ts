import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import { currentTraceparent } from '@daybook/runtime/trace-context';
import type { TypeOffer } from '../domain/type-offer.ts';

/** Identifies a row. */
export type EventTypeKey = { connectionId: string; appointmentTypeId: string };

/** One appointment type and how it stands with the calendar; `changedAt` is epoch milliseconds. */
export type EventTypeRow = EventTypeKey & {
  version: number;
  offer: TypeOffer;
  changedAt: number;
  /** Empty until first written. */
  eventTypeId: string;
  /** The schedule there whose hours it offers: the first provider's; empty until that is written. */
  scheduleId: string;
  attempts: number;
  faults: number;
  /** Of the change the row waits for. */
  traceparent: string | undefined;
};

type StoredType = {
  connection_id: string;
  appointment_type_id: string;
  wanted_version: number;
  wanted: TypeOffer;
  changed_at: Date;
  event_type_id: string;
  schedule_id: string;
  attempts: number;
  faults: number;
  traceparent: string | null;
};

/** Keeps what a type offers if it is newer than what is known; due at once. */
export async function recordType(
  tx: Tx,
  row: EventTypeKey & { organizationId: string; version: number; offer: TypeOffer; changedAt: Date },
): Promise<void> {
  await query(tx, {
    text: `INSERT INTO event_type_links (connection_id, appointment_type_id, organization_id, wanted_version, wanted,
             changed_at, next_attempt_at, traceparent) VALUES ($1, $2, $3, $4, $5, $6, now(), $7)
           ON CONFLICT (connection_id, appointment_type_id) DO UPDATE SET wanted_version = excluded.wanted_version,
             wanted = excluded.wanted, changed_at = excluded.changed_at, state = 'waiting', next_attempt_at = now(),
             attempts = 0, faults = 0, message = '', traceparent = excluded.traceparent
           WHERE event_type_links.wanted_version < excluded.wanted_version`,
    values: [
      row.connectionId,
      row.appointmentTypeId,
      row.organizationId,
      row.version,
      JSON.stringify(row.offer),
      row.changedAt,
      currentTraceparent() ?? null,
    ],
  });
}

const columns = `t.*, coalesce((SELECT a.schedule_id FROM availability_links a
  WHERE a.connection_id = t.connection_id AND a.schedule_id <> '' ORDER BY a.schedule_name LIMIT 1), '') AS schedule_id`;

/** The next due row. */
export async function nextDueType(db: Database, connectionId: string): Promise<EventTypeRow | undefined> {
  const [row] = await query<StoredType>(db, {
    name: 'next-due-type',
    text: `SELECT ${columns} FROM event_type_links t
           WHERE t.connection_id = $1 AND t.state = 'waiting' AND t.next_attempt_at <= now()
           ORDER BY t.next_attempt_at LIMIT 1`,
    values: [connectionId],
  });
  return row && toRow(row);
}

/** Rows whose types the calendar offers, as far as we know: what a comparison looks at. */
export async function listShownTypes(db: Database, connectionId: string): Promise<EventTypeRow[]> {
  const rows = await query<StoredType>(db, {
    text: `SELECT ${columns} FROM event_type_links t WHERE t.connection_id = $1 AND t.state = 'in_step'
           ORDER BY t.appointment_type_id`,
    values: [connectionId],
  });
  return rows.map(toRow);
}

/** Milliseconds until a waiting row is due; undefined when none waits. */
export async function msUntilTypeDue(db: Database, connectionId: string): Promise<number | undefined> {
  const [row] = await query<{ ms: number | null }>(db, {
    name: 'next-type-due',
    text: `SELECT (extract(epoch FROM min(next_attempt_at) - now()) * 1000)::float8 AS ms
           FROM event_type_links WHERE connection_id = $1 AND state = 'waiting'`,
    values: [connectionId],
  });
  return row?.ms ?? undefined;
}

/** Records that the calendar offers a version; a newer wish stays due. */
export async function recordTypeShown(
  tx: Tx,
  key: EventTypeKey,
  result: { version: number; eventTypeId: string; slug: string; made: boolean },
): Promise<void> {
  await query(tx, {
    text: `UPDATE event_type_links SET done_version = $3, event_type_id = $4, slug = $5, made_by_us = made_by_us OR $6,
             synced_at = now(), attempts = 0, faults = 0, message = '',
             state = CASE WHEN wanted_version = $3 THEN 'in_step' ELSE state END,
             next_attempt_at = CASE WHEN wanted_version = $3 THEN NULL ELSE next_attempt_at END
           WHERE connection_id = $1 AND appointment_type_id = $2`,
    values: [key.connectionId, key.appointmentTypeId, result.version, result.eventTypeId, result.slug, result.made],
  });
}

/** Records a setback; without a due time the row is parked. */
export async function recordTypeSetback(
  tx: Tx,
  key: EventTypeKey,
  setback: { version: number; dueInMs: number | undefined; message: string; attempts: number; faults: number },
): Promise<void> {
  await query(tx, {
    text: `UPDATE event_type_links SET message = $4, attempts = $5, faults = $6,
             state = CASE WHEN $7::float8 IS NULL THEN 'failed' ELSE 'waiting' END,
             next_attempt_at = now() + $7::float8 * interval '1 millisecond'
           WHERE connection_id = $1 AND appointment_type_id = $2 AND wanted_version = $3`,
    values: [
      key.connectionId,
      key.appointmentTypeId,
      setback.version,
      setback.message,
      setback.attempts,
      setback.faults,
      setback.dueInMs ?? null,
    ],
  });
}

/**
 * Makes rows due now. `healed`: those that wait after a fault of availability. `all`: every one, to compare again what
 * stands there. `forget`: every one, and what was recorded stands in another account.
 */
export async function makeTypesDue(
  on: Database | Tx,
  connectionId: string,
  which: 'healed' | 'all' | 'forget',
): Promise<void> {
  await query(on, {
    text: `UPDATE event_type_links SET next_attempt_at = now(), state = 'waiting', faults = 0, attempts = 0,
             event_type_id = CASE WHEN $2 = 'forget' THEN '' ELSE event_type_id END
           WHERE connection_id = $1 AND ($2 <> 'healed' OR (state = 'waiting' AND faults > 0))`,
    values: [connectionId, which],
  });
}

/** The appointment type an event type there stands for; empty if it is not one of ours. */
export async function findTypeOf(db: Database, connectionId: string, theirs: { id: string; slug: string }) {
  const [row] = await query<{ id: string }>(db, {
    text: `SELECT appointment_type_id::text AS id FROM event_type_links
           WHERE connection_id = $1 AND ((event_type_id <> '' AND event_type_id = $2) OR (slug <> '' AND slug = $3))
           ORDER BY event_type_id = $2 DESC LIMIT 1`,
    values: [connectionId, theirs.id, theirs.slug],
  });
  return row?.id ?? '';
}

function toRow(row: StoredType): EventTypeRow {
  return {
    connectionId: row.connection_id,
    appointmentTypeId: row.appointment_type_id,
    version: row.wanted_version,
    offer: row.wanted,
    changedAt: row.changed_at.getTime(),
    eventTypeId: row.event_type_id,
    scheduleId: row.schedule_id,
    attempts: row.attempts,
    faults: row.faults,
    traceparent: row.traceparent ?? undefined,
  };
}
