import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import type { EmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import { startNatsServer } from '@daybook/stack/nats-server';
import type { NatsServer } from '@daybook/stack/nats-server';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { allOnCalcom } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

jest.setTimeout(120_000);

let folder: string;
let postgres: EmbeddedPostgres;
let nats: NatsServer;
let toPostgres: TcpProxy;
let toNats: TcpProxy;
let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;
const pids: Record<string, number | undefined> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-faults-'));
  [postgres, nats] = await Promise.all([
    startEmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), durable: true }),
    startNatsServer({ storeDirectory: join(folder, 'nats'), syncAlways: true }),
  ]);
  toPostgres = await startTcpProxy(postgres.port);
  toNats = await startTcpProxy(nats.port);
  const throughProxy = (url: string, port: number): string => {
    const address = new URL(url);
    address.port = String(port);
    return address.href;
  };
  ({ stack, stopAndRemove } = await startTestStack({
    databaseUrl: throughProxy(postgres.adminUrl, toPostgres.port),
    natsUrl: throughProxy(nats.url, toNats.port),
  }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
  for (const name of ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const) pids[name] = stack.process(name).pid;
});
afterAll(async () => {
  await stopAndRemove?.();
  await toPostgres?.stop();
  await toNats?.stop();
  await nats?.stop();
  await postgres?.stop();
  await discardEmbeddedPostgres(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

/** Nothing died and was started again. */
function expectNoRestart(): void {
  for (const name of ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const)
    expect({ name, pid: stack.process(name).pid }).toEqual({ name, pid: pids[name] });
}

const sample = (minutes: number, name = 'Ann') => ({
  customer: { name },
  start: new Date(Date.parse(startIn(20, 0)) + minutes * 60_000).toISOString(),
  durationMinutes: 15,
});

test('the connection is cut after COMMIT was sent: the same key finds the one booking that was made', async () => {
  let unknown = 0;
  for (let round = 0; round < 15; round += 1) {
    const key = `cut-${round}`;
    const body = sample(round * 15);
    const cut = toPostgres.cutAfter('COMMIT');
    const first = await api.book(body, { key });
    await cut;
    // What the person hears is that nobody knows, never that it failed for a reason of theirs.
    if (first.status !== 201) {
      unknown += 1;
      expect([503, 504]).toContain(first.status);
    }
    const again = await until(
      async () => {
        const answer = await api.book(body, { key });
        return answer.status === 201 && answer;
      },
      { timeoutMs: 8000, what: `the answer for ${key}` },
    );
    if (first.status === 201) expect(again.body.id).toBe(first.body.id);
  }
  console.log(`${unknown} of 15 answers were lost after their COMMIT was sent`);
  expect(unknown).toBeGreaterThan(0);
  const all = await api.allAppointments();
  expect(all).toHaveLength(15);
  expect(new Set(all.map(({ start }) => start)).size).toBe(15);
  expectNoRestart();
});

test('PostgreSQL falls silent: requests end with a clear 503 in time, and two seconds after it is back all is well', async () => {
  toPostgres.blackHole();
  const answers = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const begun = performance.now();
      const { status, problem } = await api.book(sample(600 + index * 15), { key: `hole-${index}`, timeoutMs: 10_000 });
      return { status, code: problem?.code, ms: performance.now() - begun };
    }),
  );
  for (const { status, code, ms } of answers) {
    expect([503, 504]).toContain(status);
    expect(code).not.toBe('INTERNAL');
    expect(ms).toBeLessThan(6000);
  }
  await delay(1500);
  toPostgres.heal();
  const healed = performance.now();
  await until(async () => (await api.book(sample(900), { key: 'after-hole' })).status === 201, {
    timeoutMs: 10_000,
    what: 'a booking after PostgreSQL is back',
  });
  const backAfterMs = performance.now() - healed;
  console.log(`serving again ${backAfterMs.toFixed(0)} ms after the silence ended`);
  // Each silent intent can be repeated and comes to exactly one appointment.
  for (let index = 0; index < 8; index += 1)
    await until(async () => (await api.book(sample(600 + index * 15), { key: `hole-${index}` })).status === 201, {
      timeoutMs: 5000,
      what: `the repeat of hole-${index}`,
    });
  const starts = (await api.allAppointments()).map(({ start }) => start);
  expect(new Set(starts).size).toBe(starts.length);
  expectNoRestart();
});

test('NATS falls silent: booking goes on as if nothing were, and Cal.com catches up by itself', async () => {
  const time = async (minutes: number): Promise<number> => {
    const begun = performance.now();
    expect((await api.book(sample(minutes))).status).toBe(201);
    return performance.now() - begun;
  };
  const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const before: number[] = [];
  for (let index = 0; index < 20; index += 1) before.push(await time(2000 + index * 15));
  toNats.blackHole();
  const during: number[] = [];
  for (let index = 0; index < 20; index += 1) during.push(await time(3000 + index * 15));
  console.log(`booking takes ${middle(before).toFixed(1)} ms, and ${middle(during).toFixed(1)} ms with NATS silent`);
  expect(middle(during)).toBeLessThan(middle(before) * 3 + 20);
  toNats.heal();
  toNats.resetAll();
  const wanted = (await api.allAppointments()).map(({ id }) => id);
  await allOnCalcom(stack.sandboxUrl!, wanted, 90_000);
  expectNoRestart();
});
