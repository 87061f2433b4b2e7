import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { customerOf, type Customer } from './testing/customer.ts';
import { describePlace } from './testing/practice.ts';
import { startSyncStack, type SandboxFault, type SyncStack } from './testing/sync-stack.ts';

jest.setTimeout(90_000);
let stack: SyncStack;
let customer: Customer;

beforeAll(async () => {
  stack = await startSyncStack();
  customer = customerOf(stack);
  await stack.practice.setHours({ timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] });
  await stack.startReplica();
}, 30_000);
afterAll(() => stack.stop(), 30_000);

const faults: SandboxFault['kind'][] = [
  'status',
  'latency',
  'hang',
  'commit_then_status',
  'commit_then_hang',
  'commit_then_drop',
  'drop',
  'garbage',
  'rate_limit',
  'stale_rescheduled_to',
];
/** A real window is a minute; here it is a second, so that the test need not wait it out. */
const more: Record<string, Partial<SandboxFault>> = {
  latency: { latencyMs: 300 },
  rate_limit: { headers: { 'x-ratelimit-reset-default': '1' } },
};
/** More tries than this for one appointment would be hammering. */
const MOST_TRIES = 40;

/** Both sides as sets: what stands there, of whoever made it, and what is scheduled here. */
async function sides(): Promise<{ here: string[]; there: string[]; linked: number }> {
  const { practice, sandbox, database } = stack;
  const here = Object.values(practice.wanted()).sort();
  const standing = sandbox.state.bookings.filter(({ status }) => status === 'accepted');
  const there = standing
    .map(({ start, end }) => describePlace(Date.parse(start), (Date.parse(end) - Date.parse(start)) / 60_000))
    .sort();
  const uids = standing.map(({ uid }) => uid);
  const rows = await query(database, {
    text: `SELECT 1 FROM calendar_links WHERE state = 'in_step' AND standing_uid = ANY ($1)`,
    values: [uids],
  });
  return { here, there, linked: rows.length };
}

async function untilEqual(what: string): Promise<void> {
  let last = '';
  await until(
    async () => {
      const { here, there, linked } = await sides();
      last = JSON.stringify({ here, there, linked });
      return JSON.stringify(here) === JSON.stringify(there) && linked === there.length;
    },
    { timeoutMs: 45_000, intervalMs: 100, what },
  ).catch((error: unknown) => {
    throw new Error(`${what}: the sides differ: ${last}`, { cause: error });
  });
}

let day = 0;

test.each(faults)('through "%s" in every call, both sides end equal, nothing stands twice', async (kind) => {
  const { practice } = stack;
  const at = (minute: number): number => practice.at(minute) + day * 86_400_000;
  day += 1;
  const made = [];
  for (const minute of [0, 60, 120, 180, 240]) made.push(await practice.book(at(minute)));
  await untilEqual('before the fault');
  const [ourMove, ourCancel, ourResize, theirMove, theirCancel] = made;
  const uidOf = async (id: string): Promise<string> => String((await stack.row(id))['standing_uid']);
  const [moving, cancelling] = [await uidOf(theirMove!.id), await uidOf(theirCancel!.id)];

  const rule = { kind, match: { path: '/v2/bookings' }, times: 4, ...more[kind] };
  await stack.setFaults([rule]);
  await practice.book(at(300));
  await practice.move(ourMove!.id, at(360));
  await practice.cancel(ourCancel!.id);
  await practice.resize(ourResize!.id, 45);
  customer.bookDirectly(at(420), { name: 'Their Booking' });
  customer.moveDirectly(moving, at(480));
  const cancelled = stack.sandbox.state.bookings.find(({ uid }) => uid === cancelling)!;
  Object.assign(cancelled, { status: 'cancelled', uniqueKey: null, updatedAt: new Date().toISOString() });
  // Taken at the same time on both sides: what was acknowledged here stays.
  customer.bookDirectly(at(540), { name: 'Too Late' });
  const first = await practice.book(at(540));

  await new Promise((resolve) => setTimeout(resolve, 1500));
  await stack.setFaults([]);
  await until(() => Promise.resolve(practice.appointments.get(theirMove!.id)?.start === at(480)), {
    timeoutMs: 45_000,
    what: 'their move here',
  });
  await untilEqual(`after "${kind}"`);
  expect(practice.appointments.get(theirCancel!.id)?.status).toBe('APPOINTMENT_STATUS_CANCELLED');
  expect(practice.appointments.get(first.id)?.status).toBe('APPOINTMENT_STATUS_SCHEDULED');
  expect([...practice.appointments.values()].filter(({ start }) => start === at(420))).toHaveLength(1);
  const tries = await query<{ most: number }>(stack.database, {
    text: `SELECT coalesce(max(count), 0)::int AS most FROM
             (SELECT count(*) FROM sync_attempts GROUP BY appointment_id) AS counted`,
  });
  expect(tries[0]!.most).toBeLessThanOrEqual(MOST_TRIES);
});

test('how long changes took through all of it is told', async () => {
  const [row] = await query<{ p50: number; p99: number; count: number }>(stack.database, {
    text: `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS p50,
             percentile_cont(0.99) WITHIN GROUP (ORDER BY milliseconds) AS p99, count(*)::int AS count
           FROM push_latencies`,
  });
  process.stdout.write(
    `through faults: ${row!.count} changes, p50 ${row!.p50.toFixed(0)} ms, p99 ${row!.p99.toFixed(0)} ms\n`,
  );
  expect(row!.count).toBeGreaterThan(0);
});
