import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { retrySyncWork } from './engine/sync-work.ts';
import { startSyncStack, type SyncStack } from './testing/sync-stack.ts';

let stack: SyncStack;
let folder: string;
const POST_BOOKING = { method: 'POST', path: '/bookings$' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-sync-'));
  stack = await startSyncStack({ stateFile: join(folder, 'sandbox.json') });
}, 30_000);
afterEach(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

async function untilState(id: string, state: string): Promise<Record<string, unknown>> {
  return until(async () => {
    const row = await stack.row(id);
    return row['state'] === state && row;
  });
}

describe('when Cal.com is in trouble', () => {
  test('down, then up: everything is in step by itself, without doubles and without attempts burnt', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const kept = await practice.book(practice.at(0));
    await stack.inStep();
    await stack.stopSandbox();
    const during = await practice.book(practice.at(60));
    await practice.move(kept.id, practice.at(120));
    await practice.book(practice.at(180));
    await until(async () => (await stack.connection())?.['state'] === 'unreachable');
    const row = await until(async () => {
      const recorded = await stack.row(during.id);
      return 'attempts' in recorded && recorded;
    });
    expect(Number(row['attempts'])).toBe(0);
    await stack.restartSandbox();
    await stack.inStep(15_000);
    expect((await stack.connection())?.['state']).toBe('connected');
  });

  test.each(['commit_then_status', 'commit_then_hang', 'commit_then_drop'])(
    '%s: the booking that was made is found, not made twice',
    async (kind) => {
      await stack.startReplica();
      const { practice } = stack;
      await practice.book(practice.at(600));
      await stack.inStep();
      await stack.setFaults([{ kind, status: 500, match: POST_BOOKING, times: 1 }]);
      const { id } = await practice.book(practice.at(0));
      await stack.inStep();
      await stack.setFaults([{ kind, status: 500, match: { method: 'POST', path: '/reschedule$' }, times: 1 }]);
      await practice.move(id, practice.at(60));
      await stack.inStep();
      await stack.setFaults([{ kind, status: 500, match: { method: 'POST', path: '/cancel$' }, times: 1 }]);
      await practice.cancel(id);
      await stack.inStep();
      const made = stack.sandbox.state.bookings.filter(({ metadata }) => metadata['daybookId'] === id);
      expect(made).toHaveLength(2);
    },
    20_000,
  );

  test('a move whose answer was lost is found even while the old uid does not say where it went', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const { id } = await practice.book(practice.at(0));
    await stack.inStep();
    await stack.setFaults([
      { kind: 'commit_then_drop', match: { method: 'POST', path: '/reschedule$' }, times: 1 },
      { kind: 'stale_rescheduled_to' },
    ]);
    await practice.move(id, practice.at(60));
    await stack.inStep();
  });

  test('a 429 makes it pause as told, counts as nothing, and goes on', async () => {
    await stack.startReplica();
    const { practice } = stack;
    await practice.book(practice.at(600));
    await stack.inStep();
    await stack.setFaults([{ kind: 'status', status: 429, match: POST_BOOKING, times: 1 }]);
    const { id } = await practice.book(practice.at(0));
    await until(async () => (await stack.requests()).some(({ status }) => status === 429));
    await until(async () => Number((await stack.row(id))['finished']) > 0);
    expect(await stack.row(id)).toMatchObject({ state: 'waiting', attempts: 0, faults: 0, attempt_kind: null });
  });

  test('with a backlog larger than the limit no call of ours is ever refused for its number', async () => {
    await stack.setSandbox({ rateLimitPerMinute: 12 });
    await stack.startReplica();
    const { practice } = stack;
    for (let index = 0; index < 20; index += 1) await practice.book(practice.at(index * 30));
    await until(async () => (await stack.requests()).length === 12);
    await until(async () => {
      const rows = await query<{ n: number }>(stack.database, {
        text: `SELECT count(*) AS n FROM connections WHERE calls_remaining = 0 AND calls_reset_at > now()`,
      });
      return rows[0]?.n === 1;
    });
    const requests = await stack.requests();
    expect(requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(requests).toHaveLength(12);
  });

  test('a refused key stops the connection, says so, and a key that is taken again heals it', async () => {
    await stack.startReplica({ ATTENTION_PROBE_MS: '500' });
    const { practice } = stack;
    await practice.book(practice.at(600));
    await stack.inStep();
    await stack.setSandbox({ apiKeys: [{ key: 'another' }] });
    const { id } = await practice.book(practice.at(0));
    const connection = await until(async () => {
      const row = await stack.connection();
      return row?.['state'] === 'needs_attention' && row;
    });
    expect(connection['message']).toMatch(/API key/);
    expect(await stack.row(id)).toMatchObject({ state: 'waiting', attempts: 0 });
    await stack.setSandbox({ apiKeys: [{ key: 'cal_sandbox' }] });
    await stack.inStep();
  });

  test('nonsense from all of Cal.com for a while: everything is in step again by itself', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const moved = await practice.book(practice.at(600));
    await stack.inStep();
    await stack.setFaults([{ kind: 'garbage' }]);
    await practice.move(moved.id, practice.at(660));
    await practice.book(practice.at(0));
    await until(async () => (await stack.connection())?.['state'] === 'unreachable');
    await stack.setFaults([]);
    await stack.inStep(15_000);
  }, 30_000);

  test('garbage for one appointment, however often, delays no other; its row waits and says why, then heals', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const { id } = await practice.book(practice.at(600));
    await stack.inStep();
    const uid = String((await stack.row(id))['standing_uid']);
    await stack.setFaults([{ kind: 'garbage', match: { path: `/bookings/${uid}` } }]);
    await practice.move(id, practice.at(660));
    const other = await practice.book(practice.at(0));
    await until(() => other.id in stack.standing(), { timeoutMs: 5000 });
    // One short of the number of decisions that parks a row.
    await query(stack.database, {
      text: 'UPDATE calendar_links SET attempts = 7 WHERE appointment_id = $1',
      values: [id],
    });
    const faults = Number((await stack.row(id))['faults']);
    await until(async () => Number((await stack.row(id))['faults']) > faults);
    expect(await stack.row(id)).toMatchObject({ state: 'waiting', message: expect.stringMatching(/tries again/) });
    await stack.setFaults([]);
    await query(stack.database, {
      text: 'UPDATE calendar_links SET next_attempt_at = now() WHERE appointment_id = $1',
      values: [id],
    });
    await stack.inStep();
  }, 30_000);

  test('garbage once for one appointment delays no other and crashes nothing', async () => {
    await stack.startReplica();
    const { practice } = stack;
    await practice.book(practice.at(600));
    await stack.inStep();
    await stack.setFaults([{ kind: 'garbage', match: POST_BOOKING, times: 1 }]);
    await practice.book(practice.at(0));
    await practice.book(practice.at(60));
    await practice.book(practice.at(120));
    await stack.inStep();
  });
});

describe('when Cal.com refuses', () => {
  test('a time taken over there is different, in words, and a retry by a person succeeds once it is free', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const blocker = await practice.book(practice.at(0));
    await stack.inStep();
    // The booking becomes somebody else's: made in Cal.com, unknown to Daybook.
    const foreign = stack.sandbox.state.bookings.find(({ metadata }) => metadata['daybookId'] === blocker.id)!;
    foreign.metadata = {};
    await query(stack.database, { text: 'DELETE FROM calendar_links' });
    practice.appointments.clear();
    const { id } = await practice.book(practice.at(0));
    const row = await untilState(id, 'different');
    expect(row['message']).toMatch(/taken/);
    await practice.book(practice.at(60));
    await until(() => Object.keys(stack.standing()).length === 1);
    foreign.status = 'cancelled';
    foreign.uniqueKey = null;
    expect(await retrySyncWork(stack.database, practice.organizationId, id)).toBe(1);
    await stack.inStep();
    const states = (await stack.events())
      .flatMap((event) => event.appointmentSyncChanged ?? [])
      .filter(({ appointmentId }) => appointmentId === id)
      .map(({ state }) => state);
    expect(states).toEqual(['SYNC_STATE_DIFFERENT', 'SYNC_STATE_WAITING', 'SYNC_STATE_IN_STEP']);
  });

  test('an appointment that has begun before Cal.com heard of it is different, without a call', async () => {
    const { practice } = stack;
    const { id } = await practice.book(Date.now() - 60_000);
    await stack.startReplica();
    await untilState(id, 'different');
    expect((await stack.requests()).some(({ method, path }) => method === 'POST' && path.endsWith('/bookings'))).toBe(
      false,
    );
  });

  test('retrying an appointment nobody knows says so', async () => {
    await expect(retrySyncWork(stack.database, randomUUID(), randomUUID())).rejects.toMatchObject({
      code: 'APPOINTMENT_NOT_FOUND',
    });
  });

  test('a booking somebody took away over there is made again when it is moved, and cancelling it twice is success', async () => {
    await stack.startReplica();
    const { practice } = stack;
    const [moved, cancelled] = [await practice.book(practice.at(0)), await practice.book(practice.at(60))];
    await stack.inStep();
    for (const booking of stack.sandbox.state.bookings) {
      booking.status = 'cancelled';
      booking.uniqueKey = null;
    }
    await practice.move(moved.id, practice.at(120));
    await practice.cancel(cancelled.id);
    await stack.inStep();
  });
});
