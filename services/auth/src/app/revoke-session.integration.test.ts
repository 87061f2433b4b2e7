import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { createPractice, type Practice } from '../test-support/practice.ts';
import { call, codeOf, failureOf, refresh, signIn, startReplica, type Replica } from '../test-support/replica.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const clock = new FixedClock('2026-03-01T10:00:00Z');
let practice: Practice;
let replica: Replica;

beforeAll(async () => {
  practice = await createPractice(clock);
  replica = await startReplica({ url: practice.url, clock });
});
afterAll(async () => {
  await replica.stop();
  await practice.drop();
});

const isActive = async (sessionId: string) =>
  (await call<{ active: boolean }>(replica, 'checkSession', { sessionId }, { asGateway: true })).active;

test('logout by refresh token ends the session for both tokens, and again is no error', async () => {
  const { tokens } = await signIn(replica);
  expect(await isActive(tokens.sessionId)).toBe(true);
  await call(replica, 'revokeSession', { refreshToken: tokens.refreshToken });
  await call(replica, 'revokeSession', { refreshToken: tokens.refreshToken });
  expect(await isActive(tokens.sessionId)).toBe(false);
  expect(await codeOf(refresh(replica, tokens.refreshToken))).toBe('SESSION_EXPIRED');
  expect(await codeOf(call(replica, 'getCurrentUser', {}, { bearer: tokens.accessToken }))).toBe('SESSION_EXPIRED');
});

test('logout by a token that was just exchanged ends the session too', async () => {
  const { tokens } = await signIn(replica);
  const next = await refresh(replica, tokens.refreshToken);
  await call(replica, 'revokeSession', { refreshToken: tokens.refreshToken });
  expect(await codeOf(refresh(replica, next.tokens.refreshToken))).toBe('SESSION_EXPIRED');
});

test('a session may end itself by its id, but no other, and nobody may without a token', async () => {
  const [mine, theirs] = [await signIn(replica), await signIn(replica)];
  const bearer = mine.tokens.accessToken;
  const end = (sessionId: string, credential: { bearer?: string; asGateway?: boolean }) =>
    call(replica, 'revokeSession', { sessionId }, credential);
  expect(await codeOf(end(theirs.tokens.sessionId, { bearer }))).toBe('NOT_PERMITTED');
  expect(await codeOf(end(mine.tokens.sessionId, {}))).toBe('SESSION_INVALID');
  expect(await codeOf(end(mine.tokens.sessionId, { asGateway: true }))).toBe('SESSION_INVALID');
  expect(await isActive(mine.tokens.sessionId)).toBe(true);
  await end(mine.tokens.sessionId, { bearer });
  expect(await isActive(mine.tokens.sessionId)).toBe(false);
  expect(await isActive(theirs.tokens.sessionId)).toBe(true);
});

test.each([[{}], [{ refreshToken: 'A'.repeat(43) }], [{ refreshToken: 'x' }]])(
  '%j ends nothing and is no error',
  async (request) => {
    const { tokens } = await signIn(replica);
    expect(await call(replica, 'revokeSession', request)).toEqual({});
    expect(await isActive(tokens.sessionId)).toBe(true);
  },
);

test('a logout and a refresh at the same moment leave no session behind', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { tokens } = await signIn(replica, { clientAddress: `192.0.2.${round}` });
    const [refreshed] = await Promise.allSettled([
      refresh(replica, tokens.refreshToken),
      call(replica, 'revokeSession', { refreshToken: tokens.refreshToken }),
    ]);
    expect(await isActive(tokens.sessionId)).toBe(false);
    if (refreshed.status === 'rejected') continue;
    expect(await codeOf(refresh(replica, refreshed.value.tokens.refreshToken))).toBe('SESSION_EXPIRED');
  }
});

test('only services may ask whether a session is open, and nonsense is not', async () => {
  const { tokens } = await signIn(replica);
  const request = { sessionId: tokens.sessionId };
  expect(await codeOf(call(replica, 'checkSession', request))).toBe('SESSION_INVALID');
  expect((await failureOf(call(replica, 'checkSession', request, { bearer: tokens.accessToken }))).kind).toBe(
    'forbidden',
  );
  for (const sessionId of ['', 'x', "' OR true --", crypto.randomUUID()]) expect(await isActive(sessionId)).toBe(false);
});

test('the reason of an end is kept', async () => {
  const rows = await query<{ reason: string }>(practice.database, {
    text: 'SELECT DISTINCT revoked_reason AS reason FROM sessions WHERE revoked_at IS NOT NULL',
  });
  expect(rows).toEqual([{ reason: 'logout' }]);
});
