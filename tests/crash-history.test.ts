import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen } from './support/api-client.ts';
import { checkHistory } from './support/history.ts';
import { readFinal, RecordedLoad, seededRandom } from './support/load.ts';
import { activeBookings } from './support/sandbox-state.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(240_000);

const seed = Number(process.env['DAYBOOK_SEED'] ?? Date.now() % 1_000_000);
const killsEach = Number(process.env['DAYBOOK_KILLS'] ?? 2);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack({ replicas: { gateway: 2, scheduling: 2, 'calcom-sync': 2 } }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => stopAndRemove?.());

/** Both sides equal as sets: by our id, start and end; no orphan, no double (I7). */
async function calcomEquals(final: Awaited<ReturnType<typeof readFinal>>): Promise<true | string> {
  const bookings = await activeBookings(stack.sandboxUrl!);
  const scheduled = final.filter(({ status }) => status === 'scheduled');
  for (const { id, start, end } of scheduled) {
    const booking = bookings.get(id);
    if (!booking) return `appointment ${id} is missing on Cal.com`;
    if (Date.parse(booking.start) !== start || Date.parse(booking.end) !== end)
      return `appointment ${id} differs on Cal.com`;
  }
  return bookings.size === scheduled.length || `Cal.com holds ${bookings.size - scheduled.length} orphans`;
}

test(`kill -9 of each process under load: the history holds and Cal.com converges (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const load = new RecordedLoad({
    gatewayUrls: stack.gatewayUrls,
    token: api.token!,
    clients: 6,
    seed,
    days: 6,
    pauseMs: 40,
  });
  const victims: (() => Promise<void>)[] = [];
  for (const name of ['gateway', 'scheduling', 'calcom-sync', 'auth'] as const)
    for (let kill = 0; kill < killsEach; kill += 1)
      victims.push(async () => {
        const victim = stack.process(name, name === 'auth' ? 0 : Math.floor(random() * 2));
        victim.kill('SIGKILL');
        await victim.waitReady();
      });
  victims.push(async () => {
    stack.nats.kill('SIGKILL');
    await delay(random() * 1000);
    await stack.nats.start();
  });
  victims.push(async () => {
    stack.postgres.kill('SIGKILL');
    await stack.postgres.start();
  });
  // Cal.com itself keeps what it acknowledged, so its stand-in goes away in order, with calls in flight.
  victims.push(async () => {
    await stack.sandbox!.stop();
    await delay(random() * 1000);
    await stack.sandbox!.start();
  });
  for (const strike of victims.toSorted(() => random() - 0.5)) {
    await delay(300 + random() * 900);
    await strike();
  }
  await delay(1000);
  await load.finish(api);

  const final = await until(async () => readFinal(api).catch(() => false as const), {
    timeoutMs: 20_000,
    what: 'the list',
  });
  expect(checkHistory(load.history, final)).toEqual([]);
  const acknowledged = load.history.filter(({ outcome }) => outcome === 'ok');
  expect(acknowledged.length).toBeGreaterThan(50);
  await until(async () => (await calcomEquals(final)) === true, {
    timeoutMs: 90_000,
    intervalMs: 500,
    what: 'Cal.com equal to Daybook',
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${String(await calcomEquals(final))}`);
  });
  const counts = Object.groupBy(load.history, ({ outcome }) => outcome);
  console.log(
    `seed ${seed}: ${load.history.length} operations, ${counts.ok?.length ?? 0} acknowledged, ${counts.fail?.length ?? 0} refused, ` +
      `${counts.unknown?.length ?? 0} unknown; ${victims.length} kills; ${final.length} appointments`,
  );
});
