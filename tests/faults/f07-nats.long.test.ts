import { setTimeout as delay } from 'node:timers/promises';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import {
  deleteConsumers,
  deleteStreams,
  killNats,
  listPids,
  publishPoison,
  stopNats,
  type Injection,
} from '../support/faults/injections.ts';

jest.setTimeout(300_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

/** Something done by hand, and the time in which booking must not notice. */
const andWatch =
  (injection: Injection): Injection =>
  async (here, random) => {
    await injection(here, random);
    await delay(3000);
  };

test.each<[string, Injection]>([
  ['NATS away for 5 s', stopNats(5000)],
  // The library's own default gives up after twenty seconds.
  ['NATS away for 35 s', stopNats(35_000)],
  ['NATS killed', andWatch(killNats)],
  ['the store wiped', stopNats(1000, true)],
  ['streams deleted by hand', andWatch(deleteStreams)],
  ['consumers deleted by hand', andWatch(deleteConsumers)],
  ['a message nobody can read', andWatch(publishPoison)],
])(`F7: %s: booking goes on and nothing is missing afterwards (seed ${seed})`, async (name, inject) => {
  const pids = listPids(world);
  const poison = /nobody can read/.test(name);
  const { faults } = await world.run({ name: `F7 ${name}`, inject, clients: 4, offPath: true, poison });
  expect(faults).toEqual([]);
  expect(listPids(world)).toEqual(pids);
});
