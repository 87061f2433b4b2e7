import { setTimeout as delay } from 'node:timers/promises';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { crashPostgres, killBackends, listPids, stopPostgres } from '../support/faults/injections.ts';
import { bookingOf } from '../support/load.ts';
import { startIn } from '../support/api-client.ts';

jest.setTimeout(300_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

test(`F4: every connection of PostgreSQL is killed, three times (seed ${seed})`, async () => {
  const pids = listPids(world);
  const { faults } = await world.run({
    name: 'F4 backends killed',
    inject: async (_world, random) => {
      for (let round = 0; round < 3; round += 1) {
        await killBackends(world, random);
        await delay(random() * 1500);
      }
    },
  });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
});

test.each(['SIGQUIT', 'SIGKILL'] as const)(`F4: PostgreSQL ends by %s and recovers (seed ${seed})`, async (signal) => {
  const pids = listPids(world);
  const { faults } = await world.run({ name: `F4 PostgreSQL ${signal}`, inject: crashPostgres(signal) });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
});

test(`F4: PostgreSQL is away for ten seconds: writes fail fast and say when to come back (seed ${seed})`, async () => {
  const pids = listPids(world);
  const answers: { status: number; retryAfter: string | null; ms: number }[] = [];
  const { faults } = await world.run({
    name: 'F4 PostgreSQL away for 10 s',
    inject: async (_world, random) => {
      const away = stopPostgres(10_000)(world, random);
      await delay(3000);
      for (let index = 0; index < 10; index += 1) {
        const begun = performance.now();
        const { status, headers } = await world.api.book(bookingOf(`away-${index}`, startIn(170, index)));
        answers.push({ status, retryAfter: headers.get('retry-after'), ms: performance.now() - begun });
      }
      await away;
    },
  });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
  for (const { status, retryAfter, ms } of answers) {
    expect(status).toBe(503);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(ms).toBeLessThan(2000);
  }
});
