import { createHash } from 'node:crypto';
import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { LinkKey } from './link-repository.ts';
import { linkColumns, toRow, type LinkRow, type StoredLink } from './link-row.ts';

/** How far the changes made there were read; epoch milliseconds. */
export type InboundProgress = {
  organizationId: string;
  /** Bookings that begin before it are not taken in; undefined before the account was first compared. */
  from: number | undefined;
  /** The latest change read, by the clock there; undefined: both sides are to be compared whole first. */
  watermark: number | undefined;
};

/** Where reading stands. */
export async function readProgress(db: Database, connectionId: string): Promise<InboundProgress | undefined> {
  const [row] = await query<{
    organization_id: string;
    inbound_from: Date | null;
    inbound_watermark: Date | null;
  }>(db, {
    name: 'read-inbound-progress',
    text: 'SELECT organization_id, inbound_from, inbound_watermark FROM connections WHERE id = $1',
    values: [connectionId],
  });
  return (
    row && {
      organizationId: row.organization_id,
      from: row.inbound_from?.getTime(),
      watermark: row.inbound_watermark?.getTime(),
    }
  );
}

/** Takes bookings in from now on, set once per account; returns since when, epoch milliseconds. Undefined: it vanished. */
export async function beginInbound(db: Database, connectionId: string): Promise<number | undefined> {
  const [row] = await query<{ inbound_from: Date }>(db, {
    text: 'UPDATE connections SET inbound_from = coalesce(inbound_from, now()) WHERE id = $1 RETURNING inbound_from',
    values: [connectionId],
  });
  return row?.inbound_from.getTime();
}

/** Notes that the changes up to an instant of the clock there were read; it never goes back. */
export async function advanceWatermark(db: Database, connectionId: string, watermark: number): Promise<void> {
  await query(db, {
    name: 'advance-inbound-watermark',
    text: `UPDATE connections SET inbound_watermark = greatest(inbound_watermark, $2), last_poll_at = now()
           WHERE id = $1`,
    values: [connectionId, new Date(watermark)],
  });
}

/** The rows that bookings belong to, by the id they carry or by a uid they had. */
export async function findLinksOf(
  db: Database,
  connectionId: string,
  ids: readonly string[],
  uids: readonly string[],
): Promise<LinkRow[]> {
  const rows = await query<StoredLink>(db, {
    name: 'find-links-of-bookings',
    text: `SELECT ${linkColumns} FROM calendar_links WHERE connection_id = $1
             AND (appointment_id::text = ANY ($2::text[]) OR uids && $3::text[])`,
    values: [connectionId, ids, uids],
  });
  return rows.map(toRow);
}

/** A booking that scheduling is being asked to take in. */
export type Intent = { uid: string; changeKey: string };

/** Writes the intent before the call; what an earlier, unfinished call wrote is kept. */
export async function beginIntent(
  db: Database,
  connectionId: string,
  intent: Intent & { start: number },
): Promise<Intent> {
  const [row] = await query<{ change_key: string }>(db, {
    text: `INSERT INTO inbound_intents (connection_id, uid, change_key, start) VALUES ($1, $2, $3, $4)
           ON CONFLICT (connection_id, uid) DO UPDATE SET start = inbound_intents.start RETURNING change_key`,
    values: [connectionId, intent.uid, intent.changeKey, new Date(intent.start)],
  });
  return { uid: intent.uid, changeKey: row?.change_key ?? intent.changeKey };
}

/** The intent is answered. */
export async function endIntent(on: Database | Tx, connectionId: string, uid: string): Promise<void> {
  await query(on, {
    text: 'DELETE FROM inbound_intents WHERE connection_id = $1 AND uid = $2',
    values: [connectionId, uid],
  });
}

/** Intents without an answer, oldest first. */
export async function listIntents(db: Database, connectionId: string): Promise<Intent[]> {
  const rows = await query<{ uid: string; change_key: string }>(db, {
    name: 'list-inbound-intents',
    text: 'SELECT uid, change_key FROM inbound_intents WHERE connection_id = $1 ORDER BY begun_at LIMIT 100',
    values: [connectionId],
  });
  return rows.map((row) => ({ uid: row.uid, changeKey: row.change_key }));
}

/** The id of the row that stands for a booking made there that is no appointment: the same for the same booking. */
export function placeholderId(connectionId: string, chainId: string): string {
  const hex = createHash('sha256').update(`${connectionId}:${chainId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A booking made there that is no appointment of ours, as a line of the ledger. */
export type Placeholder = {
  organizationId: string;
  /** The same for a booking and all it is moved to: what the line is known by. */
  chainId: string;
  uid: string;
  start: number;
  minutes: number;
  customerName: string;
  theirsStatus: 'scheduled' | 'pending' | 'cancelled' | 'rejected';
  state: 'waiting' | 'failed' | 'different';
  message: string;
  /** Only while waiting: after how long it is looked at again. */
  dueInMs: number | undefined;
};

/** Writes or replaces such a line. */
export async function putPlaceholder(on: Database | Tx, connectionId: string, line: Placeholder): Promise<void> {
  await query(on, {
    text: `INSERT INTO calendar_links (connection_id, appointment_id, organization_id, provider_id, wanted_version,
             wanted_presence, wanted_start, wanted_minutes, attendee, changed_at, uids, state, message, next_attempt_at,
             ours_status, made_there, theirs_status, theirs_start, theirs_duration, theirs_customer_name)
           VALUES ($1, $2, $3, $2, 0, 'as_is', $4, $5, '{"customerId":"","name":"","email":"","timeZone":""}', now(),
             ARRAY[$6::text], $7, $8, now() + $9::float8 * interval '1 millisecond', 'absent', true, $10, $4, $5, $11)
           ON CONFLICT (connection_id, appointment_id) DO UPDATE SET wanted_start = excluded.wanted_start,
             wanted_minutes = excluded.wanted_minutes, uids = excluded.uids, state = excluded.state, message = excluded.message,
             next_attempt_at = excluded.next_attempt_at, theirs_status = excluded.theirs_status,
             theirs_start = excluded.theirs_start, theirs_duration = excluded.theirs_duration`,
    values: [
      connectionId,
      placeholderId(connectionId, line.chainId),
      line.organizationId,
      new Date(line.start),
      line.minutes,
      line.uid,
      line.state,
      line.message,
      line.dueInMs ?? null,
      line.theirsStatus,
      line.customerName,
    ],
  });
}

/** Looks at a waiting line again only after so long, ms. */
export async function postponeLine(db: Database, key: LinkKey, ms: number): Promise<void> {
  await query(db, {
    text: `UPDATE calendar_links SET next_attempt_at = now() + $3 * interval '1 millisecond'
           WHERE connection_id = $1 AND appointment_id = $2 AND wanted_version = 0 AND state = 'waiting'`,
    values: [key.connectionId, key.appointmentId, ms],
  });
}

/** Removes the line of a booking, if there is one; `waitingOnly`: one that was decided on stays to be read. */
export async function removePlaceholder(
  on: Database | Tx,
  connectionId: string,
  chainId: string,
  waitingOnly = false,
): Promise<void> {
  await query(on, {
    text: `DELETE FROM calendar_links WHERE connection_id = $1 AND appointment_id = $2 AND wanted_version = 0
             AND (NOT $3 OR state = 'waiting')`,
    values: [connectionId, placeholderId(connectionId, chainId), waitingOnly],
  });
}

/** Removes lines of bookings that were never taken in and are over since an instant, epoch milliseconds. */
export async function removePastLines(db: Database, connectionId: string, before: number): Promise<void> {
  await query(db, {
    text: 'DELETE FROM calendar_links WHERE connection_id = $1 AND wanted_version = 0 AND wanted_start < $2',
    values: [connectionId, new Date(before)],
  });
}

/** Removes an appointment's row: scheduling does not know it, as after a restored backup. */
export async function removeLink(tx: Tx, key: LinkKey): Promise<void> {
  await query(tx, {
    text: 'DELETE FROM calendar_links WHERE connection_id = $1 AND appointment_id = $2',
    values: [key.connectionId, key.appointmentId],
  });
}

/** Notes on a row how it stands there, without touching what is wanted or waits. */
export async function noteTheirs(
  on: Database | Tx,
  key: LinkKey,
  theirs: { status: string; start: number; minutes: number; noShow?: boolean },
): Promise<void> {
  await query(on, {
    text: `UPDATE calendar_links SET theirs_status = $3, theirs_start = $4, theirs_duration = $5,
             standing_no_show = coalesce($6, standing_no_show)
           WHERE connection_id = $1 AND appointment_id = $2`,
    values: [
      key.connectionId,
      key.appointmentId,
      theirs.status,
      new Date(theirs.start),
      theirs.minutes,
      theirs.noShow ?? null,
    ],
  });
}

/** Marks a row as taken in from there: by whose name, and the line that says who else comes. */
export async function markMadeThere(
  tx: Tx,
  key: LinkKey,
  { customerName, people }: { customerName: string; people: string },
): Promise<void> {
  await query(tx, {
    text: `UPDATE calendar_links SET made_there = true, theirs_customer_name = $3, people = $4
           WHERE connection_id = $1 AND appointment_id = $2`,
    values: [key.connectionId, key.appointmentId, customerName, people],
  });
}

/** Keeps the line that was told of who else comes. */
export async function notePeople(db: Database, key: LinkKey, people: string): Promise<void> {
  await query(db, {
    text: 'UPDATE calendar_links SET people = $3 WHERE connection_id = $1 AND appointment_id = $2',
    values: [key.connectionId, key.appointmentId, people],
  });
}
