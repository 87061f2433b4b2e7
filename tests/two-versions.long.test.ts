import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot, serviceFile } from '@daybook/stack/stack-layout';
import type { Stack } from '@daybook/stack/start-stack';
import { runProgram } from '@daybook/stack/supervise';
import { ApiClient, alwaysOpen } from './support/api-client.ts';
import { type LoadBalancer, startLoadBalancer } from './support/load-balancer.ts';
import { contracting, layNextRelease } from './support/next-release.ts';
import { activeBookings, allOnCalcom } from './support/sandbox-state.ts';
import { rowsOf } from './support/rows-of.ts';
import { startSteadyLoad } from './support/steady-load.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(600_000);

const names = ['auth', 'scheduling', 'calcom-sync', 'gateway'] as const;
const databases = { auth: 'auth', scheduling: 'scheduling', 'calcom-sync': 'calcomSync' } as const;

let next: string;
let stack: Stack;
let stopAndRemove: () => Promise<void>;
let balancer: LoadBalancer;
let api: ApiClient;
/** Replicas that run, or at their next start will run, from the next release's tree. */
const upgraded = new Set<string>();

beforeAll(async () => {
  next = await mkdtemp(join(tmpdir(), 'daybook-next-'));
  layNextRelease(next);
  const drain = { DRAIN_DELAY_MS: '2000' };
  ({ stack, stopAndRemove } = await startTestStack({
    replicas: { gateway: 2, auth: 2, scheduling: 2, 'calcom-sync': 2 },
    extraEnv: { gateway: drain, auth: drain, scheduling: drain, 'calcom-sync': drain },
    sourcesOf: (service, replica) => (upgraded.has(`${service}/${replica}`) ? next : repositoryRoot),
  }));
  balancer = await startLoadBalancer(stack);
  api = await ApiClient.signIn(balancer.url, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => {
  await balancer?.stop();
  await stopAndRemove?.();
  if (next) await rm(next, { recursive: true, force: true });
});

async function restart(name: (typeof names)[number], replica: number, version: 'this' | 'next'): Promise<void> {
  const process = stack.process(name, replica);
  await process.stop();
  if (version === 'next') upgraded.add(`${name}/${replica}`);
  else upgraded.delete(`${name}/${replica}`);
  await process.start();
  // … and its neighbours have found it again, which a cluster grants by the time between two pods.
  await balancer.waitAllReady();
  await delay(1_000);
}

const migrate = (name: keyof typeof databases): Promise<string> =>
  runProgram({
    name: `${name} migrate`,
    file: serviceFile(name, 'migrate.ts', next),
    env: { NODE_ENV: 'production', DATABASE_URL: stack.migratorUrls[databases[name]] },
    onLine: () => undefined,
  });

test('the next release comes, goes back and comes again under load: expand, deploy, contract, and not one request fails', async () => {
  // Without its schema the next release is never ready, so that a rolling update would wait for it.
  upgraded.add('scheduling/1');
  await stack.process('scheduling', 1).stop();
  await expect(Promise.race([stack.process('scheduling', 1).start(), delay(4_000).then(() => 'waits')])).resolves.toBe(
    'waits',
  );
  await restart('scheduling', 1, 'this');

  const load = startSteadyLoad(api);
  const seen = (step: string): void =>
    console.log(`${step}: ${load.report.asked} requests, ${load.report.failures.length} failed`);
  await delay(1_000);
  for (const name of ['auth', 'scheduling', 'calcom-sync'] as const) await migrate(name);
  await delay(2_000);
  seen('expanded under this release');
  for (const name of names) await restart(name, 1, 'next');
  await delay(3_000);
  seen('both releases at once');
  for (const name of names) await restart(name, 1, 'this');
  await delay(1_000);
  seen('rolled back on the newer schema');
  for (const name of names) for (const replica of [0, 1]) await restart(name, replica, 'next');
  seen('the next release alone');
  for (const name of ['auth', 'scheduling', 'calcomSync'] as const) {
    await rowsOf(stack.migratorUrls[name], contracting[name]);
  }
  await delay(2_000);
  const { failures, asked, booked } = await load.stop();
  seen('contracted');

  expect(failures).toEqual([]);
  expect(asked).toBeGreaterThan(500);
  const stored = await rowsOf<{ id: string }>(stack.databaseUrls.scheduling, 'SELECT id FROM appointments');
  expect(stored.map(({ id }) => id).sort()).toEqual([...booked].sort());
  await allOnCalcom(stack.sandboxUrl!, booked, 60_000);
  expect((await activeBookings(stack.sandboxUrl!)).size).toBe(booked.length);
});
