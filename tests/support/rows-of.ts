import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Rows of one of the practice's databases, over a connection of their own. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    // A connection that went silent does not say goodbye either.
    await Promise.race([client.end().catch(() => undefined), delay(2000, undefined, { ref: false })]);
  }
}
