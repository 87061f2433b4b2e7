import { query, type Database } from '@daybook/runtime/postgres';

/** How quickly changes were in step in the last hour; milliseconds. */
export type Latency = { p50: number; p95: number; count: number; withinPromise: number };

/** Milliseconds within which a change is promised to be in step. */
const PROMISE_MS = 5000;

/** The latencies of the last hour by connection, of an organisation; connections that sent nothing are absent. */
export async function readLatencies(db: Database, organizationId: string): Promise<Map<string, Latency>> {
  const rows = await query<{ id: string; p50: number; p95: number; count: number; within: number }>(db, {
    name: 'read-latencies',
    text: `SELECT c.id, percentile_disc(0.5) WITHIN GROUP (ORDER BY l.milliseconds) AS p50,
             percentile_disc(0.95) WITHIN GROUP (ORDER BY l.milliseconds) AS p95, count(*)::integer AS count,
             (count(*) FILTER (WHERE l.milliseconds <= $2))::integer AS within
           FROM connections c JOIN push_latencies l ON l.connection_id = c.id AND l.at > now() - interval '1 hour'
           WHERE c.organization_id = $1 GROUP BY c.id`,
    values: [organizationId, PROMISE_MS],
  });
  return new Map(rows.map(({ id, p50, p95, count, within }) => [id, { p50, p95, count, withinPromise: within }]));
}

/** Removes what is older than a day, ten thousand at a time. */
export async function removeOldLatencies(db: Database): Promise<void> {
  await query(db, {
    text: `DELETE FROM push_latencies WHERE id IN (
             SELECT id FROM push_latencies WHERE at < now() - interval '1 day' ORDER BY id LIMIT 10000)`,
  });
}
