import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen } from './support/api-client.ts';
import type { LoadBalancer } from './support/load-balancer.ts';
import { startLoadBalancer } from './support/load-balancer.ts';
import { allOnCalcom } from './support/sandbox-state.ts';
import { startSteadyLoad } from './support/steady-load.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(120_000);

const drainDelayMs = 400;
const names = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let balancer: LoadBalancer;
let api: ApiClient;

beforeAll(async () => {
  const drain = { DRAIN_DELAY_MS: String(drainDelayMs) };
  ({ stack, stopAndRemove } = await startTestStack({
    replicas: { gateway: 2, auth: 2, scheduling: 2, 'calcom-sync': 2 },
    extraEnv: { gateway: drain, auth: drain, scheduling: drain, 'calcom-sync': drain },
  }));
  balancer = await startLoadBalancer(stack);
  api = await ApiClient.signIn(balancer.url, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => {
  await balancer?.stop();
  await stopAndRemove?.();
});

test('every process is restarted in turn under load: no request fails, each drains within five seconds, no event is lost', async () => {
  const load = startSteadyLoad(api);
  const drains: Record<string, number> = {};
  for (const name of names)
    for (const replica of [0, 1]) {
      await delay(300);
      const process = stack.process(name, replica);
      const begun = performance.now();
      await process.stop();
      drains[`${name} ${replica}`] = Math.round(performance.now() - begun - drainDelayMs);
      await process.start();
      await balancer.waitAllReady();
    }
  await delay(500);
  const { asked, failures, booked } = await load.stop();

  console.log(`${asked} requests over eight restarts; drained in ms: ${JSON.stringify(drains)}`);
  expect(failures).toEqual([]);
  expect(asked).toBeGreaterThan(200);
  expect(Math.max(...Object.values(drains))).toBeLessThan(5000);
  await allOnCalcom(stack.sandboxUrl!, booked, 30_000);
});
