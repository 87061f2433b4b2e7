import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Umzug } from 'umzug';
import type { Secret } from './config.ts';
import type { Logger } from './logger.ts';
import { query, revealUrl } from './postgres.ts';
import type { Database } from './postgres.ts';

/** What migrate() needs; `directory` holds numbered `.sql` files, applied in name order, forward only. */
export type MigrateOptions = { url: string | Secret; directory: string; logger: Logger };

/** Any fixed number: it keeps two migration runs on one database apart. */
const lockKey = 7_263_018_401;

const tableSql = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** In order. @throws Error when two have one number: which of them comes first would be a matter of their names. */
async function listMigrationFiles(directory: string): Promise<string[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const numberOf = (file: string): number => Number.parseInt(file, 10);
  const second = files.find((file, index) => index > 0 && numberOf(file) === numberOf(files[index - 1]!));
  if (second !== undefined) throw new Error(`Give migration ${second} a number of its own.`);
  return files;
}

/**
 * How long a migration waits for a table that is in use. Whoever comes after it queues behind it, so it must be short; and
 * shorter than PostgreSQL's deadlock_timeout (1 s), so that in a deadlock the migration gives way and never a booking.
 */
const lockTimeoutMs = 500;
/** … and how often it then comes back: for about two minutes of pauses. */
const lockTries = 200;
const pauseMs = { shortest: 200, spread: 800 };
/** lock_not_available, deadlock_detected. */
const inUse = new Set<unknown>(['55P03', '40P01']);

/** Tables of a running system are busy: a file that does not get its locks leaves nothing behind and is tried again. */
async function applyFile(client: pg.Client, directory: string, name: string): Promise<void> {
  const text = await readFile(join(directory, name), 'utf8');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyOnce(client, name, text);
    } catch (error) {
      if (!inUse.has((error as { code?: unknown }).code) || attempt >= lockTries) throw error;
      await delay(pauseMs.shortest + Math.random() * pauseMs.spread);
    }
  }
}

/** A file and the note that it ran share one transaction, so a half-applied file cannot exist. */
async function applyOnce(client: pg.Client, name: string, text: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    await client.query(text);
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function createRunner(client: pg.Client, directory: string): Promise<Umzug<pg.Client>> {
  const files = await listMigrationFiles(directory);
  return new Umzug({
    context: client,
    logger: undefined,
    migrations: files.map((name) => ({ name, up: () => applyFile(client, directory, name) })),
    storage: {
      executed: async () => {
        const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name');
        return rows.map((row) => row.name);
      },
      // applyFile writes the note itself, inside the file's transaction.
      logMigration: () => Promise.resolve(),
      unlogMigration: () => Promise.reject(new Error('migrations go forward only')),
    },
  });
}

/**
 * Applies every migration not applied yet, each in its own transaction, under an advisory lock so that two runs never
 * mix.
 * @returns the names applied now, in order
 * @throws pg's error of the first file that fails; files before it stay applied
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: revealUrl(options.url), application_name: 'daybook-migrate' });
  client.on('error', (error) => options.logger.error({ err: error }, 'migration connection lost'));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await client.query(tableSql);
    const applied = await (await createRunner(client, options.directory)).up();
    for (const { name } of applied) options.logger.info({ migration: name }, 'migration applied');
    return applied.map(({ name }) => name);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether every migration this build brings is applied; for readiness. False when the table is not there yet. */
export async function migrationsApplied(database: Database, directory: string): Promise<boolean> {
  const [table] = await query<{ present: boolean }>(database, {
    text: `SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  });
  if (!table?.present) return false;
  const rows = await query<{ name: string }>(database, { text: 'SELECT name FROM schema_migrations' });
  const applied = new Set(rows.map((row) => row.name));
  return (await listMigrationFiles(directory)).every((name) => applied.has(name));
}
