import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@daybook/runtime/testing';
import { startSyncStack, type SyncStack } from './testing/sync-stack.ts';

let stack: SyncStack;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-sync-'));
  stack = await startSyncStack({ stateFile: join(folder, 'sandbox.json') });
}, 30_000);
afterEach(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

/** Every booking ever made for an appointment came from one creation or from moving the one before. */
function creationsPerAppointment(): Record<string, number> {
  const made: Record<string, number> = {};
  for (const { metadata, rescheduledFromUid } of stack.sandbox.state.bookings) {
    const id = String(metadata['daybookId']);
    if (rescheduledFromUid === undefined) made[id] = (made[id] ?? 0) + 1;
  }
  return made;
}

describe('several workers', () => {
  test('two replicas never make a booking twice, and the second goes on when the first ends', async () => {
    const first = await stack.startReplica();
    await stack.startReplica();
    const { practice } = stack;
    const booked = [];
    for (let index = 0; index < 15; index += 1) booked.push(await practice.book(practice.at(index * 30)));
    await first.stop();
    for (const { id, start } of booked.slice(0, 5)) await practice.move(id, start + 24 * 3_600_000);
    await practice.book(practice.at(900));
    await stack.inStep(15_000);
    expect(Object.values(creationsPerAppointment()).every((count) => count === 1)).toBe(true);
  }, 30_000);

  test('killed at random moments under work, with slow answers: in step, without doubles', async () => {
    await stack.setFaults([{ kind: 'latency', latencyMs: 40 }]);
    const { practice } = stack;
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const worker = stack.spawnReplica({ LEASE_MS: '1200' });
      const before = (await stack.requests()).length;
      for (let index = 0; index < 5; index += 1) {
        ids.push((await practice.book(practice.at(ids.length * 30))).id);
      }
      if (round > 0) await practice.move(ids[round]!, practice.at(1440 + round * 30));
      // Another point each round among the eight calls that are always made: three to get ready and five to book.
      const enough = before + 1 + Math.floor(Math.random() * 8);
      await until(async () => (await stack.requests()).length >= enough, { timeoutMs: 15_000, intervalMs: 5 });
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
    await stack.setFaults([]);
    await stack.startReplica();
    await stack.inStep(20_000);
    expect(Object.values(creationsPerAppointment()).every((count) => count === 1)).toBe(true);
  }, 60_000);
});
