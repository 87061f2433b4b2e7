import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { openDatabase, query, withTransaction, type Database } from '@daybook/runtime/postgres';
import { silentLogger, testDatabase } from '@daybook/runtime/testing';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { ensureConnection } from './connection-repository.ts';
import { nextDueLink } from './link-repository.ts';

jest.setTimeout(60_000);

let made: Awaited<ReturnType<typeof testDatabase>>;
/** Of one connection, so that a prepared statement can be looked at. */
let database: Database;
let connectionId: string;

beforeAll(async () => {
  made = await testDatabase({ migrations: join(process.cwd(), 'services/calcom-sync/migrations') });
  database = openDatabase({ url: made.url, applicationName: 'test', logger: silentLogger, poolSize: 1 });
});
afterAll(async () => {
  await database.close();
  await made.drop();
});
beforeEach(async () => {
  connectionId = await withTransaction(database, (tx) => ensureConnection(tx, randomUUID(), randomUUID(), CALCOM));
});

/** A row by minutes from now: when the appointment begins, when it is due, when it was changed, before when not to look. */
type Row = {
  start: number;
  due: number;
  changed: number;
  look: number | undefined;
  faults: number;
  uids: number;
  waiting: boolean;
};
/** A booking made there that scheduling is being asked about, by minutes from now. */
type Intent = { start: number; begun: number };

const minutes = (values: readonly (number | null | undefined)[]) => values.map((value) => value ?? null);

async function fill(rows: readonly Row[], intents: readonly Intent[] = []): Promise<string[]> {
  const ids = rows.map(() => randomUUID());
  await query(database, { text: 'DELETE FROM calendar_links WHERE connection_id = $1', values: [connectionId] });
  await query(database, { text: 'DELETE FROM inbound_intents WHERE connection_id = $1', values: [connectionId] });
  await query(database, {
    text: `INSERT INTO calendar_links (connection_id, appointment_id, organization_id, provider_id, wanted_version,
             wanted_presence, wanted_start, wanted_minutes, attendee, changed_at, faults, uids, state, look_after, next_attempt_at)
           SELECT $1, id, $2, $2, 1, 'present', m.at + start * m.minute, 30, '{}', m.at + changed * m.minute, faults,
             CASE WHEN uids > 0 THEN ARRAY['u'] ELSE '{}' END, CASE WHEN waiting THEN 'waiting' ELSE 'in_step' END,
             m.at + look * m.minute, CASE WHEN waiting THEN m.at + due * m.minute END
           FROM (SELECT date_trunc('minute', now()) AS at, interval '1 minute' AS minute) m,
             unnest($3::uuid[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::int[], $9::int[], $10::bool[])
               AS r (id, start, due, changed, look, faults, uids, waiting)`,
    values: [
      connectionId,
      randomUUID(),
      ids,
      rows.map(({ start }) => start),
      rows.map(({ due }) => due),
      rows.map(({ changed }) => changed),
      minutes(rows.map(({ look }) => look)),
      rows.map(({ faults }) => faults),
      rows.map(({ uids }) => uids),
      rows.map(({ waiting }) => waiting),
    ],
  });
  await query(database, {
    text: `INSERT INTO inbound_intents (connection_id, uid, change_key, start, begun_at)
           SELECT $1, gen_random_uuid()::text, 'k', m.at + start * interval '1 minute', m.at + begun * interval '1 minute'
           FROM (SELECT date_trunc('minute', now()) AS at) m, unnest($2::float8[], $3::float8[]) AS r (start, begun)`,
    values: [connectionId, intents.map(({ start }) => start), intents.map(({ begun }) => begun)],
  });
  return ids;
}

/** The rules once more, read row by row; `now` is minutes after the one that all times count from, always within it. */
function chooseSlowly(rows: readonly Row[], intents: readonly Intent[], now: number): Row | undefined {
  const withheld = (row: Row): boolean =>
    row.uids === 0 &&
    intents.some((intent) => intent.start === row.start || (intent.begun > now - 2 && row.changed > intent.begun - 1));
  const due = rows.filter(
    (row) => row.waiting && row.due <= now && (row.look === undefined || row.look <= now) && !withheld(row),
  );
  const order = (a: Row, b: Row): number =>
    Number(a.faults > 0) - Number(b.faults > 0) || Math.max(a.start, now) - Math.max(b.start, now) || a.due - b.due;
  return due.toSorted(order)[0];
}

const arbitraryRow: fc.Arbitrary<Row> = fc.record({
  start: fc.integer({ min: -30, max: 30 }),
  due: fc.integer({ min: -30, max: 5 }),
  changed: fc.constantFrom(-60, -60, -4, -2, -1, 0),
  look: fc.constantFrom(undefined, undefined, -5, 5),
  faults: fc.constantFrom(0, 0, 1, 7),
  uids: fc.constantFrom(0, 1),
  waiting: fc.constantFrom(true, true, true, false),
});
const arbitraryIntents = fc.oneof(
  fc.constant<Intent[]>([]),
  fc.array(fc.record({ start: fc.integer({ min: -30, max: 30 }), begun: fc.constantFrom(-20, -4, -1, 0) }), {
    maxLength: 2,
  }),
);

test('of any rows the one is taken that the rules name when they are read row by row', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryRow, { maxLength: 12 }), arbitraryIntents, async (rows, intents) => {
      const ids = await fill(rows, intents);
      const [clock] = await query<{ seconds: number }>(database, {
        text: `SELECT extract(second FROM now())::float8 AS seconds`,
      });
      // At the turn of a minute the rows would count from another one than the question.
      fc.pre((clock?.seconds ?? 0) > 0.5 && (clock?.seconds ?? 60) < 59);
      const taken = await nextDueLink(database, connectionId);
      const expected = chooseSlowly(rows, intents, (clock?.seconds ?? 0) / 60);
      const found = taken && rows[ids.indexOf(taken.link.appointmentId)];
      // Of rows that are alike in all that counts any may be taken.
      const what = (row: Row | undefined, now: number) => row && [row.faults > 0, Math.max(row.start, now), row.due];
      expect(what(found, 0.5)).toEqual(what(expected, 0.5));
      expect(found === undefined).toBe(expected === undefined);
    }),
    { numRuns: 300 },
  );
});

type Plan = { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } };

test.each([
  ['of ten thousand due rows', { start: 1, due: -1, faults: 0 }],
  ['of ten thousand rows in trouble', { start: 1, due: -1, faults: 3 }],
])('the next %s is found in a few pages', async (_what, like) => {
  const { start, due, faults } = like;
  const row = { due, faults, changed: -60, look: undefined, uids: 0, waiting: true };
  await fill(Array.from({ length: 10_000 }, (_, index) => ({ ...row, start: start + index })));
  // As PostgreSQL does by itself within a minute of such a change.
  await query(database, { text: 'ANALYZE calendar_links' });
  for (let time = 0; time < 8; time += 1) expect(await nextDueLink(database, connectionId)).toBeDefined();
  const [answer] = await query<{ 'QUERY PLAN': [Plan] }>(database, {
    text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE "next-due-link" ('${connectionId}')`,
  });
  const { Plan: plan } = answer!['QUERY PLAN'][0];
  // The whole backlog lies in some three hundred pages.
  expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(60);
});
