import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { query, withTransaction } from '@daybook/runtime/postgres';
import { testDatabase } from '@daybook/runtime/testing';
import { nextDueHours } from '../db/availability-repository.ts';
import { nextDueLink } from '../db/link-repository.ts';
import { RateBudget } from '../targets/calcom/rate-limit.ts';
import { garbage } from '../targets/calcom/errors.ts';
import type { CalendarTarget, TargetBooking } from '../targets/target.ts';
import { recordChange, type Change } from './desired-state.ts';
import { stepHours } from './hours-step.ts';
import { Lease } from './lease.ts';
import { stepLink, type StepDeps } from './link-step.ts';

const organizationId = randomUUID();
const providerId = randomUUID();
const START = Date.now() + 86_400_000;
const attendee = { customerId: randomUUID(), name: '', email: '', timeZone: '' };
const record = { coalesceMs: 0 };
/** Far more than the decisions that park a row. */
const TRIES = 30;

let testDb: Awaited<ReturnType<typeof testDatabase>>;
let connectionId: string;
let lease: Lease;

beforeEach(async () => {
  testDb = await testDatabase({ migrations: join(process.cwd(), 'services/calcom-sync/migrations') });
}, 30_000);
afterEach(async () => {
  await lease.release();
  await testDb.drop();
}, 30_000);

async function wish(change: Change): Promise<void> {
  const { database } = testDb;
  await withTransaction(database, (tx) => recordChange(tx, change, record));
  const [row] = await query<{ id: string }>(database, {
    text: `UPDATE connections SET state = 'connected' RETURNING id::text`,
  });
  connectionId = row?.id ?? '';
  const budget = new RateBudget(Date.now);
  const times = { leaseMs: 60_000, callMs: 1000 };
  lease = new Lease({ database, connectionId, owner: 'test', ...times, budget, lastSuccessAt: () => undefined });
  expect(await lease.acquire()).toBe(true);
}

async function makeDue(table: 'calendar_links' | 'availability_links'): Promise<void> {
  await query(testDb.database, { text: `UPDATE ${table} SET next_attempt_at = now() WHERE state = 'waiting'` });
}

async function readRow(table: 'calendar_links' | 'availability_links'): Promise<Record<string, unknown>> {
  const [row] = await query<Record<string, unknown>>(testDb.database, {
    text: `SELECT state, attempts, faults, message,
             (extract(epoch FROM next_attempt_at - now()) * 1000)::float8 AS pause_ms FROM ${table}`,
  });
  return row ?? {};
}

/** A calendar that answers nonsense until it is told to answer well. */
function createTarget(): { target: CalendarTarget; heal(): void } {
  let healed = false;
  const answer = <T>(value: T): Promise<T> =>
    healed ? Promise.resolve(value) : Promise.reject(garbage('an answer that is not JSON'));
  const booking = ({ start, minutes }: { start: number; minutes: number }): TargetBooking => ({
    uid: 'uid-1',
    start,
    minutes,
    active: true,
    createdAt: 0,
  });
  const target: CalendarTarget = {
    find: () => answer([]),
    create: (request) => answer(booking(request)),
    move: (request) => answer(booking(request)),
    remove: () => answer(undefined),
    markAbsent: () => answer(undefined),
    follow: () => answer([]),
    listChanged: () => answer({ bookings: [], rows: 0, more: false }),
    listWindow: () => answer({ bookings: [], rows: 0, more: false }),
    putEventType: () => answer({ eventTypeId: '1', slug: 's', made: false, written: true }),
    putAvailability: () => answer({ scheduleId: '7', written: true }),
    prepare: () => answer({ accountId: '1', accountName: '', eventTypeId: '1', scheduleId: '1' }),
    probe: () => answer(undefined),
  };
  return { target, heal: () => (healed = true) };
}

function stepDeps(target: CalendarTarget): StepDeps {
  return { database: testDb.database, lease, now: Date.now, settledAfterMs: 0, target, random: () => 0.999 };
}

const waitingForHealing = { state: 'waiting', attempts: 0, faults: TRIES, message: expect.stringMatching(/not JSON/) };

test('an appointment is never parked for answers that cannot be read, is tried each minute, and heals', async () => {
  const wanted = { version: 1, presence: 'present' as const, start: START, minutes: 30, attendee };
  const appointmentId = randomUUID();
  await wish({ kind: 'appointment', organizationId, providerId, appointmentId, at: new Date(), wanted });
  const { target, heal } = createTarget();
  const deps = stepDeps(target);
  const step = async (): Promise<void> => {
    await makeDue('calendar_links');
    const row = await nextDueLink(testDb.database, connectionId);
    if (row) await stepLink(deps, row);
  };
  for (let tries = 0; tries < TRIES; tries += 1) await step();
  const row = await readRow('calendar_links');
  expect(row).toMatchObject(waitingForHealing);
  expect(row['pause_ms']).toBeGreaterThan(50_000);
  expect(row['pause_ms']).toBeLessThanOrEqual(60_000);
  heal();
  await step();
  expect(await readRow('calendar_links')).toMatchObject({ state: 'in_step', faults: 0, message: '' });
});

test('hours are never parked for answers that cannot be read, are tried each minute, and heal', async () => {
  const hours = { version: 1, timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] };
  await wish({ kind: 'hours', organizationId, providerId, hours, at: new Date() });
  const { target, heal } = createTarget();
  const deps = stepDeps(target);
  const step = async (): Promise<void> => {
    await makeDue('availability_links');
    const row = await nextDueHours(testDb.database, connectionId);
    if (row) await stepHours(deps, row);
  };
  for (let tries = 0; tries < TRIES; tries += 1) await step();
  const row = await readRow('availability_links');
  expect(row).toMatchObject(waitingForHealing);
  expect(row['pause_ms']).toBeGreaterThan(50_000);
  expect(row['pause_ms']).toBeLessThanOrEqual(60_000);
  heal();
  await step();
  expect(await readRow('availability_links')).toMatchObject({ state: 'in_step', faults: 0, message: '' });
});

test('a due appointment without a fault comes before a nearer one in trouble', async () => {
  const ids = [randomUUID(), randomUUID()];
  for (const [index, appointmentId] of ids.entries()) {
    const wanted = {
      version: 1,
      presence: 'present' as const,
      start: START + index * 3_600_000,
      minutes: 30,
      attendee,
    };
    const change = { kind: 'appointment' as const, organizationId, providerId, appointmentId, at: new Date(), wanted };
    if (index === 0) await wish(change);
    else await withTransaction(testDb.database, (tx) => recordChange(tx, change, record));
  }
  const { target } = createTarget();
  const first = await nextDueLink(testDb.database, connectionId);
  expect(first?.link.appointmentId).toBe(ids[0]);
  if (first) await stepLink(stepDeps(target), first);
  await makeDue('calendar_links');
  expect((await nextDueLink(testDb.database, connectionId))?.link.appointmentId).toBe(ids[1]);
});
