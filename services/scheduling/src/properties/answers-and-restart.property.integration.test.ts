import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { validateAvailability } from '../domain/availability.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { asUser, tokenFor, type Caller, type Scheduling } from '../testing/start-scheduling.ts';
import {
  aMonday,
  runs,
  stamp,
  arbitraryDuration,
  makeWorld,
  arbitraryOpenWorld,
  chooseStart,
  choice,
} from '../testing/property-world.ts';
import { codeOf, serviceUnderTest } from '../testing/service-under-test.ts';

jest.setTimeout(90_000);

const service = serviceUnderTest(aMonday);

/** Requests with exactly one thing wrong, and where. */
const arbitraryFault = fc.oneof(
  fc
    .oneof(
      fc.integer({ min: -2_000, max: 4 }).filter((n) => n !== 0),
      fc.integer({ min: 1441, max: 2_000_000 }),
    )
    .map((durationMinutes) => ({ durationMinutes })),
  fc.constantFrom('', '   ', 'x'.repeat(201), 'a\u0000b', 'a\nb').map((name) => ({ customer: { name } })),
  fc
    .constantFrom('x', '@', 'a@b', 'a b@example.com', 'a@@example.com')
    .map((email) => ({ customer: { name: 'A', email } })),
  fc.constantFrom('abc', '12', '+').map((phone) => ({ customer: { name: 'A', phone } })),
  fc.constantFrom('Nowhere/City', '+02:00', "'; DROP TABLE").map((timeZone) => ({ customer: { name: 'A', timeZone } })),
  fc.constant({ start: null }),
  fc.constant({ customer: null }),
  fc.constantFrom(-62_000_000_000_000, 1e14).map((seconds) => ({ start: { seconds, nanos: 0 } })),
  fc.constantFrom('x', '00000000-0000-0000-0000-00000000000g').map((providerId) => ({ providerId })),
  fc.constantFrom('x'.repeat(5_001), 'a\u0000').map((notes) => ({ notes })),
  fc.constantFrom('with space', 'x'.repeat(256), 'ü').map((idempotencyKey) => ({ idempotencyKey })),
);

test('property 15: invalid input is refused', async () => {
  const { caller, now } = await makeWorld(
    service,
    Date.UTC(2027, 0, 4),
    validateAvailability({ timeZone: 'UTC', weekly: [], overrides: [] }),
  );
  await fc.assert(
    fc.asyncProperty(arbitraryFault, async (fault) => {
      const good = { start: stamp(now + DAY), durationMinutes: 30, customer: { name: 'A' }, override: true };
      expect(await codeOf(caller.book({ ...good, ...fault }))).toBe('VALIDATION_FAILED');
      expect((await caller.list()).appointments).toEqual([]);
    }),
    runs,
  );
});

test('property 16: an error has a status and a message', async () => {
  const { caller, now } = await makeWorld(
    service,
    Date.UTC(2027, 0, 4),
    validateAvailability({ timeZone: 'UTC', weekly: [], overrides: [] }),
  );
  await caller.book({ start: stamp(now + DAY), durationMinutes: 30, customer: { name: 'A' }, override: true });
  const work = fc.oneof(
    arbitraryFault.map(
      (fault) => () => caller.book({ start: stamp(now + DAY), durationMinutes: 30, customer: { name: 'A' }, ...fault }),
    ),
    fc.uuid().map((id) => () => caller.get(id)),
    fc.uuid().map((id) => () => caller.cancel(id)),
    fc.integer({ min: -29, max: 29 }).map(
      (shift) => () =>
        caller.book({
          start: stamp(now + DAY + shift * MINUTE),
          durationMinutes: 30,
          customer: { name: 'A' },
          override: true,
        }),
    ),
    fc
      .integer({ min: 63, max: 1_000 })
      .map((days) => () => caller.slots({ from: stamp(now), to: stamp(now + days * DAY) })),
  );
  await fc.assert(
    fc.asyncProperty(work, async (run) => {
      const error = await run().then(
        () => undefined,
        (fault: { kind: string; code: string; message: string }) => fault,
      );
      expect(error?.kind).toMatch(/^(invalid|absent|taken|refused)$/);
      expect(error?.code).toMatch(/^[A-Z_]{5,}$/);
      expect(error?.message.length).toBeGreaterThan(5);
    }),
    runs,
  );
});

test('property 18: data survives a restart', async () => {
  const made: { caller: (on: Scheduling) => Caller; id: string; appointment: unknown; availability: unknown }[] = [];
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, async ([now, rules], minutes, pick) => {
      service.clock.set(new Date(now));
      const token = tokenFor(randomUUID());
      const caller = asUser(service.scheduling, token);
      const { availability } = await caller.setAvailability({ timeZone: rules.timeZone, weekly: [...rules.weekly] });
      const world = { caller, organizationId: '', rules, now };
      const { appointment } = await caller.book({
        start: stamp(chooseStart(world, minutes, pick)),
        durationMinutes: minutes,
        customer: { name: 'A' },
      });
      made.push({ caller: (on) => asUser(on, token), id: appointment!.id, appointment, availability });
    }),
    runs,
  );
  await service.restart();
  for (const { caller, id, appointment, availability } of made) {
    expect((await caller(service.scheduling).get(id)).appointment).toEqual(appointment);
    expect((await caller(service.scheduling).availability()).availability).toEqual(availability);
  }
});
