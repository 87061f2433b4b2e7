import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { pauseService } from '../support/faults/injections.ts';

jest.setTimeout(300_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

// Longer than the lease (3 s) and the calls' deadlines: the other replica takes over, then the first one wakes and goes on.
test.each(['calcom-sync', 'scheduling', 'gateway', 'auth'] as const)(
  `F9: a replica of %s sleeps past its lease and wakes up (seed ${seed})`,
  async (name) => {
    const { faults } = await world.run({
      name: `F9 ${name} sleeps`,
      clients: 4,
      inject: async (_world, random) => {
        for (const milliseconds of [5000, 8000]) await pauseService(name, milliseconds)(world, random);
      },
    });
    expect(faults).toEqual([]);
  },
);

test(`F9: calendar sync sleeps past the time after which the broker delivers again (seed ${seed})`, async () => {
  const { faults } = await world.run({
    name: 'F9 redelivery',
    clients: 3,
    inject: pauseService('calcom-sync', 35_000),
  });
  expect(faults).toEqual([]);
});
