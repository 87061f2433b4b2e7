import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { migrate, migrationsApplied } from './migrations.ts';
import { query } from './postgres.ts';
import { sampleMigrations } from './test-support/messaging-harness.ts';
import { silentLogger, testDatabase } from './testing.ts';

let directory: string;
let made: Awaited<ReturnType<typeof testDatabase>>;

beforeEach(async () => {
  directory = await mkdtemp(join(process.env['TEST_DIRECTORY'] as string, 'migrations-'));
  await cp(sampleMigrations, directory, { recursive: true });
  made = await testDatabase({ migrations: directory });
});
afterEach(async () => {
  await made.drop();
  await rm(directory, { recursive: true, force: true });
});

const run = (): Promise<string[]> => migrate({ url: made.url, directory, logger: silentLogger });

test('applies what is new, once, and readiness tells before and after', async () => {
  await expect(migrationsApplied(made.database, directory)).resolves.toBe(true);
  await writeFile(join(directory, '0003_more.sql'), 'CREATE TABLE more (id integer); CREATE TABLE other (id integer);');
  await expect(migrationsApplied(made.database, directory)).resolves.toBe(false);
  await expect(run()).resolves.toEqual(['0003_more.sql']);
  await expect(run()).resolves.toEqual([]);
  await expect(migrationsApplied(made.database, directory)).resolves.toBe(true);
});

test('a file that fails half-way leaves nothing behind and stays to be applied', async () => {
  await writeFile(join(directory, '0003_bad.sql'), 'CREATE TABLE half (id integer); SELECT nonsense;');
  await expect(run()).rejects.toThrow();
  const [row] = await query<{ half: string | null }>(made.database, { text: `SELECT to_regclass('half') AS half` });
  expect(row?.half).toBeNull();
  await expect(migrationsApplied(made.database, directory)).resolves.toBe(false);
});

test('two runs at the same time apply each file once', async () => {
  for (let index = 3; index < 9; index += 1) {
    await writeFile(join(directory, `000${index}_table.sql`), `CREATE TABLE t${index} (id integer);`);
  }
  const results = await Promise.all([run(), run(), run()]);
  expect(results.flat().sort()).toEqual([3, 4, 5, 6, 7, 8].map((index) => `000${index}_table.sql`));
});

test('two files with one number are refused, and nothing is applied', async () => {
  await writeFile(join(directory, '0003_more.sql'), 'CREATE TABLE more (id integer);');
  await writeFile(join(directory, '0003_other.sql'), 'CREATE TABLE other (id integer);');
  await expect(run()).rejects.toThrow('0003_other.sql');
  const [row] = await query<{ more: string | null }>(made.database, { text: `SELECT to_regclass('more') AS more` });
  expect(row?.more).toBeNull();
});

test('a database without the table is not ready', async () => {
  await query(made.database, { text: 'DROP TABLE schema_migrations' });
  await expect(migrationsApplied(made.database, directory)).resolves.toBe(false);
});

test('a table in use makes a migration come back later instead of holding up everybody behind it', async () => {
  await query(made.database, { text: 'CREATE TABLE busy (id integer)' });
  await writeFile(join(directory, '0003_more.sql'), 'ALTER TABLE busy ADD COLUMN more text;');
  const holder = new pg.Client({ connectionString: made.url });
  await holder.connect();
  try {
    await holder.query('BEGIN; SELECT * FROM busy');
    const migrated = run();
    let longestMs = 0;
    for (const until = Date.now() + 2_000; Date.now() < until; await delay(20)) {
      const begun = performance.now();
      await query(made.database, { text: 'SELECT * FROM busy' });
      longestMs = Math.max(longestMs, performance.now() - begun);
    }
    await expect(Promise.race([migrated, Promise.resolve('waits')])).resolves.toBe('waits');
    await holder.query('COMMIT');
    await expect(migrated).resolves.toEqual(['0003_more.sql']);
    // Queued behind the migration, a reader would have waited for the whole two seconds.
    expect(longestMs).toBeLessThan(1_500);
  } finally {
    await holder.end();
  }
});
