import fc from 'fast-check';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import {
  aMonday,
  runs,
  instantOf,
  stamp,
  arbitraryDuration,
  arbitraryOpenWorld,
  chooseStart,
  choice,
  bookOne,
} from '../testing/property-world.ts';
import { codeOf, serviceUnderTest } from '../testing/service-under-test.ts';

jest.setTimeout(90_000);

const service = serviceUnderTest(aMonday);

test('property 9: rescheduling changes the time', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, choice, async (made, minutes, pick, other) => {
      const { world, start, appointment } = await bookOne(service, made, minutes, pick);
      const target = chooseStart(world, minutes, other);
      await world.caller.reschedule({ id: appointment.id, start: stamp(target) });
      const read = (await world.caller.get(appointment.id)).appointment!;
      expect(instantOf(read.start)).toBe(target);
      expect(read.version).toBe(target === start ? 1 : 2);
      expect(await codeOf(world.caller.reschedule({ id: appointment.id, start: stamp(world.now - MINUTE) }))).toBe(
        'START_IN_PAST',
      );
    }),
    runs,
  );
});

test('property 10: rescheduling into a conflict is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      fc.integer({ min: 10, max: 60 }),
      choice,
      fc.integer({ min: -59, max: 59 }),
      async (made, minutes, pick, shift) => {
        fc.pre(Math.abs(shift) < minutes);
        const { world, appointment } = await bookOne(service, made, minutes, pick);
        const elsewhere = world.now + 8 * DAY;
        const second = await world.caller.book({
          start: stamp(elsewhere),
          durationMinutes: minutes,
          customer: { name: 'Bob' },
          override: true,
        });
        const id = second.appointment!.id;
        const target = instantOf(appointment.start) + shift * MINUTE;
        const code = await codeOf(world.caller.reschedule({ id, start: stamp(target), override: true }));
        expect(code).toBe(target <= world.now ? 'START_IN_PAST' : 'SLOT_TAKEN');
        expect((await world.caller.get(id)).appointment).toEqual(second.appointment);
      },
    ),
    runs,
  );
});

test('property 11: rescheduling keeps customer and duration', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, choice, async (made, minutes, pick, other) => {
      const { world, appointment } = await bookOne(service, made, minutes, pick);
      const start = stamp(chooseStart(world, minutes, other));
      const moved = (await world.caller.reschedule({ id: appointment.id, start })).appointment!;
      expect(moved.customer).toEqual(appointment.customer);
      expect(moved.durationMinutes).toBe(minutes);
      expect(moved.appointmentType).toEqual(appointment.appointmentType);
      expect(instantOf(moved.end) - instantOf(moved.start)).toBe(minutes * MINUTE);
    }),
    runs,
  );
});
