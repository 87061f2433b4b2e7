import { randomUUID } from 'node:crypto';
import { query } from '@daybook/runtime/postgres';
import { FixedClock, until } from '@daybook/runtime/testing';
import { addAccount, createPractice, owner, type Practice } from '../test-support/practice.ts';
import { call, codeOf, failureOf, refresh, signIn, startReplica, type Replica } from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

type Listed = { sessions: { id: string; userAgent: string; current: boolean; lastUsedAt: { seconds: number } }[] };

const start = '2026-03-01T10:00:00Z';
const clock = new FixedClock(start);
const fresh = 'birke-wolke-lampe-12';
let practice: Practice;
let replica: Replica;
let other: Replica;

beforeEach(async () => {
  clock.set(start);
  practice = await createPractice(clock);
  replica = await startReplica({ url: practice.url, clock });
  other = await startReplica({ url: practice.url, clock });
});
afterEach(async () => {
  await replica.stop();
  await other.stop();
  await practice.drop();
});

const isActive = async (sessionId: string, at = replica) =>
  (await call<{ active: boolean }>(at, 'checkSession', { sessionId }, { asGateway: true })).active;
const change = (bearer: string, request: object = {}, at = replica) =>
  call<{ endedSessions: number }>(
    at,
    'changePassword',
    { currentPassword: owner.password, newPassword: fresh, ...request },
    { bearer },
  );

describe('a new password', () => {
  test('counts at once, keeps the session that set it and ends the others on every replica', async () => {
    const mine = (await signIn(replica)).tokens;
    const elsewhere = [(await signIn(other)).tokens, (await signIn(replica)).tokens];
    expect(await change(mine.accessToken)).toEqual({ endedSessions: 2 });
    for (const { sessionId, refreshToken } of elsewhere) {
      expect(await isActive(sessionId, other)).toBe(false);
      expect(await codeOf(refresh(other, refreshToken))).toBe('SESSION_EXPIRED');
    }
    expect(await isActive(mine.sessionId)).toBe(true);
    await refresh(replica, mine.refreshToken);
    expect(await codeOf(signIn(replica))).toBe('INVALID_CREDENTIALS');
    await signIn(replica, { password: fresh });
  });

  test('is told to whoever watches for revocations', async () => {
    const mine = (await signIn(replica)).tokens;
    const gone = (await signIn(replica)).tokens;
    const seen: string[] = [];
    const { Metadata } = await import('@grpc/grpc-js');
    const metadata = new Metadata();
    metadata.set('authorization', 'Service gateway:gateway-secret-of-tests');
    const stream = other.client.watchRevocations({}, metadata);
    stream.on('data', (message: { revocations: { sessionId: string }[] }) => {
      seen.push(...message.revocations.map((revocation) => revocation.sessionId));
    });
    stream.on('error', () => undefined);
    await change(mine.accessToken);
    await until(async () => seen.includes(gone.sessionId), { what: 'the revocation' });
    expect(seen).not.toContain(mine.sessionId);
    stream.cancel();
  });

  test('needs the present one, and guessing is held up as at sign-in but holds up no sign-in', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await codeOf(change(accessToken, { currentPassword: `guess-${guess}-xyz` }))).toBe('INVALID_CREDENTIALS');
    }
    const held = await failureOf(change(accessToken));
    expect(held).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', context: { retryAfterSeconds: 1 } });
    await signIn(replica);
    clock.advance(2_000);
    expect(await change(accessToken)).toMatchObject({ endedSessions: 1 });
  });

  test('that cannot be set is refused at its field, before any work', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    const before = replica.passwords.computations();
    for (const newPassword of ['short', 'password123', 'Owner', owner.password, 'x'.repeat(1025)]) {
      const { code, context } = await failureOf(change(accessToken, { newPassword }));
      expect([code, (context['errors'] as { pointer: string }[])[0]!.pointer]).toEqual([
        'VALIDATION_FAILED',
        '/newPassword',
      ]);
    }
    const { context } = await failureOf(change(accessToken, { currentPassword: '' }));
    expect((context['errors'] as { pointer: string }[])[0]!.pointer).toBe('/currentPassword');
    expect(replica.passwords.computations()).toBe(before);
    await signIn(replica);
  });

  test('set twice at once is set once', async () => {
    const { accessToken } = (await signIn(replica)).tokens;
    const outcomes = await Promise.allSettled([
      change(accessToken, { newPassword: `${fresh}-a` }),
      change(accessToken, { newPassword: `${fresh}-b` }, other),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  test('cannot be set without a session, by an ended one, or by a service', async () => {
    const { accessToken, refreshToken } = (await signIn(replica)).tokens;
    await call(replica, 'revokeSession', { refreshToken });
    expect(await codeOf(change(accessToken))).toBe('SESSION_EXPIRED');
    expect(await codeOf(call(replica, 'changePassword', {}))).toBe('SESSION_INVALID');
    expect(await codeOf(call(replica, 'changePassword', {}, { asGateway: true }))).toBe('SESSION_INVALID');
  });
});

describe('the sessions of a person', () => {
  const list = (bearer: string) => call<Listed>(replica, 'listSessions', {}, { bearer });
  const end = (bearer: string, sessionId = '') =>
    call<{ endedSessions: number }>(replica, 'endSession', { sessionId }, { bearer });

  test('are listed, the last used first, without those that ended', async () => {
    const first = (await signIn(replica)).tokens;
    clock.advance(60_000);
    const second = (await signIn(replica)).tokens;
    const gone = (await signIn(replica)).tokens;
    await call(replica, 'revokeSession', { refreshToken: gone.refreshToken });
    expect((await list(first.accessToken)).sessions.map(({ id, current }) => [id, current])).toEqual([
      [second.sessionId, false],
      [first.sessionId, true],
    ]);
    clock.advance(60_000);
    const { tokens } = await refresh(replica, first.refreshToken);
    const { sessions } = await list(tokens.accessToken);
    expect(sessions[0]).toMatchObject({ id: first.sessionId, userAgent: 'jest', current: true });
    expect(sessions[0]!.lastUsedAt.seconds).toBe(Date.parse(start) / 1000 + 120);
    expect(JSON.stringify(sessions)).not.toContain(tokens.refreshToken);
  });

  test('end one by one or all but the present, and say how many', async () => {
    const mine = (await signIn(replica)).tokens;
    const [second, third] = [(await signIn(replica)).tokens, (await signIn(replica)).tokens];
    expect(await end(mine.accessToken, second.sessionId.toUpperCase())).toEqual({ endedSessions: 1 });
    expect(await isActive(second.sessionId, other)).toBe(false);
    expect(await codeOf(end(mine.accessToken, second.sessionId))).toBe('SESSION_NOT_FOUND');
    expect(await end(mine.accessToken)).toEqual({ endedSessions: 1 });
    expect(await isActive(third.sessionId)).toBe(false);
    expect(await end(mine.accessToken)).toEqual({ endedSessions: 0 });
    expect(await isActive(mine.sessionId)).toBe(true);
    expect(await end(mine.accessToken, mine.sessionId)).toEqual({ endedSessions: 1 });
    expect(await codeOf(list(mine.accessToken))).toBe('SESSION_EXPIRED');
  });

  test('of somebody else are not there', async () => {
    await addAccount(practice.database, { username: 'desk' });
    const mine = (await signIn(replica)).tokens;
    const theirs = (await signIn(replica, { username: 'desk' })).tokens;
    for (const id of [theirs.sessionId, randomUUID(), 'x', "' OR true --"]) {
      expect(await codeOf(end(mine.accessToken, id))).toBe('SESSION_NOT_FOUND');
    }
    expect((await list(mine.accessToken)).sessions).toHaveLength(1);
    await end(mine.accessToken);
    await change(mine.accessToken);
    expect(await isActive(theirs.sessionId)).toBe(true);
    await signIn(replica, { username: 'desk' });
  });

  test('keep why they ended', async () => {
    const mine = (await signIn(replica)).tokens;
    await signIn(replica);
    await end(mine.accessToken);
    await signIn(replica);
    await change(mine.accessToken);
    const rows = await query<{ reason: string }>(practice.database, {
      text: 'SELECT revoked_reason AS reason FROM sessions WHERE revoked_at IS NOT NULL ORDER BY created_at, reason',
    });
    expect(rows.map((row) => row.reason).sort()).toEqual(['ended_elsewhere', 'password_change']);
  });
});
