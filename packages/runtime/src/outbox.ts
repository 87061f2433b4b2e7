import { setTimeout as delay } from 'node:timers/promises';
import { query } from './postgres.ts';
import type { Database, Tx } from './postgres.ts';
import { currentTraceparent } from './trace-context.ts';

/** A fact about to leave the service; `payload` is the encoded event, `eventId` its id everywhere. */
export type OutboxRow = {
  eventId: string;
  subject: string;
  aggregateId: string;
  aggregateVersion: number;
  payload: Uint8Array;
  occurredAt: Date;
};

/**
 * The transaction id is taken before the sequence number, in `me`: listChangesSince relies on that order. A service that
 * inserts into outbox by its own statement must have written something earlier in the transaction, or do the same.
 */
const appendSql = `WITH me AS MATERIALIZED (SELECT pg_current_xact_id() AS xid),
appended AS (
  INSERT INTO outbox (event_id, subject, aggregate_id, aggregate_version, payload, headers, occurred_at, xid)
  SELECT event_id, subject, aggregate_id, aggregate_version, payload, $7::jsonb, occurred_at, me.xid
  FROM me, unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[], $5::bytea[], $6::timestamptz[])
    WITH ORDINALITY AS row (event_id, subject, aggregate_id, aggregate_version, payload, occurred_at, position)
  ORDER BY position
  RETURNING seq
)
SELECT count(*), pg_notify('outbox', '') FROM appended`;

/** Writes facts into the transaction that made them true, in order, with the current trace; wakes the relay on commit. */
export async function appendToOutbox(tx: Tx, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const traceparent = currentTraceparent();
  await query(tx, {
    name: 'outbox-append',
    text: appendSql,
    values: [
      rows.map((row) => row.eventId),
      rows.map((row) => row.subject),
      rows.map((row) => row.aggregateId),
      rows.map((row) => row.aggregateVersion),
      rows.map((row) => Buffer.from(row.payload)),
      rows.map((row) => row.occurredAt),
      JSON.stringify(traceparent === undefined ? {} : { traceparent }),
    ],
  });
}

/** One page of the outbox; `safeSequence` is what to ask from next. */
export type ChangePage = { changes: { sequence: number; event: Uint8Array }[]; safeSequence: number };

/** How long a call waits for transactions that were open when it began, in milliseconds. */
const settleDeadlineMs = 1000;

type Frontier = { sequence: number; xid: string };

/** The last frontier each process knows to be complete, for calls that meet a long transaction. */
const settledFrontiers = new WeakMap<Database, { pending?: Frontier; settled: number }>();

/**
 * The newest visible sequence number, and a transaction id newer than any that can hold a lower number. The snapshot is
 * older than the id, and writers take their id before their number.
 */
async function readFrontier(database: Database): Promise<Frontier | undefined> {
  const [row] = await query<{ sequence: number | null; xid: string }>(database, {
    name: 'outbox-frontier',
    text: 'SELECT (SELECT max(seq) FROM outbox) AS sequence, pg_current_xact_id()::text AS xid',
  });
  return row && row.sequence !== null ? { sequence: row.sequence, xid: row.xid } : undefined;
}

async function isSettled(database: Database, frontier: Frontier): Promise<boolean> {
  const [row] = await query<{ settled: boolean }>(database, {
    name: 'outbox-settled',
    text: 'SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 AS settled',
    values: [frontier.xid],
  });
  return row?.settled ?? false;
}

async function waitUntilSettled(database: Database, frontier: Frontier): Promise<boolean> {
  const deadline = performance.now() + settleDeadlineMs;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    if (await isSettled(database, frontier)) return true;
    if (performance.now() + waitMs > deadline) return false;
    await delay(waitMs);
  }
}

/** The number up to which no row can still appear; falls back to what an earlier call learned. */
async function findSafeSequence(database: Database, frontier: Frontier): Promise<number> {
  const known = settledFrontiers.get(database) ?? { settled: 0 };
  settledFrontiers.set(database, known);
  if (known.pending && (await isSettled(database, known.pending))) {
    known.settled = Math.max(known.settled, known.pending.sequence);
    delete known.pending;
  }
  if (await waitUntilSettled(database, frontier)) known.settled = Math.max(known.settled, frontier.sequence);
  else known.pending ??= frontier;
  return Math.min(known.settled, frontier.sequence);
}

/**
 * Events after a sequence number, oldest first: the backstop for consumers, since the broker may forget. Sequence order
 * is not commit order, so the page ends before any number that an open transaction may still fill; while a long
 * transaction is open the page may be short or empty. `safeSequence` is where to go on; after a restore from backup it
 * falls back to the newest row there is.
 */
export async function listChangesSince(database: Database, afterSequence: number, limit: number): Promise<ChangePage> {
  const frontier = await readFrontier(database);
  if (!frontier) return { changes: [], safeSequence: afterSequence };
  if (frontier.sequence < afterSequence) return { changes: [], safeSequence: frontier.sequence };
  const safe = await findSafeSequence(database, frontier);
  if (safe <= afterSequence) return { changes: [], safeSequence: afterSequence };
  const rows = await query<{ sequence: number; event: Buffer }>(database, {
    name: 'outbox-changes',
    text: `SELECT seq AS sequence, payload AS event FROM outbox WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
    values: [afterSequence, safe, limit],
  });
  const full = rows.length === limit;
  return { changes: rows, safeSequence: full ? (rows.at(-1)?.sequence ?? safe) : safe };
}
