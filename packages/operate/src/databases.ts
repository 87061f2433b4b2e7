import { join } from 'node:path';
import pg from 'pg';

/** The services that keep data, in the order in which their snapshots are taken. */
export const databaseNames = ['calcom_sync', 'auth', 'scheduling'] as const;

/** One of them; also the name of its part in a backup. */
export type DatabaseName = (typeof databaseNames)[number];

/** How to reach each database. */
export type DatabaseUrls = Readonly<Record<DatabaseName, string>>;

const folders: Readonly<Record<DatabaseName, string>> = {
  calcom_sync: 'calcom-sync',
  auth: 'auth',
  scheduling: 'scheduling',
};

/** The folder with the migrations of a database. */
export function migrationsOf(name: DatabaseName): string {
  return join(import.meta.dirname, '..', '..', '..', 'services', folders[name], 'migrations');
}

/** A record with one value for each database. */
export function forEachDatabase<T>(make: (name: DatabaseName) => T): Record<DatabaseName, T> {
  return Object.fromEntries(databaseNames.map((name) => [name, make(name)])) as Record<DatabaseName, T>;
}

/**
 * Opens one connection without a time limit on statements, since reading or writing a large table takes its time. Text
 * forms are fixed, so that the same rows always read the same. @throws pg's error when nobody answers within ten seconds
 */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'daybook-operate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: '-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC -c extra_float_digits=1 -c bytea_output=hex',
  });
  // An error of an idle connection shows at the next query; unheard it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // A large table would else be read from wherever another reader is, and its rows come in another order.
    await client.query('SET synchronize_seqscans = off');
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Runs work on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await openClient(url);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The rows of a query, typed by the caller. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return (await client.query<Row>(text, [...values])).rows;
}
