import { query } from '@daybook/runtime/postgres';
import { FixedClock } from '@daybook/runtime/testing';
import { currentCost } from '../domain/password.ts';
import { addAccount, createPractice } from '../test-support/practice.ts';
import type { Practice } from '../test-support/practice.ts';
import { codeOf, signIn, startReplica } from '../test-support/replica.ts';
import type { Replica } from '../test-support/replica.ts';
import { hashPassword } from './argon2id.ts';

jest.setTimeout(600_000);

const clock = new FixedClock('2026-03-01T10:00:00Z');
let practice: Practice;
let replica: Replica;

beforeAll(async () => {
  practice = await createPractice(clock);
  const passwordHash = await hashPassword('the-password-of-vera', currentCost);
  await addAccount(practice.database, { username: 'vera', passwordHash });
  replica = await startReplica({ url: practice.url, clock, passwordCost: currentCost });
});
afterAll(async () => {
  await replica.stop();
  await practice.drop();
});

async function timeOf(username: string): Promise<number> {
  // Each try is the first of its kind, or the throttle would answer in place of the password.
  await query(practice.database, { text: 'DELETE FROM throttle_counters' });
  const begun = performance.now();
  const code = await codeOf(signIn(replica, { username, password: 'not-the-password-1' }));
  expect(code).toBe('INVALID_CREDENTIALS');
  return performance.now() - begun;
}

const medianOf = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

test('two hundred tries of a username that exists and of one that does not take the same time within a tenth', async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 210; round += 1) {
    // In turns, and each first as often, so that whatever else the machine does falls on both alike.
    const pair = [
      ['vera', known],
      ['nobody-at-all', unknown],
    ] as const;
    for (const [username, times] of round % 2 === 0 ? pair : pair.toReversed()) {
      const time = await timeOf(username);
      if (round >= 10) times.push(time);
    }
  }
  expect([known.length, unknown.length]).toEqual([200, 200]);
  const ratio = medianOf(known) / medianOf(unknown);
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});
