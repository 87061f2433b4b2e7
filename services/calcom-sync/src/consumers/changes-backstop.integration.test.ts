import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { applyOnce } from '@daybook/runtime/consumer';
import { query, withTransaction } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { recordChange } from '../engine/desired-state.ts';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';
import { toChange } from './mapping.ts';
import { CONSUMER } from './scheduling-events.ts';

let stack: SyncStack;

beforeEach(async () => {
  stack = await startSyncStack();
}, 30_000);
afterEach(() => stack.stop(), 30_000);

async function untilCursor(sequence: number): Promise<void> {
  await until(async () => {
    const [row] = await query<{ sequence: number }>(stack.database, { text: 'SELECT sequence FROM change_cursor' });
    return row?.sequence === sequence;
  });
}

describe('the list of changes', () => {
  test('a change that cannot be applied is passed over; those before and after it take effect', async () => {
    stack.setDoorbell(false);
    const { practice } = stack;
    await practice.book(practice.at(0));
    const impossible = await practice.book(practice.at(60), 0);
    await practice.book(practice.at(120));
    practice.appointments.delete(impossible.id);
    await stack.startReplica({ CHANGES_POLL_MS: '300' });
    await stack.inStep();
    await untilCursor(3);
    await practice.book(practice.at(180));
    await stack.inStep();
  });

  test('after scheduling was restored from a backup, changes under numbers it gives out again are read', async () => {
    const { practice } = stack;
    await stack.startReplica({ CHANGES_POLL_MS: '300' });
    for (const minutes of [0, 60, 120, 180]) await practice.book(practice.at(minutes));
    await stack.inStep();
    await untilCursor(4);
    stack.setDoorbell(false);
    practice.changes.splice(1);
    await practice.book(practice.at(240));
    await stack.inStep();
    await untilCursor(2);
  });

  test('an event that the broker brings at the same moment does not wait in a circle with it', async () => {
    const { practice, database } = stack;
    stack.setDoorbell(false);
    const booked = await practice.book(practice.at(0));
    await practice.move(booked.id, practice.at(60));
    const event = decodeSchedulingEvent(Buffer.from(practice.changes.at(-1)!.event));
    const [before] = await deadlocks();
    await withTransaction(database, async (tx) => {
      await applyOnce(tx, CONSUMER, event.eventId);
      await stack.startReplica({ CHANGES_POLL_MS: '300' });
      // The list has brought the booking, and waits for us to say what became of the move.
      await until(async () => (await waiting()) > 0, { what: 'the list of changes to wait' });
      await recordChange(tx, toChange(event), { coalesceMs: 0 });
    });
    await stack.inStep();
    expect(await deadlocks()).toEqual([before]);
  });
});

async function waiting(): Promise<number> {
  const [row] = await query<{ count: number }>(stack.database, {
    text: `SELECT count(*) AS count FROM pg_stat_activity
           WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
  });
  return row?.count ?? 0;
}

async function deadlocks(): Promise<number[]> {
  const rows = await query<{ deadlocks: number }>(stack.database, {
    text: 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  });
  return rows.map((row) => row.deadlocks);
}
