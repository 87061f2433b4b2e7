import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import pg from 'pg';
import type { Logger } from '@daybook/runtime/logger';
import { migrate } from '@daybook/runtime/migrations';
import { readArchive } from './archive.ts';
import { copyIn } from './copy.ts';
import { databaseNames, forEachDatabase, migrationsOf, openClient, rowsOf, withClient } from './databases.ts';
import type { DatabaseName, DatabaseUrls } from './databases.ts';
import { checkInvariants, describeFaults, type Clients } from './invariants.ts';
import { entryName, manifestName, parseManifest } from './manifest.ts';
import type { DatabaseManifest, Manifest } from './manifest.ts';
import { copyText, spoolTable } from './take-backup.ts';

/** A restore that was not done, or a backup that is not sound; the message is for the operator. */
export class RestoreError extends Error {}

/** Where a backup goes. */
export type RestoreTarget = {
  file: string;
  key: Buffer | undefined;
  /** Roles that own the schema. */
  urls: DatabaseUrls;
  logger: Logger;
};

/**
 * Reads an archive from end to end and compares every table with the manifest, touching no database.
 * @throws ArchiveError or RestoreError that says what is wrong with it
 */
export async function verifyArchive(file: string, key: Buffer | undefined): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const hashes = new Map<string, string>();
  for await (const { name, content } of readArchive(file, key)) {
    if (!manifest) {
      if (name !== manifestName) throw new RestoreError(`${file} is no backup of Daybook`);
      manifest = parseManifest(await readText(content));
      continue;
    }
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    hashes.set(name, hash.digest('hex'));
  }
  if (!manifest) throw new RestoreError(`${file} is no backup of Daybook`);
  for (const name of databaseNames) {
    for (const table of manifest.databases[name].tables) {
      if (hashes.get(entryName(name, table.name)) !== table.sha256) {
        throw new RestoreError(`${file} is damaged: ${entryName(name, table.name)} is not what was backed up`);
      }
    }
  }
  return manifest;
}

/** Brings an empty database to the schema of the backup, by the very migrations it had. */
async function migrateTo(url: string, name: DatabaseName, wanted: DatabaseManifest, logger: Logger): Promise<void> {
  const known = new Set(await readdir(migrationsOf(name)));
  const unknown = wanted.migrations.filter((migration) => !known.has(migration));
  if (unknown.length > 0) {
    throw new RestoreError(
      `the backup is of a newer Daybook: ${name} has ${unknown.join(', ')}, which are not known here`,
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'daybook-migrations-'));
  try {
    for (const migration of wanted.migrations) {
      await copyFile(join(migrationsOf(name), migration), join(directory, migration));
    }
    await withClient(url, async (client) => {
      for (const extension of wanted.extensions) {
        await client.query(`CREATE EXTENSION IF NOT EXISTS ${pg.escapeIdentifier(extension)}`);
      }
    });
    await migrate({ url, directory, logger });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type ForeignKey = { table: string; name: string; definition: string };

/** Foreign keys are set aside while rows arrive in any order; making them again checks every row. */
async function dropForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const keys = await rowsOf<ForeignKey>(
    client,
    `SELECT c.relname AS table, k.conname AS name, pg_get_constraintdef(k.oid) AS definition
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace ORDER BY k.conname`,
  );
  for (const key of keys) {
    await client.query(`ALTER TABLE public.${quote(key.table)} DROP CONSTRAINT ${quote(key.name)}`);
  }
  return keys;
}

const quote = (name: string): string => pg.escapeIdentifier(name);

async function emptyTables(client: pg.Client, { tables }: DatabaseManifest): Promise<void> {
  // Migrations may have put rows in; the backup has them all.
  if (tables.length > 0) await client.query(`TRUNCATE ${tables.map(({ name }) => `public.${quote(name)}`).join(', ')}`);
}

async function finishDatabase(client: pg.Client, content: DatabaseManifest, keys: ForeignKey[]): Promise<void> {
  for (const key of keys) {
    await client.query(`ALTER TABLE public.${quote(key.table)} ADD CONSTRAINT ${quote(key.name)} ${key.definition}`);
  }
  for (const { name, value, called } of content.sequences) {
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [`public.${quote(name)}`, value, called]);
  }
}

/** Reads every table back and compares it byte by byte with what was backed up. */
async function compareTables(client: pg.Client, name: DatabaseName, { tables }: DatabaseManifest): Promise<void> {
  for (const table of tables) {
    const restored = await spoolTable(client, table);
    if (restored.rows !== table.rows || restored.sha256 !== table.sha256) {
      throw new RestoreError(
        `${name}.${table.name} did not come back as it was: ${restored.rows} of ${table.rows} rows`,
      );
    }
  }
}

async function loadTables(target: RestoreTarget, clients: Clients, manifest: Manifest): Promise<void> {
  const tables = new Map(
    databaseNames.flatMap((name) =>
      manifest.databases[name].tables.map((table) => [entryName(name, table.name), { name, table }] as const),
    ),
  );
  for await (const { name, content } of readArchive(target.file, target.key)) {
    const found = tables.get(name);
    if (found) await copyIn(clients[found.name], copyText(found.table, 'FROM STDIN'), content);
  }
}

/**
 * Loads an archive into three empty databases, in one transaction each, and compares every table and rule before anything
 * is committed. The schema is left at the level of the backup.
 * @throws RestoreError or ArchiveError in words; the databases are then empty or have an empty schema
 */
export async function loadBackup(target: RestoreTarget): Promise<Manifest> {
  const manifest = await verifyArchive(target.file, target.key);
  for (const name of databaseNames) {
    await migrateTo(target.urls[name], name, manifest.databases[name], target.logger);
  }
  const opened: pg.Client[] = [];
  try {
    for (const name of databaseNames) opened.push(await openClient(target.urls[name]));
    const clients = forEachDatabase((name) => opened[databaseNames.indexOf(name)] as pg.Client);
    const keys: Partial<Record<DatabaseName, ForeignKey[]>> = {};
    for (const name of databaseNames) {
      await clients[name].query('BEGIN');
      keys[name] = await dropForeignKeys(clients[name]);
      await emptyTables(clients[name], manifest.databases[name]);
    }
    await loadTables(target, clients, manifest);
    for (const name of databaseNames) {
      await finishDatabase(clients[name], manifest.databases[name], keys[name] ?? []);
      await compareTables(clients[name], name, manifest.databases[name]);
    }
    const faults = describeFaults(await checkInvariants(clients));
    if (faults.length > 0) throw new RestoreError(`the backup is whole but not sound: ${faults.join('; ')}`);
    for (const name of databaseNames) await clients[name].query('COMMIT');
    return manifest;
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => undefined)));
  }
}

/** Whoever is connected besides us: restoring under a running service would mix two truths. */
async function assertNobodyElse(client: pg.Client, name: DatabaseName): Promise<void> {
  const [row] = await rowsOf<{ count: string }>(
    client,
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
       AND pid <> pg_backend_pid()`,
  );
  if (Number(row?.count ?? 0) === 0) return;
  throw new RestoreError(`${row?.count} connection(s) to ${name} are open: stop every service of Daybook first`);
}

async function hasRows(client: pg.Client): Promise<boolean> {
  const [table] = await rowsOf(
    client,
    `SELECT to_regclass('public.organizations') AS found WHERE to_regclass('public.organizations') IS NOT NULL`,
  );
  if (!table) return false;
  return (await rowsOf(client, 'SELECT 1 FROM organizations LIMIT 1')).length > 0;
}

/** Takes everything of ours out of a schema and leaves extensions, roles and privileges as they are. */
async function clearSchema(client: pg.Client): Promise<void> {
  const owned = `relnamespace = 'public'::regnamespace AND NOT EXISTS
    (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;
  const tables = await rowsOf<{ name: string }>(
    client,
    `SELECT relname AS name FROM pg_class c WHERE relkind IN ('r', 'p') AND ${owned}`,
  );
  for (const { name } of tables) await client.query(`DROP TABLE IF EXISTS public.${quote(name)} CASCADE`);
  const routines = await rowsOf<{ signature: string }>(
    client,
    `SELECT p.oid::regprocedure::text AS signature FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
  );
  for (const { signature } of routines) await client.query(`DROP ROUTINE IF EXISTS ${signature} CASCADE`);
}

/**
 * What must not come back from the past: sessions that were ended since would live again, and signing keys can only be
 * opened with the key they were sealed with. Everybody signs in anew; auth makes new keys by itself. A lease in the ledger
 * belongs to a process that is gone.
 */
async function forgetPast(urls: DatabaseUrls): Promise<void> {
  await withClient(urls.auth, (client) =>
    client.query('TRUNCATE sessions, spent_refresh_tokens, signing_keys, throttle_counters'),
  );
  await withClient(urls.calcom_sync, (client) =>
    client.query('UPDATE connections SET lease_owner = NULL, lease_until = NULL, probe_requested = true'),
  );
}

/**
 * Puts a practice back as it was when the backup was taken, and brings its schema up to this version. Every service must
 * be stopped. What changed after the backup is gone here; compare with the outside calendar afterwards (a sweep).
 * @param target.replace throws away what is in the databases now; without it only empty ones are filled
 * @throws RestoreError or ArchiveError in words for the operator
 */
export async function restoreBackup(target: RestoreTarget & { replace: boolean }): Promise<Manifest> {
  await verifyArchive(target.file, target.key);
  for (const name of databaseNames) {
    await withClient(target.urls[name], async (client) => {
      await assertNobodyElse(client, name);
      if (name !== 'calcom_sync' && !target.replace && (await hasRows(client))) {
        throw new RestoreError(`${name} is not empty: add --replace to throw away what is in it now`);
      }
    });
  }
  for (const name of databaseNames) await withClient(target.urls[name], clearSchema);
  const manifest = await loadBackup(target);
  await forgetPast(target.urls);
  for (const name of databaseNames) {
    await migrate({ url: target.urls[name], directory: migrationsOf(name), logger: target.logger });
  }
  return manifest;
}
