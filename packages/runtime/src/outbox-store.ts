import type pg from 'pg';
import type { BatchOutcome, PendingRow } from './outbox-publisher.ts';

/** Which stream the published rows went to, and how far: it tells a re-made or shortened stream from the one we filled. */
export type StreamRecord = { created: string; lastSequence: number };

/** Rows not acknowledged yet, oldest first, leaving out aggregates the broker refuses for now. */
export async function readPending(
  client: pg.Client,
  limit: number,
  skippedAggregates: readonly string[],
): Promise<PendingRow[]> {
  const { rows } = await client.query<PendingRow & { seq: string | number }>({
    name: 'relay-pending',
    text: `SELECT seq, event_id, subject, aggregate_id, payload, headers FROM outbox
           WHERE published_at IS NULL AND aggregate_id <> ALL ($2::uuid[]) ORDER BY seq LIMIT $1`,
    values: [limit, skippedAggregates],
  });
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Marks acknowledged rows and notes where in which stream they lie. */
export async function markPublished(
  client: pg.Client,
  acknowledged: BatchOutcome['acknowledged'],
  streamCreated: string,
): Promise<void> {
  await client.query({
    name: 'relay-mark',
    text: `UPDATE outbox SET published_at = now(),
             headers = headers || jsonb_build_object('streamCreated', $3::text, 'streamSequence', done.stream_sequence)
           FROM unnest($1::bigint[], $2::bigint[]) AS done (seq, stream_sequence) WHERE outbox.seq = done.seq`,
    values: [acknowledged.map((row) => row.seq), acknowledged.map((row) => row.streamSequence), streamCreated],
  });
}

/** What the newest published rows say about their stream; several, since rows are acknowledged out of order. */
export async function readStreamRecord(client: pg.Client): Promise<StreamRecord | undefined> {
  const { rows } = await client.query<{ created: string | null; last: string | null }>(
    `SELECT (array_agg(headers->>'streamCreated' ORDER BY seq DESC))[1] AS created,
            max((headers->>'streamSequence')::bigint) AS last
     FROM (SELECT seq, headers FROM outbox WHERE published_at IS NOT NULL ORDER BY seq DESC LIMIT 200) AS newest`,
  );
  const [row] = rows;
  return row?.created != null && row.last != null
    ? { created: row.created, lastSequence: Number(row.last) }
    : undefined;
}

const unmarkAtOnce = 5000;
const deleteAtOnce = 1000;

/**
 * Makes every kept row unpublished again; returns how many. In parts, so that no statement takes long: the oldest first,
 * since the newest are what tells the next leader, should this one end in the middle, that it is to be done.
 */
export async function unmarkAll(client: pg.Client): Promise<number> {
  let unmarked = 0;
  for (let after = '0'; ;) {
    const { rows } = await client.query<{ seq: string | null; count: string }>(
      `WITH part AS (
         UPDATE outbox SET published_at = NULL WHERE seq IN (
           SELECT seq FROM outbox WHERE published_at IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2)
         RETURNING seq)
       SELECT max(seq)::text AS seq, count(*)::text AS count FROM part`,
      [after, unmarkAtOnce],
    );
    const [part] = rows;
    if (part?.seq == null) return unmarked;
    unmarked += Number(part.count);
    after = part.seq;
  }
}

/** Deletes published rows older than so many days; walks the primary key from its old end, so it needs no further index. */
export async function deleteExpired(client: pg.Client, retentionDays: number): Promise<void> {
  let deleted: number;
  do {
    const { rowCount } = await client.query(
      `DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT $2)
         AND published_at < now() - make_interval(days => $1)`,
      [retentionDays, deleteAtOnce],
    );
    deleted = rowCount ?? 0;
  } while (deleted === deleteAtOnce);
}
