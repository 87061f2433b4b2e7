import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from './support/api-client.ts';
import type { LoadBalancer } from './support/load-balancer.ts';
import { startLoadBalancer } from './support/load-balancer.ts';
import { activeBookings } from './support/sandbox-state.ts';
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
  balancer = await startLoadBalancer(
    stack.gatewayUrls.map((url, replica) => ({
      url,
      readyUrl: () => `${stack.adminUrlOf('gateway', replica)}/readyz`,
    })),
  );
  api = await ApiClient.signIn(balancer.url, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => {
  await balancer?.stop();
  await stopAndRemove?.();
});

test('every process is restarted in turn under load: no request fails, each drains within five seconds, no event is lost', async () => {
  const failures: string[] = [];
  const booked: string[] = [];
  let running = true;
  let asked = 0;
  const note = (what: string, status: number, code: string | undefined): void => {
    asked += 1;
    if (status >= 400) failures.push(`${what}: ${status} ${code ?? ''}`);
  };
  const book = async (client: number): Promise<void> => {
    for (let turn = 0; running; turn += 1) {
      // Times of its own for each client, so that none is taken.
      const start = startIn(30 + client * 20 + Math.floor(turn / 48), Math.floor((turn % 48) / 2), (turn % 2) * 30);
      const answer = await api.book({ customer: { name: `Client ${client}` }, start, durationMinutes: 30 });
      note('book', answer.status, answer.problem?.code);
      if (answer.status === 201) booked.push(answer.body.id);
      await delay(60);
    }
  };
  const look = async (): Promise<void> => {
    while (running) {
      const list = await api.request('GET', '/api/appointments?limit=5');
      note('list', list.status, list.problem?.code);
      const me = await api.request('GET', '/api/auth/me');
      note('me', me.status, me.problem?.code);
      await delay(40);
    }
  };
  const load = [book(0), book(1), look(), look()];
  const drains: Record<string, number> = {};
  for (const name of names)
    for (const replica of [0, 1]) {
      await delay(300);
      const process = stack.process(name, replica);
      const begun = performance.now();
      await process.stop();
      drains[`${name} ${replica}`] = Math.round(performance.now() - begun - drainDelayMs);
      await process.start();
    }
  await delay(500);
  running = false;
  await Promise.all(load);

  console.log(`${asked} requests over eight restarts; drained in ms: ${JSON.stringify(drains)}`);
  expect(failures).toEqual([]);
  expect(asked).toBeGreaterThan(200);
  expect(Math.max(...Object.values(drains))).toBeLessThan(5000);
  await until(
    async () => {
      const there = await activeBookings(stack.sandboxUrl!);
      return booked.every((id) => there.has(id));
    },
    { timeoutMs: 30_000, what: 'every booking on Cal.com' },
  );
});
