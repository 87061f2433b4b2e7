import fc from 'fast-check';
import { expandWindows } from '../domain/availability.ts';
import { IntervalSet } from '../domain/interval.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { zones } from '../testing/arbitrary-time.ts';
import {
  aMonday,
  runs,
  instantOf,
  stamp,
  arbitraryName,
  arbitraryNotes,
  arbitraryDuration,
  makeWorld,
  arbitraryWorld,
  arbitraryOpenWorld,
  chooseStart,
  choice,
} from '../testing/property-world.ts';
import { codeOf, serviceUnderTest } from '../testing/service-under-test.ts';

jest.setTimeout(90_000);

const service = serviceUnderTest(aMonday);

test('property 5: a valid booking is created', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitraryDuration,
      choice,
      arbitraryName,
      async ([now, rules], minutes, pick, name) => {
        const world = await makeWorld(service, now, rules);
        const start = chooseStart(world, minutes, pick);
        const { appointment } = await world.caller.book({
          start: stamp(start),
          durationMinutes: minutes,
          customer: { name },
        });
        expect(appointment).toMatchObject({
          durationMinutes: minutes,
          status: 'APPOINTMENT_STATUS_SCHEDULED',
          version: 1,
        });
        expect(instantOf(appointment!.start)).toBe(start);
        expect(instantOf(appointment!.end)).toBe(start + minutes * MINUTE);
      },
    ),
    runs,
  );
});

test('property 6: availability is validated before booking', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryWorld,
      arbitraryDuration,
      fc.integer({ min: 1, max: 6 * 1440 }),
      async ([now, rules], minutes, later) => {
        const { caller } = await makeWorld(service, now, rules);
        const start = now + later * MINUTE;
        const during = { start, end: start + minutes * MINUTE };
        const open = IntervalSet.of(expandWindows(rules, { start: during.start - DAY, end: during.end + DAY }));
        const code = await codeOf(
          caller.book({ start: stamp(start), durationMinutes: minutes, customer: { name: 'A' } }),
        );
        expect(code).toBe(open.contains(during) ? 'OK' : 'OUTSIDE_AVAILABILITY');
      },
    ),
    runs,
  );
});

test('property 7: no double booking, durations counted', async () => {
  const wish = fc.tuple(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 5, max: 90 }));
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      fc.array(wish, { minLength: 2, maxLength: 6 }),
      async ([now, rules], wishes) => {
        const { caller } = await makeWorld(service, now, rules);
        const base = now + DAY;
        const codes = await Promise.all(
          wishes.map(([offset, minutes]) =>
            codeOf(
              caller.book({
                start: stamp(base + offset * MINUTE),
                durationMinutes: minutes,
                customer: { name: 'A' },
                override: true,
              }),
            ),
          ),
        );
        const kept = wishes
          .filter((_, index) => codes[index] === 'OK')
          .map(([offset, minutes]) => ({ start: offset, end: offset + minutes }));
        expect(IntervalSet.of(kept).duration).toBe(kept.reduce((sum, item) => sum + item.end - item.start, 0));
        wishes.forEach(([offset, minutes], index) => {
          if (codes[index] === 'OK') return;
          expect(codes[index]).toBe('SLOT_TAKEN');
          expect(IntervalSet.of(kept).overlaps({ start: offset, end: offset + minutes })).toBe(true);
        });
      },
    ),
    runs,
  );
});

test('property 8: an appointment survives the round trip to the database', async () => {
  const customer = fc.record({
    name: arbitraryName,
    email: fc.constantFrom('', 'a@example.com', 'Über.b+c@example.org'),
    phone: fc.constantFrom('', '+352621123456', '+12025550123'),
    timeZone: fc.constantFrom('', ...zones),
  });
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitraryDuration,
      choice,
      customer,
      arbitraryNotes,
      async ([now, rules], minutes, pick, who, notes) => {
        const world = await makeWorld(service, now, rules);
        const start = chooseStart(world, minutes, pick);
        const { appointment } = await world.caller.book({
          start: stamp(start),
          durationMinutes: minutes,
          customer: who,
          notes,
        });
        const read = (await world.caller.get(appointment!.id)).appointment;
        expect(read).toEqual(appointment);
        expect(read).toMatchObject({
          notes,
          durationMinutes: minutes,
          customer: { name: who.name.trim(), email: who.email.toLowerCase(), phone: who.phone, timeZone: who.timeZone },
        });
      },
    ),
    runs,
  );
});
