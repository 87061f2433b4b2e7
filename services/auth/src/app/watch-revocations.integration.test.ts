import { Metadata, type ClientReadableStream } from '@grpc/grpc-js';
import type { WatchRevocationsResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import { systemClock } from '@daybook/runtime/clock';
import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { createPractice, type Practice } from '../test-support/practice.ts';
import { call, codeOf, gateway, refresh, signIn, startReplica } from '../test-support/replica.ts';
import type { Replica } from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

let practice: Practice;
let first: Replica;
let second: Replica;

beforeAll(async () => {
  practice = await createPractice(systemClock);
  [first, second] = await Promise.all([
    startReplica({ url: practice.url, clock: systemClock }),
    startReplica({ url: practice.url, clock: systemClock }),
  ]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await practice.drop();
});

type Watch = {
  messages: { at: number; message: WatchRevocationsResponse__Output }[];
  failure: Promise<{ code: number }>;
  stream: ClientReadableStream<WatchRevocationsResponse__Output>;
};

function watch(replica: Replica, credential?: string): Watch {
  const metadata = new Metadata();
  if (credential !== undefined) metadata.set('authorization', credential);
  const stream = replica.client.watchRevocations({}, metadata);
  const messages: Watch['messages'] = [];
  stream.on('data', (message: WatchRevocationsResponse__Output) => messages.push({ at: performance.now(), message }));
  const failure = new Promise<{ code: number }>((resolve) => stream.on('error', (error) => resolve(error as never)));
  return { messages, failure, stream };
}

const asGateway = `Service ${gateway.name}:${gateway.secret.reveal()}`;

const learned = (watched: Watch, sessionId: string) =>
  watched.messages.find(({ message }) => message.revocations.some((revocation) => revocation.sessionId === sessionId));

test('a logout at one replica is known at the other within a second', async () => {
  const watched = watch(second, asGateway);
  await until(() => watched.messages.length > 0, { what: 'the snapshot' });
  expect(watched.messages[0]?.message.snapshot).toBe(true);
  const delays: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const { tokens } = await signIn(first);
    const before = performance.now();
    await call(first, 'revokeSession', { refreshToken: tokens.refreshToken });
    const found = await until(() => learned(watched, tokens.sessionId), { what: 'the revocation' });
    expect(found.message.snapshot).toBe(false);
    delays.push(found.at - before);
    const { forgetAfter } = found.message.revocations[0] ?? {};
    expect(forgetAfter?.seconds).toBeGreaterThanOrEqual(tokens.accessExpiresAt?.seconds ?? Infinity);
  }
  watched.stream.cancel();
  expect(Math.max(...delays)).toBeLessThan(1000);
});

test('the snapshot holds what was revoked before, and nothing whose tokens have ended', async () => {
  const [recent, old] = [await signIn(first), await signIn(first)];
  await call(first, 'revokeSession', { refreshToken: recent.tokens.refreshToken });
  await query(practice.database, {
    text: `UPDATE sessions SET revoked_at = now() - interval '1 hour', revoked_reason = 'logout' WHERE id = $1`,
    values: [old.tokens.sessionId],
  });
  const watched = watch(second, asGateway);
  const [snapshot] = await until(() => watched.messages.length > 0 && watched.messages, { what: 'the snapshot' });
  watched.stream.cancel();
  const ids = snapshot?.message.revocations.map((revocation) => revocation.sessionId);
  expect(ids).toContain(recent.tokens.sessionId);
  expect(ids).not.toContain(old.tokens.sessionId);
});

test('a theft is told as well', async () => {
  const watched = watch(second, asGateway);
  await until(() => watched.messages.length > 0);
  const { tokens } = await signIn(first);
  await refresh(first, tokens.refreshToken);
  await query(practice.database, {
    text: `UPDATE spent_refresh_tokens SET spent_at = spent_at - interval '1 minute' WHERE session_id = $1`,
    values: [tokens.sessionId],
  });
  expect(await codeOf(refresh(first, tokens.refreshToken))).toBe('SESSION_EXPIRED');
  await until(() => learned(watched, tokens.sessionId), { timeoutMs: 1000, what: 'the revocation' });
  watched.stream.cancel();
});

test('a revocation whose notice was lost is found by the poll', async () => {
  const watched = watch(second, asGateway);
  await until(() => watched.messages.length > 0);
  const { tokens } = await signIn(first);
  await query(practice.database, {
    text: `UPDATE sessions SET revoked_at = now(), revoked_reason = 'logout' WHERE id = $1`,
    values: [tokens.sessionId],
  });
  await until(() => learned(watched, tokens.sessionId), { timeoutMs: 3000, what: 'the revocation' });
  watched.stream.cancel();
});

test('a stream without news gives a sign of life well within five seconds', async () => {
  const watched = watch(second, asGateway);
  const [one, two] = await until(() => watched.messages.length >= 2 && watched.messages, { what: 'a sign of life' });
  watched.stream.cancel();
  expect(two?.message).toEqual({ snapshot: false, revocations: [] });
  expect((two?.at ?? Infinity) - (one?.at ?? 0)).toBeLessThan(5000);
});

test('nobody but a service may watch', async () => {
  const { tokens } = await signIn(first);
  const unauthenticated = 16;
  const permissionDenied = 7;
  expect((await watch(first).failure).code).toBe(unauthenticated);
  expect((await watch(first, 'Service gateway:wrong').failure).code).toBe(unauthenticated);
  expect((await watch(first, `Bearer ${tokens.accessToken}`).failure).code).toBe(permissionDenied);
});
