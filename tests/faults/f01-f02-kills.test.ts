import { setTimeout as delay } from 'node:timers/promises';
import { crashAt, crashPoints } from '../support/faults/arm-crash-point.ts';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { crashPostgres, killNats, killService, stopCalcom, type Injection } from '../support/faults/injections.ts';

jest.setTimeout(600_000);

/** One round in the quick lane, five in the long one. */
const rounds = Number(process.env['DAYBOOK_KILLS'] ?? 1);
const shuffled = <T>(list: readonly T[], random: () => number): T[] => list.toSorted(() => random() - 0.5);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open({ crashPoints: true });
});
afterAll(() => world?.close());

test(`F1: kill -9 of each process at random moments under load (seed ${seed})`, async () => {
  const strikes: Injection[] = (['gateway', 'scheduling', 'calcom-sync', 'auth'] as const).flatMap((name) =>
    Array.from({ length: rounds }, () => killService(name)),
  );
  const { faults, result } = await world.run({
    name: 'F1 kills',
    inject: async (_world, random) => {
      for (const strike of shuffled([...strikes, killNats, crashPostgres('SIGKILL'), stopCalcom(500)], random))
        await strike(world, random);
    },
  });
  expect(faults).toEqual([]);
  expect(result.ok).toBeGreaterThan(50);
});

test(`F2: a process dies at each named point under load (seed ${seed})`, async () => {
  const died: string[] = [];
  const { faults } = await world.run({
    name: 'F2 crash points',
    inject: async ({ crashFolder, stack }, random) => {
      const turns = Array.from({ length: rounds }, () => crashPoints).flat();
      for (const point of shuffled(turns, random)) {
        await delay(random() * 200);
        await crashAt(crashFolder, point);
        died.push(point);
      }
      for (const name of ['scheduling', 'calcom-sync'] as const)
        for (const replica of [0, 1]) await stack.process(name, replica).waitReady();
    },
  });
  expect(faults).toEqual([]);
  expect(new Set(died)).toEqual(new Set(crashPoints));
});
