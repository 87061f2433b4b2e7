import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Logger } from '@daybook/runtime/logger';
import { databaseNames, forEachDatabase, withClient, type DatabaseName, type DatabaseUrls } from './databases.ts';
import { countRows, type Manifest } from './manifest.ts';
import { loadBackup } from './restore-backup.ts';

/** What a proof needs. */
export type ProofOptions = {
  file: string;
  key: Buffer | undefined;
  /** Of a role that may create databases; on a server of its own if the practice's is busy. */
  scratchUrl: string;
  /** Where the proof is noted: the practice's own scheduling database. */
  schedulingUrl: string;
  logger: Logger;
};

function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Scratch databases of a proof that was killed are not left for ever. */
async function dropLeftovers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database d WHERE datname ~ '^daybook_proof_\\d+_' AND pg_catalog.pg_get_userbyid(datdba) = current_user
       AND to_timestamp(split_part(datname, '_', 3)::bigint) < now() - interval '1 day'`,
  );
  for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

/** Makes three databases, runs work on them, and drops them whatever happened. */
async function withScratch<T>(url: string, work: (urls: DatabaseUrls) => Promise<T>): Promise<T> {
  const mark = `${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString('hex')}`;
  const nameOf = (name: DatabaseName): string => `daybook_proof_${mark}_${name}`;
  return withClient(url, async (client) => {
    await dropLeftovers(client);
    try {
      for (const name of databaseNames)
        await client.query(`CREATE DATABASE ${pg.escapeIdentifier(nameOf(name))} TEMPLATE template0`);
      return await work(forEachDatabase((name) => inDatabase(url, nameOf(name))));
    } finally {
      for (const name of databaseNames) {
        await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(nameOf(name))} WITH (FORCE)`);
      }
    }
  });
}

/**
 * Restores a backup into scratch databases, compares every table byte by byte and every rule, drops them again, and notes
 * the proof in scheduling's `restore_proofs`, which the Settings page and the metrics read.
 * @throws RestoreError or ArchiveError that says what is wrong with the backup; then nothing is noted
 */
export async function proveBackup(options: ProofOptions): Promise<Manifest> {
  const { file, key, logger } = options;
  const manifest = await withScratch(options.scratchUrl, (urls) => loadBackup({ file, key, urls, logger }));
  const tables = forEachDatabase((name) => manifest.databases[name].tables.length);
  const details = { tables, rules: Object.keys(manifest.invariants) };
  await withClient(options.schedulingUrl, (client) =>
    client.query('INSERT INTO restore_proofs (backup_taken_at, rows, details) VALUES ($1, $2, $3)', [
      manifest.takenAt,
      countRows(manifest),
      JSON.stringify(details),
    ]),
  );
  return manifest;
}
