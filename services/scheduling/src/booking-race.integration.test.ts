import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@daybook/runtime/clock';
import { query, withTransaction } from '@daybook/runtime/postgres';
import { testDatabase, until } from '@daybook/runtime/testing';
import { createDependencies } from './app/dependencies.ts';
import { lockProvider } from './db/locks.ts';
import { provisionOrganization } from './app/provision-organization.ts';
import { migrationsDirectory } from './testing/start-scheduling.ts';

const processes = 8;
const hour = 3_600_000;

type Outcome = { code: string; ms: number; id?: string };
type Racer = { child: ChildProcess; next(): Promise<string> };

let db: Awaited<ReturnType<typeof testDatabase>>;
let racers: Racer[];

function startRacer(url: string): Racer {
  const file = join(process.cwd(), 'services/scheduling/src/testing/booking-racer.ts');
  const node = join(process.cwd(), 'node_modules/.bin/node');
  const child = spawn(node, [file, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => String((await lines.next()).value) };
}

beforeAll(async () => {
  db = await testDatabase({ migrations: migrationsDirectory, extensions: ['btree_gist', 'pg_trgm'] });
  racers = Array.from({ length: processes }, () => startRacer(db.url));
  for (const racer of racers) expect(await racer.next()).toBe('ready');
}, 60_000);

afterAll(async () => {
  await Promise.all(
    racers.map(async ({ child }) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await gone;
    }),
  );
  await db.drop();
});

async function newOrganization(): Promise<string> {
  const id = randomUUID();
  const settings = { defaultTimeZone: 'Europe/Luxembourg', defaultCountry: 'LU', syncTargetEnabled: true };
  await provisionOrganization(createDependencies({ database: db.database, clock: systemClock, settings }), id);
  return id;
}

async function race(order: object): Promise<Outcome[]> {
  for (const { child } of racers) child.stdin?.write(`${JSON.stringify(order)}\n`);
  const answers = await Promise.all(racers.map((racer) => racer.next()));
  return answers.flatMap((answer) => JSON.parse(answer) as Outcome[]);
}

function count(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

async function overlaps(organizationId: string): Promise<number> {
  const rows = await query(db.database, {
    text: `SELECT 1 FROM appointments a JOIN appointments b ON a.provider_id = b.provider_id AND a.id < b.id
      AND a.during && b.during WHERE a.organization_id = $1::uuid AND a.status = 'scheduled' AND b.status = 'scheduled'`,
    values: [organizationId],
  });
  return rows.length;
}

async function deadlocks(): Promise<number> {
  const rows = await query<{ deadlocks: number }>(db.database, {
    text: 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  });
  return rows[0]?.deadlocks ?? 0;
}

async function countWaitingAtLocks(): Promise<number> {
  const rows = await query(db.database, {
    text: `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  });
  return rows.length;
}

const soon = (): number => Math.ceil(Date.now() / hour) * hour + 24 * hour;

test('many processes want one time: one gets it, the others hear SLOT_TAKEN, nobody deadlocks', async () => {
  for (let round = 0; round < 3; round += 1) {
    const organizationId = await newOrganization();
    const order = { organizationId, start: soon(), staggerMs: 0, attempts: 6, idempotencyKey: '', userId: '' };
    const outcomes = await race(order);
    expect(count(outcomes)).toEqual({ OK: 1, SLOT_TAKEN: processes * 6 - 1 });
    expect(await overlaps(organizationId)).toBe(0);
    const written = await query(db.database, {
      text: `SELECT 1 FROM outbox o JOIN appointments a ON a.id = o.aggregate_id WHERE a.organization_id = $1::uuid`,
      values: [organizationId],
    });
    expect(written).toHaveLength(1);
  }
  expect(await deadlocks()).toBe(0);
}, 30_000);

test('partly overlapping wishes never overlap in the book', async () => {
  const organizationId = await newOrganization();
  const order = { organizationId, start: soon(), staggerMs: 7 * 60_000, attempts: 12, idempotencyKey: '', userId: '' };
  const counts = count(await race(order));
  expect(Object.keys(counts).sort()).toEqual(['OK', 'SLOT_TAKEN']);
  expect(counts['OK']).toBeGreaterThanOrEqual(2);
  expect(await overlaps(organizationId)).toBe(0);
  expect(await deadlocks()).toBe(0);
}, 30_000);

test('one key sent by many processes at once has one effect; everybody hears of it or is told to wait', async () => {
  const organizationId = await newOrganization();
  const order = {
    organizationId,
    start: soon(),
    staggerMs: 0,
    attempts: 4,
    idempotencyKey: 'one',
    userId: randomUUID(),
  };
  const outcomes = await race(order);
  const counts = count(outcomes);
  expect(Object.keys(counts).filter((code) => code !== 'OK' && code !== 'IDEMPOTENCY_KEY_IN_FLIGHT')).toEqual([]);
  expect(new Set(outcomes.flatMap(({ id }) => (id ? [id] : []))).size).toBe(1);
}, 30_000);

test('racing first requests make one practice', async () => {
  const organizationId = randomUUID();
  const order = { organizationId, start: soon(), staggerMs: hour, attempts: 2, idempotencyKey: '', userId: '' };
  expect(count(await race(order))).toEqual({ OK: 2, SLOT_TAKEN: processes * 2 - 2 });
  const providers = await query(db.database, {
    text: 'SELECT 1 FROM providers WHERE organization_id = $1::uuid',
    values: [organizationId],
  });
  expect(providers).toHaveLength(1);
}, 30_000);

describe('the guards are what holds', () => {
  test('every writer waits at the lock of its provider, so taking the lock away fails here', async () => {
    const organizationId = await newOrganization();
    const [provider] = await query<{ id: string }>(db.database, {
      text: 'SELECT id FROM providers WHERE organization_id = $1::uuid',
      values: [organizationId],
    });
    const order = { organizationId, start: soon(), staggerMs: 0, attempts: 1, idempotencyKey: '', userId: '' };
    const waiting = await withTransaction(db.database, async (tx) => {
      await lockProvider(tx, provider!.id);
      const outcomes = race(order);
      await until(async () => (await countWaitingAtLocks()) === processes, { what: 'all writers at the lock' });
      return { outcomes };
    });
    expect(count(await waiting.outcomes)).toEqual({ OK: 1, SLOT_TAKEN: processes - 1 });
  }, 30_000);

  test('without the constraint the race doubles bookings, so the constraint is what refuses them', async () => {
    await query(db.database, { text: 'ALTER TABLE reservations DROP CONSTRAINT reservations_no_overlap' });
    const organizationId = await newOrganization();
    const order = { organizationId, start: soon(), staggerMs: 0, attempts: 2, idempotencyKey: '', userId: '' };
    const outcomes = await race(order);
    expect(outcomes.filter(({ code }) => code === 'OK').length).toBeGreaterThan(1);
    expect(await overlaps(organizationId)).toBeGreaterThan(0);
  }, 30_000);
});
