import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from './support/api-client.ts';
import { rowsOf } from './support/rows-of.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(180_000);

const competitors = 32;
const racer = join(process.cwd(), 'tests/support/race-client.ts');
type Result = { status: number; code?: string; nearest: number; milliseconds: number };

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack({ replicas: { gateway: 2, scheduling: 2 } }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => stopAndRemove?.());

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await new Promise((done) => child.once('exit', done));
}

/** Runs one process per start, opens the gate once all are connected, and collects the answers. */
async function race(starts: readonly string[]): Promise<Result[]> {
  const children = starts.map((start, index) =>
    spawn(
      process.execPath,
      [racer, stack.gatewayUrls[index % stack.gatewayUrls.length]!, api.token!, start, '30', `Racer ${index}`],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    ),
  );
  const lines = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  await Promise.all(lines.map((line) => line.next()));
  for (const child of children) child.stdin.write('go\n');
  const results = await Promise.all(lines.map(async (line) => JSON.parse(String((await line.next()).value)) as Result));
  await Promise.all(children.map((child) => exitOf(child)));
  return results;
}

async function overlapsInDatabase(): Promise<number> {
  const [row] = await rowsOf<{ overlaps: string }>(
    stack.databaseUrls.scheduling,
    `SELECT count(*) AS overlaps FROM appointments a JOIN appointments b
       ON a.provider_id = b.provider_id AND a.id < b.id AND a.during && b.during
      WHERE a.status IN ('scheduled', 'completed') AND b.status IN ('scheduled', 'completed')`,
  );
  return Number(row!.overlaps);
}

async function deadlocks(): Promise<number> {
  const [row] = await rowsOf<{ deadlocks: string }>(
    stack.adminDatabaseUrl,
    'SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database',
  );
  return Number(row!.deadlocks);
}

describe(`${competitors} processes race for one time, over two gateways and two scheduling replicas`, () => {
  test('the same start: one 201, the others 409 with other times, nobody a 500, no deadlock', async () => {
    const results = await race(Array.from({ length: competitors }, () => startIn(20, 10)));
    expect(results.filter(({ status }) => status === 201)).toHaveLength(1);
    const losers = results.filter(({ status }) => status !== 201);
    expect(losers.map(({ status, code }) => `${status} ${code}`)).toEqual(losers.map(() => '409 SLOT_TAKEN'));
    for (const { nearest } of losers) expect(nearest).toBe(3);
    expect(await overlapsInDatabase()).toBe(0);
    expect(await deadlocks()).toBe(0);
  });

  test('starts a minute apart that all overlap: still one', async () => {
    const results = await race(Array.from({ length: competitors }, (_, index) => startIn(21, 10, index % 30)));
    expect(results.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(results.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(await overlapsInDatabase()).toBe(0);
  });

  test('as many free times as competitors: everybody gets one', async () => {
    const results = await race(
      Array.from({ length: competitors }, (_, index) => startIn(22, Math.floor(index / 2), (index % 2) * 30)),
    );
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 201));
  });
});
