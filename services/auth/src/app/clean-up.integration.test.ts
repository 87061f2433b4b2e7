import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { createPractice, type Practice } from '../test-support/practice.ts';
import { call, codeOf, refresh, signIn, startReplica, type Replica } from '../test-support/replica.ts';
import { cleanUp } from './clean-up.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const hour = 3_600_000;
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

test('sessions go a day after their end with their spent tokens, counters a day after their last use', async () => {
  const [ended, open] = [await signIn(replica), await signIn(replica)];
  await refresh(replica, ended.tokens.refreshToken);
  await call(replica, 'revokeSession', { refreshToken: ended.tokens.refreshToken });
  await codeOf(signIn(replica, { password: 'not-the-password-1' }));

  clock.advance(24 * hour);
  expect(await cleanUp({ database: practice.database, clock })).toEqual({ sessions: 0, counters: 0 });
  clock.advance(1);
  expect(await cleanUp({ database: practice.database, clock })).toEqual({ sessions: 1, counters: 3 });

  expect(await query(practice.database, { text: 'SELECT FROM spent_refresh_tokens' })).toEqual([]);
  const left = await query<{ id: string }>(practice.database, { text: 'SELECT id FROM sessions' });
  expect(left).toEqual([{ id: open.tokens.sessionId }]);
  clock.advance(9 * 24 * hour);
  expect(await cleanUp({ database: practice.database, clock })).toEqual({ sessions: 1, counters: 0 });
});
