import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import pg from 'pg';
import { writeArchive, type ArchivePart } from './archive.ts';
import { copyOut } from './copy.ts';
import { databaseNames, forEachDatabase, openClient, rowsOf, withClient } from './databases.ts';
import type { DatabaseName, DatabaseUrls } from './databases.ts';
import { checkInvariants, type Clients } from './invariants.ts';
import { countRows, entryName, manifestName } from './manifest.ts';
import type { DatabaseManifest, Manifest, TableManifest } from './manifest.ts';

/** What to back up and where to. */
export type BackupOptions = {
  /** Roles that may read every table; the services' own roles can. */
  urls: DatabaseUrls;
  /** Made with mode 0700 if absent. */
  directory: string;
  /** 32 bytes; without it the archive is not encrypted and only its mode (0600) protects it. */
  key: Buffer | undefined;
  version: string;
};

/** A finished backup. */
export type Backup = { file: string; bytes: number; manifest: Manifest };

const ownTables = `SELECT c.oid, c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname`;

/** The text of a COPY of a table, in the columns the manifest names. */
export function copyText(
  table: Pick<TableManifest, 'name' | 'columns'>,
  direction: 'TO STDOUT' | 'FROM STDIN',
): string {
  const columns = table.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  return `COPY public.${pg.escapeIdentifier(table.name)} (${columns}) ${direction}`;
}

/** Copies a table into a file; the hash is of its bytes. Without a file it is only measured. */
export async function spoolTable(
  client: pg.Client,
  table: Pick<TableManifest, 'name' | 'columns'>,
  file?: string,
): Promise<TableManifest> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, file === undefined ? undefined : chunk);
    },
  });
  const sink = file === undefined ? undefined : createWriteStream(file, { mode: 0o600 });
  const written = sink ? pipeline(measure, sink) : finished(measure.resume());
  // Heard below; a full disk must not be an unhandled rejection meanwhile.
  written.catch((error: unknown) => measure.destroy(error as Error));
  const rows = await copyOut(client, copyText(table, 'TO STDOUT'), measure);
  measure.end();
  await written;
  return { ...table, rows, bytes, sha256: hash.digest('hex') };
}

async function listTables(client: pg.Client): Promise<Pick<TableManifest, 'name' | 'columns'>[]> {
  return rowsOf(
    client,
    `SELECT t.name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM (${ownTables}) t JOIN pg_attribute a ON a.attrelid = t.oid
     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' GROUP BY t.name ORDER BY t.name`,
  );
}

/** Sequences stand outside of snapshots; read after the snapshot they are never behind its rows. */
async function readSequences(client: pg.Client): Promise<DatabaseManifest['sequences']> {
  const names = await rowsOf<{ name: string }>(
    client,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`,
  );
  const sequences: DatabaseManifest['sequences'] = [];
  for (const { name } of names) {
    const [row] = await rowsOf<{ value: string; called: boolean }>(
      client,
      `SELECT last_value::text AS value, is_called AS called FROM public.${pg.escapeIdentifier(name)}`,
    );
    if (row) sequences.push({ name, ...row });
  }
  return sequences;
}

async function spoolDatabase(client: pg.Client, name: DatabaseName, folder: string): Promise<DatabaseManifest> {
  const migrations = await rowsOf<{ name: string }>(client, 'SELECT name FROM schema_migrations ORDER BY name');
  const extensions = await rowsOf<{ name: string }>(
    client,
    `SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`,
  );
  const tables: TableManifest[] = [];
  await mkdir(join(folder, name), { mode: 0o700 });
  for (const table of await listTables(client)) {
    tables.push(await spoolTable(client, table, join(folder, entryName(name, table.name))));
  }
  return {
    migrations: migrations.map((row) => row.name),
    extensions: extensions.map((row) => row.name),
    tables,
    sequences: await readSequences(client),
  };
}

async function* listParts(manifest: Manifest, folder: string): AsyncGenerator<ArchivePart> {
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  yield { name: manifestName, size: text.length, content: () => asIterable(text) };
  for (const name of databaseNames) {
    for (const table of manifest.databases[name].tables) {
      const entry = entryName(name, table.name);
      yield { name: entry, size: table.bytes, content: () => createReadStream(join(folder, entry)) };
    }
  }
}

async function* asIterable(buffer: Buffer): AsyncGenerator<Buffer> {
  yield buffer;
}

/**
 * Opens a snapshot of each database, one right after the other. The ledger of calendar sync comes first and the
 * appointments last: a ledger that is a moment older than the appointments catches up by itself after a restore, one that
 * is ahead would speak of appointments that are not there.
 */
async function withSnapshots<T>(urls: DatabaseUrls, work: (clients: Clients, takenAt: Date) => Promise<T>): Promise<T> {
  const opened: pg.Client[] = [];
  try {
    for (const name of databaseNames) opened.push(await openClient(urls[name]));
    const clients = forEachDatabase((name) => opened[databaseNames.indexOf(name)] as pg.Client);
    for (const name of databaseNames) {
      await clients[name].query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // The first statement takes the snapshot.
      await clients[name].query('SELECT 1');
    }
    return await work(clients, new Date());
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => undefined)));
  }
}

/**
 * Writes one archive of all three databases as they were at one moment, while everything goes on running, and notes it in
 * scheduling's `backup_runs`. @throws pg's or the file system's error; then no archive is left behind
 */
export async function takeBackup(options: BackupOptions): Promise<Backup> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(options.directory, '.spool-'));
  try {
    const backup = await withSnapshots(options.urls, async (clients, takenAt) => {
      const [server] = await rowsOf<{ version: string }>(
        clients.scheduling,
        `SELECT current_setting('server_version') AS version`,
      );
      const databases: Partial<Manifest['databases']> = {};
      for (const name of databaseNames) databases[name] = await spoolDatabase(clients[name], name, folder);
      const manifest: Manifest = {
        format: 1,
        takenAt: takenAt.toISOString(),
        version: options.version,
        postgres: server?.version ?? '',
        databases: databases as Manifest['databases'],
        invariants: await checkInvariants(clients),
      };
      const file = join(options.directory, `daybook-${takenAt.toISOString().replaceAll(/[:.]/g, '-')}.backup`);
      return { file, bytes: await writeArchive(file, listParts(manifest, folder), options.key), manifest };
    });
    await noteBackup(options.urls.scheduling, backup);
    return backup;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function noteBackup(url: string, { bytes, manifest }: Backup): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('INSERT INTO backup_runs (taken_at, rows, bytes) VALUES ($1, $2, $3)', [
      manifest.takenAt,
      countRows(manifest),
      bytes,
    ]);
  });
}
