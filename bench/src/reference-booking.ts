import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** The reference: the same inserts as a booking, plainly, one statement each, in one transaction. */
export type Reference = { name: string; transactionsPerSecond(clients: number, seconds: number): Promise<number> };

/** Where pgbench is, if anywhere. */
export function findPgbench(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':')];
  const debian = '/usr/lib/postgresql';
  if (existsSync(debian)) for (const version of readdirSync(debian)) folders.push(join(debian, version, 'bin'));
  return folders.map((folder) => join(folder, 'pgbench')).find((file) => existsSync(file));
}

/**
 * Makes the tables of the reference in a schema of their own: columns, constraint and indexes of the real ones, copied from
 * the running database, so that the reference does the same work and the real tables stay clean.
 * @param adminUrl a superuser's address of the scheduling database
 */
export async function prepareReference(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench');
    for (const table of ['reservations', 'appointments', 'appointment_history', 'outbox'])
      await client.query(`CREATE TABLE bench.${table} (LIKE public.${table} INCLUDING ALL)`);
    await client
      .query(
        `ALTER TABLE bench.reservations ADD CONSTRAINT reservations_no_overlap EXCLUDE USING gist (provider_id WITH =, occupies WITH &&)`,
      )
      .catch((error: unknown) => {
        // LIKE … INCLUDING ALL copies exclusion constraints since PostgreSQL 10; then it is there already.
        if (!String(error).includes('already exists')) throw error;
      });
  } finally {
    await client.end();
  }
}

/** Reads which columns of a table must be given, so that the reference follows the schema without a copy of it here. */
export async function requiredColumns(client: pg.Client, table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND (a.attnotnull AND d.oid IS NULL AND a.attidentity = '' AND a.attgenerated = '' OR a.attname = 'reservation_id')
      ORDER BY a.attnum`,
    [table],
  );
  return rows;
}

/** A literal SQL expression for a required column, from its name and type; time is taken from the two pgbench variables. */
function expression(table: string, { name, type }: { name: string; type: string }): string {
  const start = `timestamptz '2030-01-01 00:00+00' + :n * interval '30 minutes'`;
  if (type === 'tstzrange') return `tstzrange(${start}, ${start} + interval '30 minutes')`;
  if (name === 'provider_id' || name === 'organization_id')
    return `('00000000-0000-4000-8000-' || lpad((:client_id)::text, 12, '0'))::uuid`;
  // The appointment names its reservation.
  if (name === 'reservation_id' || (table === 'reservations' && name === 'id'))
    return `md5((:client_id)::text || '-' || (:n)::text)::uuid`;
  if (name === 'kind') return `'appointment'`;
  if (name === 'status') return `'scheduled'`;
  if (name === 'action') return `'booked'`;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type.startsWith('timestamp')) return 'now()';
  if (type === 'integer' || type === 'bigint' || type === 'smallint') return '1';
  if (type === 'bytea') return `decode(repeat('61', 400), 'hex')`;
  if (type === 'jsonb') return `'{}'::jsonb`;
  if (type === 'boolean') return 'false';
  if (type === 'xid8') return 'pg_current_xact_id()';
  if (type === 'tsvector') return `''::tsvector`;
  return `'bench'`;
}

async function script(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const inserts: string[] = [];
    for (const table of ['reservations', 'appointments', 'appointment_history', 'outbox']) {
      const columns = await requiredColumns(client, `bench.${table}`);
      inserts.push(
        `INSERT INTO bench.${table} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map((column) => expression(table, column)).join(', ')})`,
      );
    }
    return ['BEGIN', ...inserts, 'COMMIT'];
  } finally {
    await client.end();
  }
}

async function truncate(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(
    'TRUNCATE bench.reservations, bench.appointments, bench.appointment_history, bench.outbox; CHECKPOINT',
  );
  await client.end();
}

async function byPgbench(pgbench: string, adminUrl: string, statements: readonly string[]): Promise<Reference> {
  return {
    name: 'pgbench, prepared, one statement each',
    async transactionsPerSecond(clients, seconds) {
      await truncate(adminUrl);
      const folder = await mkdtemp(join(tmpdir(), 'daybook-bench-'));
      const file = join(folder, 'booking.sql');
      await writeFile(file, ['\\set n :n + 1', ...statements.map((statement) => `${statement};`)].join('\n'));
      try {
        const { stdout } = await run(pgbench, [
          '-n',
          '-M',
          'prepared',
          '-c',
          String(clients),
          '-j',
          '2',
          '-T',
          String(seconds),
          '-D',
          'n=0',
          '-f',
          file,
          adminUrl,
        ]);
        const rate = /tps = ([\d.]+)/.exec(stdout);
        if (!rate) throw new Error(`pgbench said no rate:\n${stdout}`);
        return Number(rate[1]);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

async function byNodePg(adminUrl: string, statements: readonly string[]): Promise<Reference> {
  return {
    name: 'node-pg, named statements, one each (no pgbench found)',
    async transactionsPerSecond(clients, seconds) {
      await truncate(adminUrl);
      const connections = await Promise.all(
        Array.from({ length: clients }, async () => {
          const client = new pg.Client({ connectionString: adminUrl });
          await client.connect();
          return client;
        }),
      );
      const end = performance.now() + seconds * 1000;
      let done = 0;
      await Promise.all(
        connections.map(async (client, index) => {
          for (let n = 1; performance.now() < end; n += 1) {
            for (const [position, statement] of statements.entries()) {
              const text = statement.replaceAll(':n', '$1::int').replaceAll(':client_id', '$2::int');
              const values = [n, index].slice(0, text.includes('$2') ? 2 : text.includes('$1') ? 1 : 0);
              await client.query(values.length > 0 ? { name: `reference-${position}`, text, values } : text);
            }
            done += 1;
          }
        }),
      );
      await Promise.all(connections.map((client) => client.end()));
      return done / seconds;
    },
  };
}

/** The reference by pgbench where it is found, else by node-pg. */
export async function createReference(adminUrl: string): Promise<Reference> {
  await prepareReference(adminUrl);
  const statements = await script(adminUrl);
  const pgbench = findPgbench();
  return pgbench ? byPgbench(pgbench, adminUrl, statements) : byNodePg(adminUrl, statements);
}
