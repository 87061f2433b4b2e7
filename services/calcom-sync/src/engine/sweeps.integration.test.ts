import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { callerAt, customerOf, type Customer } from '../testing/customer.ts';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';
import { resolveDifference } from './resolve-difference.ts';
import { isSweepDue, listSweeps, startSweep } from './sweeps.ts';

jest.setTimeout(40_000);
let stack: SyncStack;
let customer: Customer;
/** Nothing is found by polls here. */
const noPolls = { INBOUND_POLL_MS: '3600000' };

beforeEach(async () => {
  stack = await startSyncStack();
  customer = customerOf(stack);
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 0, endMinute: 1440 }));
  await stack.practice.setHours({ timeZone: 'Europe/Luxembourg', weekly, overrides: [] });
}, 30_000);
afterEach(() => stack.stop(), 30_000);

async function sweep() {
  const { database } = stack;
  const [connection] = await query<{ id: string }>(database, { text: 'SELECT id::text FROM connections' });
  const actor = callerAt(stack);
  const { id } = await startSweep({ database })(actor, connection!.id);
  return until(
    async () => {
      const found = (await listSweeps({ database })(actor)).find(({ summary }) => summary.id === id);
      return found?.summary.finishedAt !== undefined && found;
    },
    { timeoutMs: 15_000, what: 'the end of the sweep' },
  );
}

async function uidOf(id: string): Promise<string> {
  return String((await stack.row(id))['standing_uid']);
}

test('what webhooks and polls lost is found, counted and repaired by rule; a second look finds nothing', async () => {
  await stack.startReplica(noPolls);
  const { practice } = stack;
  await practice.offer({ slug: 'massage', name: 'Massage' });
  const [same, moved, cancelled, vanished] = [
    await practice.book(practice.at(0)),
    await practice.book(practice.at(60)),
    await practice.book(practice.at(120)),
    await practice.book(practice.at(180)),
  ];
  await stack.inStep();
  await customer.move(await uidOf(moved.id), practice.at(300));
  await customer.cancel(await uidOf(cancelled.id));
  const gone = await uidOf(vanished.id);
  const { state } = stack.sandbox;
  state.bookings.splice(
    state.bookings.findIndex(({ uid }) => uid === gone),
    1,
  );
  customer.bookDirectly(practice.at(420), { name: 'Lost Webhook' });
  state.eventTypes.find(({ slug }) => slug === 'massage')!.afterEventBuffer = 45;
  state.schedules.find(({ name }) => name === 'Daybook hours')!.availability = [];
  const others = JSON.stringify([state.schedules[0], state.eventTypes[0]]);

  const { summary, differences } = await sweep();
  expect(Object.groupBy(differences, ({ kind }) => kind)).toMatchObject({
    different_time: [{ appointmentId: moved.id, outcome: 'repaired' }],
    different_status: [{ appointmentId: cancelled.id, outcome: 'repaired' }],
    missing_there: [{ appointmentId: vanished.id, outcome: 'waiting' }],
    missing_here: [{ theirs: { customerName: 'Lost Webhook' }, outcome: 'repaired' }],
    event_type: [{ outcome: 'repaired' }],
    schedule: [{ outcome: 'repaired' }],
  });
  expect(summary).toMatchObject({ differences: 6, repaired: 5, error: '' });
  expect(summary.compared).toBeGreaterThanOrEqual(4);
  await stack.inStepOf(vanished.id, 8000);
  expect(practice.appointments.get(moved.id)).toMatchObject({ start: practice.at(300) });
  expect(practice.appointments.get(cancelled.id)?.status).toBe('APPOINTMENT_STATUS_CANCELLED');
  expect(practice.appointments.get(same.id)?.version).toBe(1);
  expect([...practice.appointments.values()].map(({ customerName }) => customerName)).toContain('Lost Webhook');
  expect(state.eventTypes.find(({ slug }) => slug === 'massage')?.afterEventBuffer).toBe(0);
  expect(JSON.stringify([state.schedules[0], state.eventTypes[0]])).toBe(others);
  expect((await sweep()).summary).toMatchObject({ differences: 0 });
});

test('after our database was restored from before, known bookings are found again and none is made twice', async () => {
  const replica = await stack.startReplica(noPolls);
  const { practice } = stack;
  const booked = [];
  for (const minute of [0, 30, 60, 90]) booked.push(await practice.book(practice.at(minute)));
  await stack.inStep();
  const taken = customer.bookDirectly(practice.at(200), { name: 'Taken In' });
  await sweep();
  await practice.move(booked[3]!.id, practice.at(600));
  await stack.inStepOf(booked[3]!.id, 8000);
  await replica.stop();
  for (const table of ['sync_attempts', 'calendar_links', 'change_cursor', 'inbox']) {
    await query(stack.database, { text: `DELETE FROM ${table}` });
  }
  await query(stack.database, { text: 'UPDATE connections SET inbound_watermark = NULL' });
  const before = stack.sandbox.state.bookings.length;
  await stack.startReplica(noPolls);
  for (const { id } of booked) await stack.inStepOf(id, 12_000);
  await until(async () => {
    const rows = await query(stack.database, {
      text: `SELECT 1 FROM calendar_links WHERE standing_uid = $1 AND state = 'in_step'`,
      values: [taken.uid],
    });
    return rows.length === 1;
  });
  expect(stack.sandbox.state.bookings.length).toBe(before);
  expect(stack.externalLog.at(-1)).toMatchObject({ outcome: 'replayed' });
});

describe('a difference that a person decides', () => {
  async function refusedMove() {
    const { practice } = stack;
    await stack.startReplica(noPolls);
    const { id } = await practice.book(practice.at(0));
    await stack.inStep();
    // In the way there, and unknown here: the booking of another calendar.
    const other = customer.bookDirectly(practice.at(120), { name: 'Private', hostId: 9999 });
    other.attendees[0]!.email = stack.sandbox.state.users[0]!.email;
    await practice.move(id, practice.at(120));
    await until(async () => (await stack.row(id))['state'] === 'different', { timeoutMs: 8000 });
    return { id, other };
  }

  test('theirs: ours is moved to where the booking stands', async () => {
    const { id } = await refusedMove();
    const { practice, database } = stack;
    expect((await sweep()).differences).toMatchObject([{ appointmentId: id, outcome: 'needs_choice' }]);
    const apply = stack.apply;
    await resolveDifference({ database, apply })(callerAt(stack), id, 'accept_theirs');
    await stack.inStepOf(id, 8000);
    expect(practice.appointments.get(id)?.start).toBe(practice.at(0));
    await expect(resolveDifference({ database, apply })(callerAt(stack), id, 'accept_theirs')).rejects.toMatchObject({
      code: 'NOTHING_DIFFERENT',
    });
  });

  test('ours: the booking is made so as soon as it can be', async () => {
    const { id, other } = await refusedMove();
    const { practice, database } = stack;
    other.status = 'cancelled';
    await resolveDifference({ database, apply: stack.apply })(callerAt(stack), id, 'restore_ours');
    await stack.inStepOf(id, 8000);
    expect(practice.appointments.get(id)?.start).toBe(practice.at(120));
  });
});

test('the daily sweep is due once its hour has passed in the practice, through a change of clocks too', () => {
  const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
  const zone = 'Europe/Luxembourg';
  expect(isSweepDue(at('2026-03-10T02:30:00Z'), at('2026-03-09T02:30:00Z'), 3, zone)).toBe(true);
  expect(isSweepDue(at('2026-03-10T01:30:00Z'), at('2026-03-09T02:30:00Z'), 3, zone)).toBe(false);
  // At three o'clock on 29 March 2026 it is two hours after one o'clock UTC, not two.
  expect(isSweepDue(at('2026-03-29T01:00:00Z'), at('2026-03-28T02:30:00Z'), 3, zone)).toBe(true);
  expect(isSweepDue(at('2026-03-29T00:59:00Z'), at('2026-03-28T02:30:00Z'), 3, zone)).toBe(false);
  expect(isSweepDue(at('2026-03-10T12:00:00Z'), at('2026-03-10T02:30:00Z'), 3, zone)).toBe(false);
  expect(isSweepDue(at('2026-03-10T12:00:00Z'), undefined, 3, zone)).toBe(true);
});
