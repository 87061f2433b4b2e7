import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { query, withTransaction } from '@daybook/runtime/postgres';
import { testDatabase } from '@daybook/runtime/testing';
import { acquireLease, ensureConnection, releaseLease } from '../db/connection-repository.ts';
import { readSettings } from '../db/connection-settings-repository.ts';
import { nextDueLink } from '../db/link-repository.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { RateBudget } from '../targets/calcom/rate-limit.ts';
import type { CalendarTarget } from '../targets/target.ts';
import { recordChange } from './desired-state.ts';
import { Lease } from './lease.ts';
import { stepLink } from './link-step.ts';

const coalesceMs = 1500;
const HOUR = 3_600_000;
const attendee = { customerId: randomUUID(), name: '', email: '', timeZone: '' };
let testDb: Awaited<ReturnType<typeof testDatabase>>;
let organizationId: string;
let connectionId: string;

beforeAll(async () => {
  testDb = await testDatabase({ migrations: join(process.cwd(), 'services/calcom-sync/migrations') });
}, 30_000);
afterAll(() => testDb.drop());
beforeEach(async () => {
  organizationId = randomUUID();
  connectionId = await withTransaction(testDb.database, (tx) =>
    ensureConnection(tx, randomUUID(), organizationId, CALCOM),
  );
  await query(testDb.database, {
    text: `UPDATE connections SET state = 'connected' WHERE id = $1`,
    values: [connectionId],
  });
});
afterEach(() => jest.restoreAllMocks());

/** The time of day of this process is off by so much from here on; the database's is not. */
function setClockOff(ms: number): void {
  const real = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => real() + ms);
}

const tomorrow = (hours: number): number => Math.floor(Date.now() / HOUR) * HOUR + (24 + hours) * HOUR;

function wish(appointmentId: string, version: number, start: number): Promise<void> {
  const wanted = { version, presence: 'present' as const, start, minutes: 30, attendee };
  return withTransaction(testDb.database, (tx) =>
    recordChange(
      tx,
      { kind: 'appointment', organizationId, providerId: randomUUID(), appointmentId, wanted, at: new Date() },
      { coalesceMs },
    ),
  );
}

/** As after it was made there. */
async function stand(appointmentId: string): Promise<void> {
  await query(testDb.database, {
    text: `UPDATE calendar_links SET state = 'in_step', next_attempt_at = NULL, standing_uid = $1::text, uids = ARRAY[$1::text],
             standing_start = wanted_start, standing_minutes = wanted_minutes WHERE appointment_id = $1::uuid`,
    values: [appointmentId],
  });
}

async function dueInMs(appointmentId: string): Promise<number | undefined> {
  const [row] = await query<{ ms: number | null }>(testDb.database, {
    text: `SELECT (extract(epoch FROM next_attempt_at - now()) * 1000)::float8 AS ms FROM calendar_links
           WHERE appointment_id = $1 AND state = 'waiting'`,
    values: [appointmentId],
  });
  return row?.ms ?? undefined;
}

/** Does the next due step against a calendar that makes what it is asked for. */
async function step(): Promise<string[]> {
  const { database } = testDb;
  const calls: string[] = [];
  const target = {
    find: () => Promise.resolve([]),
    create: ({ start, minutes }: { start: number; minutes: number }) => {
      calls.push('create');
      return Promise.resolve({ uid: randomUUID(), start, minutes, active: true, createdAt: 0 });
    },
  } as unknown as CalendarTarget;
  const lease = new Lease({
    database,
    connectionId,
    owner: randomUUID(),
    leaseMs: 20_000,
    callMs: 1,
    budget: new RateBudget(() => performance.now()),
    lastSuccessAt: () => undefined,
  });
  expect(await lease.acquire()).toBe(true);
  try {
    const row = await nextDueLink(database, connectionId);
    if (row) await stepLink({ database, lease, now: Date.now, settledAfterMs: 0, target, random: Math.random }, row);
  } finally {
    await lease.release();
  }
  return calls;
}

describe.each([300_000, -300_000])('a clock that is off by %i ms', (off) => {
  test('makes a move wait no longer than for a change of mind', async () => {
    const id = randomUUID();
    await wish(id, 1, tomorrow(0));
    await stand(id);
    setClockOff(off);
    await wish(id, 2, tomorrow(1));
    const due = await dueInMs(id);
    expect(due).toBeGreaterThan(-1000);
    expect(due).toBeLessThanOrEqual(coalesceMs);
  });

  test('makes a row wait as long for the time it needs as whoever holds that rests, no longer and no shorter', async () => {
    const [holder, taker] = [randomUUID(), randomUUID()];
    await wish(holder, 1, tomorrow(2));
    await stand(holder);
    await query(testDb.database, {
      text: `UPDATE calendar_links SET state = 'waiting', wanted_start = wanted_start + interval '5 hours', wanted_version = 2,
               faults = 3, next_attempt_at = now() + interval '20 seconds' WHERE appointment_id = $1`,
      values: [holder],
    });
    await wish(taker, 1, tomorrow(2));
    setClockOff(off);
    expect(await step()).toEqual([]);
    const due = await dueInMs(taker);
    expect(due).toBeGreaterThan(5000);
    expect(due).toBeLessThanOrEqual(20_000);
  });

  test('parks no appointment as past that is still to come, and makes none that has begun', async () => {
    const [soon, begun] = [randomUUID(), randomUUID()];
    await wish(soon, 1, Date.now() + 120_000);
    setClockOff(off);
    expect(await step()).toEqual(['create']);
    jest.restoreAllMocks();
    await wish(begun, 1, Date.now() - 120_000);
    setClockOff(off);
    expect(await step()).toEqual([]);
    const [row] = await query<{ state: string; refusal: string }>(testDb.database, {
      text: 'SELECT state, refusal FROM calendar_links WHERE appointment_id = $1',
      values: [begun],
    });
    expect(row).toEqual({ state: 'different', refusal: 'past' });
  });

  test('neither hides who holds a lease nor believes in one that is over', async () => {
    const owner = randomUUID();
    setClockOff(off);
    const lease = await acquireLease(testDb.database, connectionId, owner, 15_000);
    expect((await readSettings(testDb.database, connectionId))?.leaseOwner).toBe(owner);
    await releaseLease(testDb.database, connectionId, { owner, token: lease!.token }, nothingLeft(0));
    expect((await readSettings(testDb.database, connectionId))?.leaseOwner).toBe('');
  });

  test('hands the wait for more calls over as it is', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const lease = await acquireLease(testDb.database, connectionId, first, 15_000);
    await releaseLease(testDb.database, connectionId, { owner: first, token: lease!.token }, nothingLeft(30_000));
    setClockOff(off);
    const taken = await acquireLease(testDb.database, connectionId, second, 15_000);
    const budget = new RateBudget(() => performance.now());
    budget.restore(taken!.calls!);
    expect(budget.waitMs()).toBeGreaterThan(20_000);
    expect(budget.waitMs()).toBeLessThanOrEqual(30_000);
  });
});

function nothingLeft(resetInMs: number) {
  return { remaining: 0, resetInMs, lastSuccessAt: undefined };
}
