import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import { currentTraceparent } from '@daybook/runtime/trace-context';
import type { Attempt, OursStatus, Standing, Wanted } from '../domain/calendar-link.ts';
import type { LinkState } from '../domain/connection.ts';
import { linkColumns, toRow, type LinkRow, type StoredLink } from './link-row.ts';

/*
 * Transactions take their locks in one order, or PostgreSQL would have to break circles: the connection (whoever writes a
 * step's outcome shares it by holdLease, whoever changes the connection locks it), then the inbox, then one row of the
 * ledger. A statement over many rows passes over those that somebody holds, except where the connection is locked.
 */

/** Identifies a row. */
export type LinkKey = { connectionId: string; appointmentId: string };

/** The fence of a write: the lease under which the step was begun. */
export type LeaseFence = { owner: string; token: number };

/** Inserts a new row, due at once, in the current trace; false if there is one already. */
export async function insertLink(
  tx: Tx,
  row: LinkKey & { organizationId: string; providerId: string; wanted: Wanted; changedAt: Date },
): Promise<boolean> {
  const { wanted } = row;
  const inserted = await query(tx, {
    text: `INSERT INTO calendar_links (connection_id, appointment_id, organization_id, provider_id, wanted_version,
             wanted_presence, wanted_start, wanted_minutes, attendee, changed_at, traceparent, ours_status,
             appointment_type_id, next_attempt_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, '')::uuid, now()) ON CONFLICT DO NOTHING RETURNING 1`,
    values: [
      row.connectionId,
      row.appointmentId,
      row.organizationId,
      row.providerId,
      wanted.version,
      wanted.presence,
      new Date(wanted.start),
      wanted.minutes,
      JSON.stringify(wanted.attendee),
      row.changedAt,
      currentTraceparent() ?? null,
      statusOf(wanted),
      wanted.appointmentTypeId ?? '',
    ],
  });
  return inserted.length > 0;
}

/** Reads a row and keeps others from changing it until the transaction ends. */
export async function lockLink(tx: Tx, key: LinkKey): Promise<LinkRow | undefined> {
  const [row] = await query<StoredLink>(tx, {
    text: `SELECT ${linkColumns} FROM calendar_links WHERE connection_id = $1 AND appointment_id = $2 FOR UPDATE`,
    values: [key.connectionId, key.appointmentId],
  });
  return row && toRow(row);
}

/**
 * Replaces what is wanted by a change of the current trace and makes the row due after so long; a locked row only. That is
 * counted from the database's clock, by which rows are taken: a process whose own is minutes off delays nothing.
 */
export async function updateWanted(
  tx: Tx,
  key: LinkKey,
  change: { wanted: Wanted; changedAt: Date; dueInMs: number },
): Promise<void> {
  const { wanted } = change;
  await query(tx, {
    text: `UPDATE calendar_links SET wanted_version = $3, wanted_presence = $4, wanted_start = $5, wanted_minutes = $6,
             attendee = $7, changed_at = $8, next_attempt_at = now() + $9::float8 * interval '1 millisecond',
             state = 'waiting', refusal = NULL, message = '',
             attempts = 0, faults = 0, traceparent = $10, ours_status = $11,
             appointment_type_id = coalesce(nullif($12, '')::uuid, appointment_type_id)
           WHERE connection_id = $1 AND appointment_id = $2`,
    values: [
      key.connectionId,
      key.appointmentId,
      wanted.version,
      wanted.presence,
      new Date(wanted.start),
      wanted.minutes,
      JSON.stringify(wanted.attendee),
      change.changedAt,
      change.dueInMs,
      currentTraceparent() ?? null,
      statusOf(wanted),
      wanted.appointmentTypeId ?? '',
    ],
  });
}

/** Rows told before their status was kept, and tests, say it by presence alone. */
function statusOf({ status, presence }: Wanted): OursStatus {
  if (status) return status;
  return presence === 'present' ? 'scheduled' : presence === 'absent' ? 'cancelled' : 'completed';
}

/**
 * Whether a row `c` may be taken. While scheduling's answer to a booking made there is outstanding, an appointment as new as
 * that is not created there: it may be that very booking. That nobody asks is found out once, not for each row.
 */
const dueSql = `c.connection_id = $1 AND c.state = 'waiting' AND c.next_attempt_at <= now()
  AND (c.look_after IS NULL OR c.look_after <= now())
  AND (NOT EXISTS (SELECT 1 FROM inbound_intents WHERE connection_id = $1) OR cardinality(c.uids) > 0
    OR NOT EXISTS (SELECT 1 FROM inbound_intents i WHERE i.connection_id = c.connection_id AND (i.start = c.wanted_start
      OR (i.begun_at > now() - interval '2 minutes' AND c.changed_at > i.begun_at - interval '1 minute'))))`;

/** The first due row of those with (1) or without (0) a fault, begun (little, so it is sorted) or to come (as indexed). */
function firstDueSql(turn: number, fault: 0 | 1, time: 'begun' | 'to_come'): string {
  const [when, order] =
    time === 'begun'
      ? ['c.wanted_start <= now()', 'c.next_attempt_at']
      : ['c.wanted_start > now()', 'c.wanted_start, c.next_attempt_at'];
  return `(SELECT ${turn} AS turn, c.appointment_id FROM calendar_links c
    WHERE ${dueSql} AND least(c.faults, 1) = ${fault} AND ${when} ORDER BY ${order} LIMIT 1)`;
}

const nextDueSql = [
  firstDueSql(1, 0, 'begun'),
  firstDueSql(2, 0, 'to_come'),
  firstDueSql(3, 1, 'begun'),
  firstDueSql(4, 1, 'to_come'),
].join(' UNION ALL ');

/**
 * The next due row: those without a fault first, so that one in trouble delays no other; then those whose time has begun,
 * the longest due first; then the nearest appointment.
 */
export async function nextDueLink(db: Database, connectionId: string): Promise<LinkRow | undefined> {
  const [row] = await query<StoredLink>(db, {
    name: 'next-due-link',
    text: `SELECT ${linkColumns} FROM calendar_links WHERE connection_id = $1 AND appointment_id =
             (SELECT first.appointment_id FROM (${nextDueSql}) AS first ORDER BY first.turn LIMIT 1)`,
    values: [connectionId],
  });
  return row && toRow(row);
}

/** Counts a step of a waiting row as started and reads the row as it is now. */
export async function startLink(db: Database, key: LinkKey): Promise<LinkRow | undefined> {
  const [row] = await query<StoredLink>(db, {
    name: 'start-link',
    text: `UPDATE calendar_links SET started = started + 1
           WHERE connection_id = $1 AND appointment_id = $2 AND state = 'waiting' RETURNING ${linkColumns},
             (SELECT t.event_type_id FROM event_type_links t WHERE t.connection_id = calendar_links.connection_id
                AND t.appointment_type_id = calendar_links.appointment_type_id AND t.event_type_id <> ''
                AND t.wanted ->> 'archived' = 'false'
                AND t.wanted -> 'durations' @> to_jsonb(calendar_links.wanted_minutes)) AS place_on`,
    values: [key.connectionId, key.appointmentId],
  });
  return row && toRow(row);
}

/** Milliseconds until a waiting row is due; undefined when none waits. */
export async function msUntilNextDue(db: Database, connectionId: string): Promise<number | undefined> {
  const [row] = await query<{ ms: number | null }>(db, {
    name: 'next-link-due',
    text: `SELECT (extract(epoch FROM min(greatest(next_attempt_at, look_after)) - now()) * 1000)::float8 AS ms
           FROM calendar_links WHERE connection_id = $1 AND state = 'waiting'`,
    values: [connectionId],
  });
  return row?.ms ?? undefined;
}

/** Waiting rows of the same calendar that hold, or may hold, time in the given stretch. */
export async function findHolders(
  db: Database,
  key: LinkKey,
  span: { start: number; end: number },
): Promise<LinkRow[]> {
  const rows = await query<StoredLink>(db, {
    text: `SELECT ${linkColumns} FROM calendar_links
           WHERE connection_id = $1 AND appointment_id <> $2 AND state = 'waiting' AND (
             (standing_uid IS NOT NULL AND standing_start < $4
               AND standing_start + standing_minutes * interval '1 minute' > $3)
             OR (attempt_kind IN ('create', 'move') AND attempt_start < $4
               AND attempt_start + attempt_minutes * interval '1 minute' > $3))
           ORDER BY appointment_id LIMIT 20`,
    values: [key.connectionId, key.appointmentId, new Date(span.start), new Date(span.end)],
  });
  return rows.map(toRow);
}

/** Keeps the lease ours until the transaction ends. False when it is not ours any more. */
export async function holdLease(tx: Tx, connectionId: string, fence: LeaseFence): Promise<boolean> {
  const rows = await query(tx, {
    name: 'hold-lease',
    text: `SELECT 1 FROM connections WHERE id = $1 AND lease_owner = $2 AND lease_token = $3 AND lease_until > now()
           FOR SHARE`,
    values: [connectionId, fence.owner, fence.token],
  });
  return rows.length > 0;
}

const fenceSql = `EXISTS (SELECT 1 FROM connections WHERE id = $1 AND lease_owner = $3 AND lease_token = $4
  AND lease_until > now() FOR SHARE)`;

function fenceValues(key: LinkKey, fence: LeaseFence): unknown[] {
  return [key.connectionId, key.appointmentId, fence.owner, fence.token];
}

/** Writes the intent and what the look found in one update. False when the lease is no longer ours. */
export async function writeIntent(
  db: Database,
  key: LinkKey,
  fence: LeaseFence,
  change: {
    intent: Attempt;
    standing: Standing | undefined;
    uids: readonly string[];
    /** Milliseconds after which the call cannot take effect any more. */
    settledAfterMs: number;
  },
): Promise<boolean> {
  const { intent, standing } = change;
  const rows = await query(db, {
    name: 'write-link-intent',
    text: `UPDATE calendar_links SET attempt_kind = $5, attempt_uid = $6, attempt_version = $7, attempt_start = $8,
             attempt_minutes = $9, attempt_looks_left = $10, standing_uid = $11, standing_start = $12,
             standing_minutes = $13, uids = $14, look_after = now() + $15 * interval '1 millisecond'
           WHERE connection_id = $1 AND appointment_id = $2 AND ${fenceSql} RETURNING 1`,
    values: [
      ...fenceValues(key, fence),
      intent.kind,
      intent.uid,
      intent.version,
      new Date(intent.start),
      intent.minutes,
      intent.looksLeft,
      ...standingValues(standing),
      [...change.uids],
      change.settledAfterMs,
    ],
  });
  return rows.length > 0;
}

/** What a finished step writes. */
export type LinkResult = {
  standing: Standing | undefined;
  uids: readonly string[];
  state: LinkState;
  /** Only while waiting. */
  message: string;
  doneVersion: number | undefined;
  syncedAt: Date | undefined;
  eventVersion: number;
  /** How what does not stand any more is there, when more is known than that it was cancelled. */
  theirsStatus?: 'rejected' | 'absent' | undefined;
};

/** Records what stands now and clears the intent. False when the lease is no longer ours. */
export async function writeResult(tx: Tx, key: LinkKey, fence: LeaseFence, result: LinkResult): Promise<boolean> {
  const rows = await query(tx, {
    name: 'write-link-result',
    text: `UPDATE calendar_links SET attempt_kind = NULL, attempt_uid = NULL, attempt_version = NULL,
             attempt_start = NULL, attempt_minutes = NULL, attempt_looks_left = NULL, look_after = NULL,
             standing_uid = $5, standing_start = $6, standing_minutes = $7, uids = $8, state = $9,
             next_attempt_at = CASE WHEN $9 = 'waiting' THEN coalesce(next_attempt_at, now()) END,
             message = $10, done_version = coalesce($11, done_version), synced_at = coalesce($12, synced_at),
             event_version = $13, attempts = 0, faults = 0, refusal = NULL, finished = started,
             standing_no_show = standing_no_show AND standing_uid IS NOT DISTINCT FROM $5,
             theirs_status = CASE WHEN $5::text IS NOT NULL THEN
                 CASE WHEN standing_no_show AND standing_uid IS NOT DISTINCT FROM $5 THEN 'no_show' ELSE 'scheduled' END
               WHEN $14::text IS NOT NULL THEN $14 WHEN cardinality($8::text[]) > 0 THEN 'cancelled' ELSE 'absent' END,
             theirs_start = coalesce($6, theirs_start), theirs_duration = coalesce($7, theirs_duration),
             theirs_customer_name = CASE WHEN made_there THEN theirs_customer_name ELSE coalesce(attendee ->> 'name', '') END
           WHERE connection_id = $1 AND appointment_id = $2 AND ${fenceSql} RETURNING 1`,
    values: [
      ...fenceValues(key, fence),
      ...standingValues(result.standing),
      [...result.uids],
      result.state,
      result.message,
      result.doneVersion ?? null,
      result.syncedAt ?? null,
      result.eventVersion,
      result.theirsStatus ?? null,
    ],
  });
  return rows.length > 0;
}

/** How a step that did not succeed leaves its row. */
export type LinkSetback = {
  state: LinkState;
  /** Milliseconds from now; only while waiting. */
  dueInMs: number | undefined;
  message: string;
  refusal: string | undefined;
  attempts: number;
  faults: number;
  /** `clear`: the call did not happen. `keep`: it may have; look after so many milliseconds (undefined: as written before). */
  attempt: { kind: 'clear' } | { kind: 'keep'; lookInMs: number | undefined; looksLeft: number | undefined };
  eventVersion: number;
};

/** Records a setback. False when the lease is no longer ours. */
export async function writeSetback(tx: Tx, key: LinkKey, fence: LeaseFence, setback: LinkSetback): Promise<boolean> {
  const { attempt } = setback;
  const clear = attempt.kind === 'clear';
  const rows = await query(tx, {
    text: `UPDATE calendar_links SET state = $5, next_attempt_at = now() + $6 * interval '1 millisecond', message = $7,
             refusal = $8, attempts = $9, faults = $10, event_version = $11, finished = started,
             attempt_kind = CASE WHEN $12 THEN NULL ELSE attempt_kind END,
             attempt_uid = CASE WHEN $12 THEN NULL ELSE attempt_uid END,
             attempt_version = CASE WHEN $12 THEN NULL ELSE attempt_version END,
             attempt_start = CASE WHEN $12 THEN NULL ELSE attempt_start END,
             attempt_minutes = CASE WHEN $12 THEN NULL ELSE attempt_minutes END,
             attempt_looks_left = CASE WHEN $12 THEN NULL ELSE coalesce(least($13, attempt_looks_left), attempt_looks_left) END,
             look_after = CASE WHEN $12 THEN NULL WHEN $14::float8 IS NULL THEN look_after
               ELSE now() + $14::float8 * interval '1 millisecond' END
           WHERE connection_id = $1 AND appointment_id = $2 AND ${fenceSql} RETURNING 1`,
    values: [
      ...fenceValues(key, fence),
      setback.state,
      setback.dueInMs ?? null,
      setback.message,
      setback.refusal ?? null,
      setback.attempts,
      setback.faults,
      setback.eventVersion,
      clear,
      attempt.kind === 'keep' ? (attempt.looksLeft ?? null) : null,
      attempt.kind === 'keep' ? (attempt.lookInMs ?? null) : null,
    ],
  });
  return rows.length > 0;
}

/**
 * A booking of ours made room: rows that were refused for want of it are due again. One that somebody holds is passed over:
 * whatever is being done to a parked row makes it due anyway.
 */
export async function releaseRefused(
  tx: Tx,
  connectionId: string,
  span: { start: number; end: number },
): Promise<void> {
  await query(tx, {
    text: `UPDATE calendar_links SET state = 'waiting', next_attempt_at = now(), refusal = NULL, message = '', attempts = 0
           WHERE connection_id = $1 AND appointment_id IN (SELECT appointment_id FROM calendar_links
             WHERE connection_id = $1 AND refusal = 'not_available' AND state IN ('failed', 'different')
               AND wanted_start < $3 AND wanted_start + wanted_minutes * interval '1 minute' > $2
             FOR UPDATE SKIP LOCKED)`,
    values: [connectionId, new Date(span.start), new Date(span.end)],
  });
}

/** Every waiting row that nobody holds is due now: the connection healed. A look that must wait still waits. */
export async function makeAllDue(db: Database, connectionId: string): Promise<void> {
  await query(db, {
    text: `UPDATE calendar_links SET next_attempt_at = now(), faults = 0
           WHERE connection_id = $1 AND appointment_id IN (SELECT appointment_id FROM calendar_links
             WHERE connection_id = $1 AND state = 'waiting' AND next_attempt_at > now() AND faults > 0
             FOR UPDATE SKIP LOCKED)`,
    values: [connectionId],
  });
}

/** Another account or another server: nothing of what we recorded stands there. */
export async function forgetStanding(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE calendar_links SET attempt_kind = NULL, attempt_uid = NULL, attempt_version = NULL, attempt_start = NULL,
             attempt_minutes = NULL, attempt_looks_left = NULL, look_after = NULL, standing_uid = NULL,
             standing_start = NULL, standing_minutes = NULL, uids = '{}', standing_no_show = false, made_there = false,
             theirs_status = '', theirs_start = NULL, theirs_duration = NULL, theirs_customer_name = '', state = 'waiting', next_attempt_at = now(),
             refusal = NULL, message = '', attempts = 0, faults = 0
           WHERE connection_id = $1`,
    values: [connectionId],
  });
  await query(tx, {
    text: 'DELETE FROM calendar_links WHERE connection_id = $1 AND wanted_version = 0',
    values: [connectionId],
  });
  await query(tx, { text: 'DELETE FROM inbound_intents WHERE connection_id = $1', values: [connectionId] });
  await query(tx, {
    text: 'UPDATE connections SET inbound_from = NULL, inbound_watermark = NULL WHERE id = $1',
    values: [connectionId],
  });
}

function standingValues(standing: Standing | undefined): unknown[] {
  return standing ? [standing.uid, new Date(standing.start), standing.minutes] : [null, null, null];
}
