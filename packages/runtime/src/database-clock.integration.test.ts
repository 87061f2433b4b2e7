import { join } from 'node:path';
import { followDatabaseClock, readDatabaseClock } from './database-clock.ts';
import { Lifecycle } from './lifecycle.ts';
import { openDatabase, query } from './postgres.ts';
import type { Database } from './postgres.ts';
import { silentLogger, testDatabase, until } from './testing.ts';

const hourMs = 3_600_000;
let made: Awaited<ReturnType<typeof testDatabase>>;
let lifecycle: Lifecycle;

beforeEach(async () => {
  made = await testDatabase({ migrations: join(__dirname, 'test-support/migrations') });
  lifecycle = new Lifecycle();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await lifecycle.shutdown();
  await made.drop();
});

/** How far the clock is behind the database. */
async function behindMs(clock: { now(): Date }): Promise<number> {
  const [row] = await query<{ at: Date }>(made.database, { text: 'SELECT clock_timestamp() AS at' });
  return (row?.at.getTime() ?? NaN) - clock.now().getTime();
}

/** Puts a function of our own before PostgreSQL's clock, which adds what the table says. */
async function makeClockSettable(): Promise<Database> {
  await query(made.database, { text: 'CREATE SCHEMA settable' });
  await query(made.database, { text: `CREATE TABLE settable.off AS SELECT interval '0' AS by` });
  await query(made.database, {
    text: `CREATE FUNCTION settable.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
             'SELECT pg_catalog.clock_timestamp() + by FROM settable.off'`,
  });
  const name = new URL(made.url).pathname.slice(1);
  await query(made.database, { text: `ALTER DATABASE "${name}" SET search_path = settable, public, pg_catalog` });
  const database = openDatabase({ url: made.url, applicationName: 'test', logger: silentLogger });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  return database;
}

test.each([hourMs, -hourMs])('a process whose clock is off by %i ms tells the time of the database', async (off) => {
  const real = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => real() + off);
  expect(Math.abs(await behindMs(await readDatabaseClock(made.database)))).toBeLessThan(1000);
});

test('a database whose clock is set is followed, there and back', async () => {
  const database = await makeClockSettable();
  const clock = await followDatabaseClock({ database, logger: silentLogger, lifecycle, everyMs: 50 });
  for (const [by, aheadMs] of [
    ['1 hour', hourMs],
    ['-1 hour', -hourMs],
    ['0', 0],
  ] as const) {
    await query(made.database, { text: 'UPDATE settable.off SET by = $1::interval', values: [by] });
    await until(async () => Math.abs((await behindMs(clock)) + aheadMs) < 1000, { what: `the clock to be ${by} off` });
  }
});

test('while the database is away time goes on, at its own pace', async () => {
  const database = openDatabase({ url: made.url, applicationName: 'test', logger: silentLogger });
  const clock = await followDatabaseClock({ database, logger: silentLogger, lifecycle, everyMs: 20 });
  await database.close();
  const [before, begun] = [clock.now().getTime(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, 200));
  const passed = clock.now().getTime() - before;
  expect(Math.abs(passed - (performance.now() - begun))).toBeLessThan(20);
});

test('without a first answer there is no clock', async () => {
  await made.database.close();
  await expect(readDatabaseClock(made.database)).rejects.toThrow();
});
