import { query } from '@daybook/runtime/postgres';
import { until } from '@daybook/runtime/testing';
import { startSyncStack, type SyncStack } from '../testing/sync-stack.ts';

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
});
