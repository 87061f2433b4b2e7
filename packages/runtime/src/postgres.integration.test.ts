import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DomainError } from './errors.ts';
import { isConstraint, query, queryAndCommit, withTransaction } from './postgres.ts';
import type { Tx } from './postgres.ts';
import { testDatabase, until } from './testing.ts';

const migrations = join(__dirname, 'test-support/migrations');
type Made = Awaited<ReturnType<typeof testDatabase>>;
let made: Made;

beforeEach(async () => {
  made = await testDatabase({ migrations });
});
afterEach(() => made.drop());

async function insertSample(on: Made['database'] | Tx, label: string): Promise<void> {
  await query(on, {
    name: 'insert-sample',
    text: 'INSERT INTO samples (id, label) VALUES ($1, $2)',
    values: [randomUUID(), label],
  });
}

async function countSamples(): Promise<number> {
  const [row] = await query<{ count: number }>(made.database, { text: 'SELECT count(*) AS count FROM samples' });
  return row?.count ?? -1;
}

test('values come back as the documented types', async () => {
  const [row] = await query<Record<string, unknown>>(made.database, {
    name: 'types',
    text: `SELECT 7::bigint AS big, ARRAY[1,2]::bigint[] AS bigs, '2026-03-29'::date AS day,
           '2026-03-29 01:30:00+00'::timestamptz AS at, '{"a":1}'::jsonb AS json, '\\x01ff'::bytea AS bytes`,
  });
  expect(row).toEqual({
    big: 7,
    bigs: [1, 2],
    day: '2026-03-29',
    at: new Date('2026-03-29T01:30:00Z'),
    json: { a: 1 },
    bytes: Buffer.from([1, 255]),
  });
});

test('an int8 beyond the safe range is refused, and the connection stays usable', async () => {
  await expect(query(made.database, { text: 'SELECT 9007199254740993::bigint AS big' })).rejects.toThrow(RangeError);
  expect(await countSamples()).toBe(0);
});

test('named statements are prepared on the connection', async () => {
  await withTransaction(made.database, async (tx) => {
    await insertSample(tx, 'a');
    const rows = await query<{ name: string }>(tx, { text: 'SELECT name FROM pg_prepared_statements' });
    expect(rows.map((row) => row.name)).toContain('insert-sample');
  });
});

test('a failed work is rolled back before its connection serves another', async () => {
  for (let round = 0; round < 30; round += 1) {
    await expect(
      withTransaction(made.database, async (tx) => {
        await insertSample(tx, 'kept?');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await countSamples()).toBe(0);
  }
});

test('a swallowed statement error does not commit as if all were well', async () => {
  await expect(
    withTransaction(made.database, async (tx) => {
      await insertSample(tx, 'twice');
      await insertSample(tx, 'twice').catch(() => undefined);
    }),
  ).rejects.toMatchObject({ kind: 'bug', code: 'TRANSACTION_ABORTED' });
  expect(await countSamples()).toBe(0);
});

test('constraint violations keep code and constraint', async () => {
  await insertSample(made.database, 'one');
  const error = await insertSample(made.database, 'one').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: '23505', constraint: 'samples_label_unique' });
  expect(isConstraint(error, 'samples_label_unique')).toBe(true);
  expect(isConstraint(new Error('wrapped', { cause: error }), 'samples_label_unique')).toBe(true);
  expect(isConstraint(error, 'samples_pkey')).toBe(false);
  const wrapped = await made.database.sequelize
    .query(`INSERT INTO samples (id, label) VALUES (gen_random_uuid(), 'one')`)
    .catch((reason: unknown) => reason);
  expect(isConstraint(wrapped, 'samples_label_unique')).toBe(true);
});

test('deadlocks are run again and both transactions commit', async () => {
  await insertSample(made.database, 'left');
  await insertSample(made.database, 'right');
  let runs = 0;
  const holding = new Set<string>();
  const touch = (tx: Tx, label: string): Promise<unknown> =>
    query(tx, { text: 'UPDATE samples SET amount = amount + 1 WHERE label = $1', values: [label] });
  const cross = (first: string, second: string): Promise<void> =>
    withTransaction(made.database, async (tx) => {
      runs += 1;
      await touch(tx, first);
      holding.add(first);
      await until(() => holding.size === 2, { what: 'both transactions to hold a row' });
      await touch(tx, second);
    });
  await Promise.all([cross('left', 'right'), cross('right', 'left')]);
  expect(runs).toBeGreaterThan(2);
  const rows = await query<{ amount: number }>(made.database, { text: 'SELECT amount FROM samples' });
  expect(rows.map((row) => row.amount)).toEqual([2, 2]);
});

test('retries are bounded and end as DATABASE_BUSY', async () => {
  let runs = 0;
  const always = withTransaction(made.database, async (tx) => {
    runs += 1;
    await query(tx, { text: `DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$` });
  });
  await expect(always).rejects.toMatchObject({ kind: 'unavailable', code: 'DATABASE_BUSY' });
  expect(runs).toBe(4);
});

test('a table changed under a prepared statement is noticed and read again', async () => {
  const read = { name: 'read-all', text: 'SELECT * FROM samples' };
  await query(made.database, read);
  await query(made.database, { text: 'ALTER TABLE samples ADD COLUMN extra text' });
  await expect(query(made.database, read)).resolves.toEqual([]);
  await query(made.database, { text: 'ALTER TABLE samples DROP COLUMN extra' });
  await expect(withTransaction(made.database, (tx) => query(tx, read))).resolves.toEqual([]);
});

test('a killed connection is DATABASE_UNAVAILABLE once, then the pool has healed', async () => {
  const killed = withTransaction(made.database, async (tx) => {
    await query(tx, { text: 'SELECT pg_terminate_backend(pg_backend_pid())' });
  });
  const error = await killed.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DomainError);
  expect(error).toMatchObject({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE' });
  expect(await countSamples()).toBe(0);
});

const lastInsert = (label: string) => ({
  text: 'INSERT INTO samples (id, label) VALUES ($1, $2) RETURNING label',
  values: [randomUUID(), label],
});

test('the last statement and its commit are one: both or neither', async () => {
  const written = await withTransaction(
    made.database,
    async (tx) => {
      await query(tx, { text: 'SELECT pg_advisory_xact_lock(1)' });
      return queryAndCommit<{ label: string }>(tx, lastInsert('last'));
    },
    { firstStatementReads: true },
  );
  expect(written).toEqual([{ label: 'last' }]);
  for (let round = 0; round < 20; round += 1) {
    const refused = withTransaction(made.database, async (tx) => {
      await insertSample(tx, `before ${round}`);
      return queryAndCommit(tx, lastInsert('last'));
    });
    await expect(refused).rejects.toMatchObject({ code: '23505' });
    expect(await countSamples()).toBe(1);
  }
});

test('nothing may be asked of a transaction after its last statement', async () => {
  const late = withTransaction(made.database, async (tx) => {
    await queryAndCommit(tx, lastInsert('kept'));
    await insertSample(tx, 'too late');
  });
  await expect(late).rejects.toMatchObject({ code: 'TRANSACTION_OVER' });
  expect(await countSamples()).toBe(1);
});

test('a first statement that fails beside BEGIN leaves a connection that works', async () => {
  for (let round = 0; round < 20; round += 1) {
    const failed = withTransaction(made.database, (tx) => query(tx, { text: 'SELECT 1 / 0' }), {
      firstStatementReads: true,
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    await withTransaction(made.database, (tx) => insertSample(tx, `round ${round}`));
  }
  expect(await countSamples()).toBe(20);
});
