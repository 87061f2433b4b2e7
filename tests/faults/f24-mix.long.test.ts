import { setTimeout as delay } from 'node:timers/promises';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { everyInjection } from '../support/faults/injections.ts';

const minutes = Number(process.env['DAYBOOK_MIX_MINUTES'] ?? 2);
jest.setTimeout((minutes + 10) * 60_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open({ crashPoints: true });
});
afterAll(() => world?.close());

test(`F24: a random mix of every fault for ${minutes} minutes (seed ${seed})`, async () => {
  const done: string[] = [];
  const { faults } = await world.run({
    name: 'F24 mix',
    throttledByRule: true,
    settleMs: 240_000,
    inject: async (_world, random) => {
      const end = performance.now() + minutes * 60_000;
      while (performance.now() < end) {
        const [name, injection] = everyInjection[Math.floor(random() * everyInjection.length)]!;
        done.push(name);
        process.stdout.write(`  ${name}\n`);
        await injection(world, random);
        await delay(random() * 1500);
      }
    },
  });
  expect(faults).toEqual([]);
  expect(done.length).toBeGreaterThan(minutes * 3);
});
