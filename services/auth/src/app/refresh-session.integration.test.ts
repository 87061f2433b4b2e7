import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { createPractice, type Practice } from '../test-support/practice.ts';
import {
  call,
  codeOf,
  keyEncryptionKey,
  refresh,
  signIn,
  startReplica,
  type Replica,
} from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const day = 86_400_000;
const clock = new FixedClock('2026-03-01T10:00:00Z');
let practice: Practice;
let replica: Replica;
let second: Replica;

beforeAll(async () => {
  practice = await createPractice(clock);
  [replica, second] = await Promise.all([
    startReplica({ url: practice.url, clock }),
    startReplica({ url: practice.url, clock }),
  ]);
});
afterAll(async () => {
  await Promise.all([replica.stop(), second.stop()]);
  await practice.drop();
});

const isActive = async (sessionId: string) =>
  (await call<{ active: boolean }>(second, 'checkSession', { sessionId }, { asGateway: true })).active;

test('a refresh gives a new pair of the same session and moves the idle end on', async () => {
  const first = await signIn(replica);
  clock.advance(2 * day);
  const next = await refresh(second, first.tokens.refreshToken);
  expect(next.user).toEqual(first.user);
  expect(next.tokens.sessionId).toBe(first.tokens.sessionId);
  expect(next.tokens.refreshToken).not.toBe(first.tokens.refreshToken);
  expect(next.tokens.refreshExpiresAt?.seconds).toBe((clock.now().getTime() + 8 * day) / 1000);
  const me = await call<{ user: unknown }>(replica, 'getCurrentUser', {}, { bearer: next.tokens.accessToken });
  expect(me.user).toEqual(first.user);
});

test('twenty refreshes at once over two replicas all get the same successor, and one family goes on', async () => {
  const { tokens } = await signIn(replica);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => refresh(index % 2 ? replica : second, tokens.refreshToken)),
  );
  const successors = new Set(answers.map((answer) => answer.tokens.refreshToken));
  expect(successors.size).toBe(1);
  const [successor] = successors;
  const rows = await query(practice.database, {
    text: 'SELECT FROM spent_refresh_tokens WHERE session_id = $1',
    values: [tokens.sessionId],
  });
  expect(rows).toHaveLength(1);
  expect((await refresh(replica, successor ?? '')).tokens.sessionId).toBe(tokens.sessionId);
});

test('a lost answer may be asked for again until ten seconds are over', async () => {
  const { tokens } = await signIn(replica);
  const answer = await refresh(replica, tokens.refreshToken);
  clock.advance(9_999);
  const repeated = await refresh(second, tokens.refreshToken);
  expect(repeated.tokens.refreshToken).toBe(answer.tokens.refreshToken);
  expect(repeated.tokens.refreshExpiresAt).toEqual(answer.tokens.refreshExpiresAt);
  expect((await refresh(replica, repeated.tokens.refreshToken)).tokens.sessionId).toBe(tokens.sessionId);
});

test('a lost answer is repeated by a replica whose KEY_ENCRYPTION_KEY begins with another key', async () => {
  const fresh = Buffer.alloc(32, 6).toString('base64');
  const later = await startReplica({ url: practice.url, clock, keys: [fresh, keyEncryptionKey] });
  const earlier = await startReplica({ url: practice.url, clock, keys: [keyEncryptionKey, fresh] });
  try {
    for (const [first, repeating] of [
      [earlier, later],
      [later, earlier],
    ] as const) {
      const { tokens } = await signIn(first);
      const answer = await refresh(first, tokens.refreshToken);
      const repeated = await refresh(repeating, tokens.refreshToken);
      expect(repeated.tokens.refreshToken).toBe(answer.tokens.refreshToken);
      expect((await refresh(repeating, repeated.tokens.refreshToken)).tokens.sessionId).toBe(tokens.sessionId);
    }
  } finally {
    await Promise.all([later.stop(), earlier.stop()]);
  }
});

test('a token used again after ten seconds ends the session with all its tokens', async () => {
  const { tokens } = await signIn(replica);
  const thief = await refresh(replica, tokens.refreshToken);
  clock.advance(10_000);
  expect(await codeOf(refresh(second, tokens.refreshToken))).toBe('SESSION_EXPIRED');
  expect(await codeOf(refresh(replica, thief.tokens.refreshToken))).toBe('SESSION_EXPIRED');
  expect(await codeOf(call(replica, 'getCurrentUser', {}, { bearer: thief.tokens.accessToken }))).toBe(
    'SESSION_EXPIRED',
  );
  expect(await isActive(tokens.sessionId)).toBe(false);
});

test('an old token of many generations ago is recognised too', async () => {
  const { tokens } = await signIn(replica);
  let current = tokens.refreshToken;
  for (let generation = 0; generation < 5; generation += 1) {
    clock.advance(60_000);
    current = (await refresh(replica, current)).tokens.refreshToken;
  }
  expect(await codeOf(refresh(replica, tokens.refreshToken))).toBe('SESSION_EXPIRED');
  expect(await codeOf(refresh(replica, current))).toBe('SESSION_EXPIRED');
});

test('a session that was idle for eight days has ended', async () => {
  const { tokens } = await signIn(replica);
  clock.advance(8 * day - 1);
  const next = await refresh(replica, tokens.refreshToken);
  clock.advance(8 * day);
  expect(await isActive(tokens.sessionId)).toBe(false);
  expect(await codeOf(refresh(replica, next.tokens.refreshToken))).toBe('SESSION_EXPIRED');
});

test('thirty days after sign-in it ends however busy it is', async () => {
  const { tokens } = await signIn(replica);
  let current = tokens;
  for (let week = 0; week < 5; week += 1) {
    clock.advance(5.9 * day);
    current = (await refresh(replica, current.refreshToken)).tokens;
  }
  expect(current.refreshExpiresAt?.seconds).toBeLessThanOrEqual((clock.now().getTime() + 0.6 * day) / 1000);
  clock.advance(0.5 * day);
  expect(await codeOf(refresh(replica, current.refreshToken))).toBe('SESSION_EXPIRED');
});

test('an access token is refused when its ten minutes are over', async () => {
  const { tokens } = await signIn(replica);
  clock.advance(599_000);
  await call(replica, 'getCurrentUser', {}, { bearer: tokens.accessToken });
  clock.advance(7_000);
  expect(await codeOf(call(replica, 'getCurrentUser', {}, { bearer: tokens.accessToken }))).toBe('SESSION_EXPIRED');
});

test('an account that is no longer active can neither refresh nor go on', async () => {
  const { tokens } = await signIn(replica);
  await query(practice.database, { text: 'UPDATE users SET active = false' });
  try {
    expect(await codeOf(refresh(replica, tokens.refreshToken))).toBe('SESSION_EXPIRED');
    expect(await codeOf(call(replica, 'getCurrentUser', {}, { bearer: tokens.accessToken }))).toBe('SESSION_EXPIRED');
    expect(await isActive(tokens.sessionId)).toBe(false);
  } finally {
    await query(practice.database, { text: 'UPDATE users SET active = true' });
  }
});

test.each([[''], ['x'], ['A'.repeat(43)], ['\u0000'.repeat(43)], ['A'.repeat(100_000)]])(
  'a token that never was is refused',
  async (token) => {
    expect(await codeOf(refresh(replica, token))).toBe('SESSION_EXPIRED');
  },
);

test('without a token, or with a mangled one, nobody is anybody', async () => {
  const { tokens } = await signIn(replica);
  const [header, payload, signature] = tokens.accessToken.split('.');
  const forged = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  const mangled = ['', 'x', `${header}.${payload}.`, `${forged}.${payload}.`, `${header}.${payload}.${signature}x`];
  expect(await codeOf(call(replica, 'getCurrentUser', {}))).toBe('SESSION_INVALID');
  for (const bearer of mangled) {
    expect(await codeOf(call(replica, 'getCurrentUser', {}, { bearer }))).toBe('SESSION_INVALID');
  }
});
