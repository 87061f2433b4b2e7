import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { AuthServiceClient } from '@daybook/protos/packages';
import type { WatchRevocationsResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import { systemClock } from '@daybook/runtime/clock';
import { createGrpcClient } from '@daybook/runtime/grpc-client';
import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { createPractice, lifetimes, owner, type Practice } from './test-support/practice.ts';
import { call, codeOf, gateway, keyEncryptionKey, refresh, signIn, type Replica } from './test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const fiveMinutesMs = 300_000;
const minuteMs = 60_000;

/** A process of the service whose clock is off. */
type Skewed = Pick<Replica, 'client'> & { child: ChildProcess; sawOffMs: number };

let practice: Practice;
let fast: Skewed;
let slow: Skewed;

async function startProcess(offMs: number): Promise<Skewed> {
  const wrongClock = join(__dirname, 'test-support/wrong-clock.mjs');
  const child = spawn(process.execPath, ['--import', wrongClock, join(__dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      CLOCK_OFF_MS: String(offMs),
      HOST: '127.0.0.1',
      GRPC_PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: practice.url,
      KEY_ENCRYPTION_KEY: keyEncryptionKey,
      SERVICE_TOKENS: JSON.stringify({ gateway: gateway.secret.reveal() }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const line = await until(() => output.split('\n').find((text) => text.includes('"msg":"listening"')), {
    timeoutMs: 30_000,
    what: 'the process to listen',
  });
  const { grpcPort, time } = JSON.parse(line) as { grpcPort: number; time: string };
  const client = createGrpcClient({ constructor: AuthServiceClient, address: `127.0.0.1:${grpcPort}` });
  return { client, child, sawOffMs: new Date(time).getTime() - Date.now() };
}

async function stopProcess({ client, child }: Skewed): Promise<void> {
  client.close();
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await ended;
}

beforeAll(async () => {
  practice = await createPractice(systemClock);
  [fast, slow] = await Promise.all([startProcess(fiveMinutesMs), startProcess(-fiveMinutesMs)]);
});
afterAll(async () => {
  await Promise.all([fast, slow].map((skewed) => skewed && stopProcess(skewed)));
  await practice.drop();
});

const replica = (skewed: Skewed): Replica => skewed as unknown as Replica;
const pairs = [
  ['the fast one', 'the slow one', () => [fast, slow].map(replica) as [Replica, Replica]],
  ['the slow one', 'the fast one', () => [slow, fast].map(replica) as [Replica, Replica]],
] as const;
let visitors = 0;
/** Each from an address of its own, so that the throttle lets all of them in. */
const enter = (at: Replica) => signIn(at, { clientAddress: `203.0.113.${(visitors += 1)}` });
const isOpen = async (at: Replica, sessionId: string): Promise<boolean> =>
  (await call<{ active: boolean }>(at, 'checkSession', { sessionId }, { asGateway: true })).active;

test('the two processes are ten minutes apart by their own word', () => {
  expect(fast.sawOffMs).toBeGreaterThan(fiveMinutesMs - 5000);
  expect(slow.sawOffMs).toBeLessThan(-fiveMinutesMs + 5000);
});

describe.each(pairs)('what %s wrote and %s reads', (_writer, _reader, choose) => {
  let writer: Replica;
  let reader: Replica;
  beforeAll(() => {
    [writer, reader] = choose();
  });

  test('a session begins now and ends after eight days, by the clock both share', async () => {
    const { tokens } = await enter(writer);
    const [row] = await query<{ age: number; left: number }>(practice.database, {
      text: `SELECT extract(epoch FROM now() - created_at)::float8 AS age,
               extract(epoch FROM expires_at - now())::float8 AS left FROM sessions WHERE id = $1`,
      values: [tokens.sessionId],
    });
    expect(Math.abs(row?.age ?? Infinity)).toBeLessThan(30);
    expect(Math.abs((row?.left ?? Infinity) - lifetimes.idleMs / 1000)).toBeLessThan(30);
  });

  test('a lost answer is given again: it is no theft', async () => {
    const { tokens } = await enter(writer);
    const answer = await refresh(writer, tokens.refreshToken);
    const repeated = await refresh(reader, tokens.refreshToken);
    expect(repeated.tokens.refreshToken).toBe(answer.tokens.refreshToken);
    expect(await isOpen(reader, tokens.sessionId)).toBe(true);
  });

  test('after ten seconds it is a theft, and ends the session', async () => {
    const { tokens } = await enter(writer);
    await refresh(writer, tokens.refreshToken);
    await query(practice.database, {
      text: `UPDATE spent_refresh_tokens SET spent_at = spent_at - interval '11 seconds' WHERE session_id = $1`,
      values: [tokens.sessionId],
    });
    expect(await codeOf(refresh(reader, tokens.refreshToken))).toBe('SESSION_EXPIRED');
    expect(await isOpen(writer, tokens.sessionId)).toBe(false);
  });

  test.each([
    ['open a minute before its end', minuteMs, true],
    ['over a minute after its end', -minuteMs, false],
  ])('a session is %s', async (_when, leftMs, open) => {
    const { tokens } = await enter(writer);
    await query(practice.database, {
      text: `UPDATE sessions SET expires_at = now() + $2 * interval '1 millisecond' WHERE id = $1`,
      values: [tokens.sessionId, leftMs],
    });
    expect(await isOpen(reader, tokens.sessionId)).toBe(open);
    const refreshed = await refresh(reader, tokens.refreshToken).then(
      () => true,
      () => false,
    );
    expect(refreshed).toBe(open);
  });

  test('a sign-out is told within a second, and not forgotten before any token of the session has ended', async () => {
    const { tokens } = await enter(writer);
    const metadata = new Metadata();
    metadata.set('authorization', `Service ${gateway.name}:${gateway.secret.reveal()}`);
    const stream = reader.client.watchRevocations({}, metadata);
    stream.on('error', () => undefined);
    const told: { sessionId: string; forgetAfter: number }[] = [];
    let heard = false;
    stream.on('data', ({ revocations }: WatchRevocationsResponse__Output) => {
      heard = true;
      for (const { sessionId, forgetAfter } of revocations)
        told.push({ sessionId, forgetAfter: Number(forgetAfter?.seconds) });
    });
    await until(() => heard, { what: 'the snapshot' });
    const before = performance.now();
    await call(writer, 'revokeSession', { refreshToken: tokens.refreshToken });
    const found = await until(() => told.find(({ sessionId }) => sessionId === tokens.sessionId), {
      what: 'the revocation',
    });
    expect(performance.now() - before).toBeLessThan(1000);
    expect(found.forgetAfter).toBeGreaterThanOrEqual(Number(tokens.accessExpiresAt?.seconds));
    stream.cancel();
  });

  test('who guessed too often waits at both alike', async () => {
    const clientAddress = `198.51.100.${(visitors += 1)}`;
    const guess = (at: Replica) =>
      codeOf(signIn(at, { username: 'nobody', password: 'a guess too many', clientAddress }));
    // Each failure beyond the fourth doubles the wait; the wait itself is passed over by hand, so that the last is long.
    for (let tries = 0; tries < 9; tries += 1) {
      expect(await guess(writer)).toBe('INVALID_CREDENTIALS');
      if (tries < 8) await query(practice.database, { text: 'UPDATE throttle_counters SET blocked_until = NULL' });
    }
    expect(await guess(reader)).toBe('TOO_MANY_ATTEMPTS');
    await query(practice.database, {
      text: `UPDATE throttle_counters SET blocked_until = now() - interval '1 second' WHERE blocked_until IS NOT NULL`,
    });
    expect(await guess(reader)).toBe('INVALID_CREDENTIALS');
    await query(practice.database, { text: 'DELETE FROM throttle_counters' });
  });
});

test('a password set anew by a command on a machine with a wrong clock ends sessions, and the replicas tell', async () => {
  const { tokens } = await enter(replica(fast));
  const metadata = new Metadata();
  metadata.set('authorization', `Service ${gateway.name}:${gateway.secret.reveal()}`);
  const told: string[] = [];
  const stream = fast.client.watchRevocations({}, metadata);
  stream.on('error', () => undefined);
  stream.on('data', ({ revocations }: WatchRevocationsResponse__Output) =>
    told.push('', ...revocations.map(({ sessionId }) => sessionId)),
  );
  await until(() => told.length > 0, { what: 'the snapshot' });
  const child = spawn(
    process.execPath,
    ['--import', join(__dirname, 'test-support/wrong-clock.mjs'), join(__dirname, 'ensure-owner.ts'), '--reset'],
    {
      env: {
        PATH: process.env['PATH'],
        CLOCK_OFF_MS: String(-fiveMinutesMs),
        DATABASE_URL: practice.url,
        OWNER_USERNAME: owner.username,
        OWNER_PASSWORD: owner.password,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  await until(() => told.includes(tokens.sessionId), { timeoutMs: 5000, what: 'the revocation' });
  stream.cancel();
});
