import { randomUUID } from 'node:crypto';
import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { addAttempts, dropOldAttempts } from '../db/attempt-repository.ts';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';

jest.setTimeout(40_000);
let stack: SyncStack;

beforeEach(async () => {
  stack = await startSyncStack();
}, 30_000);
afterEach(() => stack.stop(), 30_000);

const refuseCreates = { kind: 'status', status: 503, match: { method: 'POST', path: '/v2/bookings$' } };

test('while the rest answers, the first row that gets through makes the others due at once', async () => {
  await stack.startReplica();
  const { practice } = stack;
  await stack.setFaults([refuseCreates]);
  const [first, second] = [await practice.book(practice.at(0)), await practice.book(practice.at(60))];
  for (const { id } of [first, second]) {
    await until(async () => Number((await stack.row(id))['faults']) > 0, { timeoutMs: 8000 });
  }
  // As after an hour of it: one pauses for long, the other is about to try.
  await query(stack.database, {
    text: `UPDATE calendar_links SET faults = 9, next_attempt_at = now() + interval '30 minutes' WHERE appointment_id = $1`,
    values: [second.id],
  });
  await stack.setFaults([]);
  await stack.inStep(8000);
  expect(Number((await stack.row(second.id))['attempts'])).toBe(0);
});

test('a backlog is drained with the nearest appointments first, whenever they were booked', async () => {
  await stack.startReplica();
  const { practice } = stack;
  await practice.book(practice.at(0));
  await stack.inStep();
  await stack.setFaults([{ kind: 'status', status: 503 }]);
  // The farthest meets the outage; the others are not even tried.
  const booked = [await practice.book(practice.at(7 * 1440))];
  await until(async () => (await stack.connection())?.['state'] === 'unreachable', { timeoutMs: 8000 });
  for (const minute of [60, 3 * 1440, 120, 1440]) booked.push(await practice.book(practice.at(minute)));
  for (const { id } of booked) await until(async () => 'faults' in (await stack.row(id)), { timeoutMs: 8000 });
  await stack.setFaults([]);
  await stack.inStep(9000);
  const ids = new Set(booked.map(({ id }) => id));
  const made = stack.sandbox.state.bookings.filter(({ metadata }) => ids.has(String(metadata['daybookId'])));
  const starts = made.toSorted((a, b) => a.id - b.id).map(({ start }) => start);
  expect(starts).toEqual(starts.toSorted());
});

test('a long outage of the whole: rows that paused for long are due as soon as it answers again', async () => {
  await stack.startReplica();
  const { practice } = stack;
  await practice.book(practice.at(0));
  await stack.inStep();
  await stack.setFaults([{ kind: 'status', status: 503 }]);
  const { id } = await practice.book(practice.at(60));
  await until(async () => (await stack.connection())?.['state'] === 'unreachable', { timeoutMs: 8000 });
  await until(async () => 'faults' in (await stack.row(id)), { timeoutMs: 8000 });
  await query(stack.database, {
    text: `UPDATE calendar_links SET faults = 9, next_attempt_at = now() + interval '15 minutes' WHERE appointment_id = $1`,
    values: [id],
  });
  await stack.setFaults([]);
  await stack.inStep(9000);
});

test('tries are told with status and words, without addresses; fifty are kept of each appointment, for thirty days', async () => {
  await stack.startReplica();
  const { practice, database } = stack;
  await stack.setFaults([{ ...refuseCreates, times: 1 }]);
  const { id } = await practice.book(practice.at(0));
  await stack.inStep();
  const tries = await stack.attempts(id);
  expect(tries[0]).toMatchObject({ action: 'create', outcome: 'unknown', status: 503 });
  expect(tries.at(-1)).toMatchObject({ action: 'create', outcome: 'ok', status: 201 });
  expect(JSON.stringify(tries)).not.toMatch(/@|Leo/);

  const key = { organizationId: randomUUID(), appointmentId: randomUUID() };
  const attempt = { durationMs: 1.6, action: 'look', outcome: 'ok', status: 200, message: '' } as const;
  const old = Date.now() - 31 * 86_400_000;
  await addAttempts(database, key, [{ ...attempt, at: old }]);
  await dropOldAttempts(database);
  expect(await stack.attempts(key.appointmentId)).toEqual([]);
  for (let round = 0; round < 3; round += 1) {
    await addAttempts(
      database,
      key,
      Array.from({ length: 30 }, () => ({ ...attempt, at: Date.now() })),
    );
  }
  expect(await stack.attempts(key.appointmentId)).toHaveLength(50);
});

test('a refused key stops everything and says so in words; with a key that is taken all goes on', async () => {
  await stack.startReplica({ ATTENTION_PROBE_MS: '300' });
  const { practice } = stack;
  await practice.book(practice.at(0));
  await stack.inStep();
  await stack.setSandbox({ apiKeys: [{ key: 'another' }] });
  await practice.book(practice.at(60));
  await until(async () => (await stack.connection())?.['state'] === 'needs_attention', { timeoutMs: 8000 });
  expect((await stack.connection())?.['message']).toMatch(/does not take the API key/);
  const before = (await stack.requests()).length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const since = (await stack.requests()).slice(before);
  expect(new Set(since.map(({ path }) => path))).toEqual(new Set(['/v2/me']));
  await stack.setSandbox({ apiKeys: [{ key: 'cal_sandbox' }] });
  await stack.inStep();
});
