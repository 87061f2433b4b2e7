import { apiFaults, webhookFaults } from '../calcom/support/faults.ts';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { breakCalcom } from '../support/faults/injections.ts';

jest.setTimeout(300_000);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.open();
});
afterAll(() => world?.close());

test.each(
  [...apiFaults, ...webhookFaults].map(
    (fault) =>
      [
        /429|500|502|503/.test(fault.name)
          ? 'F10'
          : /garbage/.test(fault.name)
            ? 'F12'
            : /webhooks/.test(fault.name)
              ? 'F14, F15'
              : 'F11',
        fault.name,
        fault,
      ] as const,
  ),
)(`%s: Cal.com, %s, while people book (seed ${seed})`, async (number, name, fault) => {
  const { faults } = await world.run({
    name: `${number} ${name}`,
    clients: 3,
    calmMs: 500,
    offPath: true,
    throttledByRule: true,
    calcomAway: /everything/.test(name),
    inject: breakCalcom(fault, 4000),
  });
  expect(faults).toEqual([]);
});
