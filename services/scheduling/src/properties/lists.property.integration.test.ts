import fc from 'fast-check';
import type { AvailabilityRules } from '../domain/availability.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import type { Caller } from '../testing/start-scheduling.ts';
import {
  aMonday,
  runs,
  instantOf,
  stamp,
  arbitraryName,
  arbitraryDuration,
  makeWorld,
  arbitraryOpenWorld,
  choice,
  bookOne,
} from '../testing/property-world.ts';
import { serviceUnderTest } from '../testing/service-under-test.ts';

jest.setTimeout(90_000);

const service = serviceUnderTest(aMonday);

/** Some appointments, one per hour slot so that they never collide, some cancelled; answers the ids in time order. */
async function fillWorld(made: [number, AvailabilityRules], slots: number[], cancelled: boolean[]) {
  const world = await makeWorld(service, ...made);
  const booked = await Promise.all(
    slots.map(async (slot) => {
      const start = world.now + DAY + slot * 60 * MINUTE;
      const { appointment } = await world.caller.book({
        start: stamp(start),
        durationMinutes: 45,
        customer: { name: `C ${slot}` },
        override: true,
      });
      return { id: appointment!.id, start };
    }),
  );
  const gone = booked.filter((_, index) => cancelled[index % cancelled.length]);
  for (const { id } of gone) await world.caller.cancel(id);
  const there = booked.filter((item) => !gone.includes(item)).sort((a, b) => a.start - b.start);
  return { world, booked, there };
}

const arbitrarySlots = fc.uniqueArray(fc.nat({ max: 200 }), { minLength: 1, maxLength: 7 });
const arbitraryCancelled = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });

async function listAll(caller: Caller, request: object, limit: number) {
  const all: { id: string; start: number; customer: string; durationMinutes: number; status: string }[] = [];
  let cursor = '';
  do {
    const page = await caller.list({ ...request, limit, cursor });
    for (const item of page.appointments) {
      const { id, durationMinutes, status } = item;
      all.push({ id, durationMinutes, status, start: instantOf(item.start), customer: item.customer!.name });
    }
    cursor = page.nextCursor;
  } while (cursor !== '');
  return all;
}

test('property 12: the dashboard returns every upcoming appointment', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitrarySlots,
      arbitraryCancelled,
      fc.integer({ min: 1, max: 5 }),
      async (made, slots, cancelled, limit) => {
        const { world, there } = await fillWorld(made, slots, cancelled);
        const request = { from: stamp(world.now), statuses: ['APPOINTMENT_STATUS_SCHEDULED'] };
        expect((await listAll(world.caller, request, limit)).map((item) => item.id)).toEqual(
          there.map((item) => item.id),
        );
      },
    ),
    runs,
  );
});

test('property 13: an appointment in a response has its required fields', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitraryDuration,
      choice,
      arbitraryName,
      async (made, minutes, pick, name) => {
        const { world } = await bookOne(service, made, minutes, pick);
        const start = world.now + 9 * DAY;
        await world.caller.book({ start: stamp(start), durationMinutes: minutes, customer: { name }, override: true });
        for (const item of (await world.caller.list()).appointments) {
          expect(item.id).toMatch(/^[0-9a-f-]{36}$/);
          expect(item.providerId).toMatch(/^[0-9a-f-]{36}$/);
          expect(item.customer!.name).not.toBe('');
          expect(item.appointmentType!.name).toBe('Appointment');
          expect(instantOf(item.end) - instantOf(item.start)).toBe(item.durationMinutes * MINUTE);
          expect(item.status).toBe('APPOINTMENT_STATUS_SCHEDULED');
          expect(item.version).toBeGreaterThanOrEqual(1);
          expect(item.sync!.state).toBe('SYNC_STATE_WAITING');
        }
      },
    ),
    runs,
  );
});

test('property 14: appointments are in chronological order', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitrarySlots,
      arbitraryCancelled,
      fc.integer({ min: 1, max: 4 }),
      async (made, slots, cancelled, limit) => {
        const { world, booked } = await fillWorld(made, slots, cancelled);
        const starts = (await listAll(world.caller, {}, limit)).map((item) => item.start);
        expect(starts).toEqual(booked.map((item) => item.start).sort((a, b) => a - b));
      },
    ),
    runs,
  );
});
