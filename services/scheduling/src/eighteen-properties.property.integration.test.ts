import { randomUUID } from 'node:crypto';
import { fromTimestamp, toTimestamp } from '@daybook/protos/instant';
import { testDatabase, FixedClock } from '@daybook/runtime/testing';
import fc from 'fast-check';
import { expandWindows, validateAvailability, type AvailabilityRules } from './domain/availability.ts';
import { IntervalSet } from './domain/interval.ts';
import { DAY, MINUTE } from './domain/zone-offsets.ts';
import { arbitraryRules, zones } from './testing/arbitrary-time.ts';
import {
  asUser,
  type Caller,
  migrationsDirectory,
  type Scheduling,
  startScheduling,
  tokenFor,
} from './testing/start-scheduling.ts';

/** The eighteen properties an appointment book must have, through the public surface of this service on a real PostgreSQL. */

const runs = { numRuns: 100 };
const clock = new FixedClock('2027-01-04T00:00:00Z');
let db: Awaited<ReturnType<typeof testDatabase>>;
let scheduling: Scheduling;

beforeAll(async () => {
  db = await testDatabase({ migrations: migrationsDirectory, extensions: ['btree_gist', 'pg_trgm'] });
  scheduling = await startScheduling({ databaseUrl: db.url, clock });
});
afterAll(async () => {
  await scheduling?.stop();
  await db?.drop();
});

jest.setTimeout(90_000);

const instantOf = (timestamp: Parameters<typeof fromTimestamp>[0] | null | undefined): number =>
  fromTimestamp(timestamp!).getTime();
const stamp = (instant: number) => toTimestamp(new Date(instant));

/** Days before a clock change of one of the zones, and ordinary ones. */
const arbitraryNow = fc
  .tuple(
    fc.constantFrom('2027-01-04', '2027-03-26', '2026-10-23', '2027-03-12', '2027-04-02', '2026-10-02', '2028-02-27'),
    fc.integer({ min: 0, max: 1439 }),
  )
  .map(([day, minute]) => Date.parse(`${day}T00:00:00Z`) + minute * MINUTE);

const arbitraryName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((name) => name.trim() !== '' && name.trim().length <= 200);
const arbitraryNotes = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\u0000'));
const arbitraryDuration = fc.oneof(fc.constantFrom(5, 15, 30, 45, 60, 90), fc.integer({ min: 5, max: 180 }));

type World = { caller: Caller; organizationId: string; rules: AvailabilityRules; now: number };

/** A new practice with hours around the clock's day. */
async function makeWorld(now: number, rules: AvailabilityRules): Promise<World> {
  clock.set(new Date(now));
  const organizationId = randomUUID();
  const caller = asUser(scheduling, tokenFor(organizationId));
  await caller.setAvailability({
    timeZone: rules.timeZone,
    weekly: [...rules.weekly],
    overrides: rules.overrides.map((o) => ({ ...o, intervals: [...o.intervals] })),
  });
  return { caller, organizationId, rules, now };
}

const arbitraryWorld = arbitraryNow.chain((now) =>
  fc.tuple(fc.constant(now), arbitraryRules(Math.floor(now / DAY) + 4)),
);
/** Always some hours, for properties that need a bookable time. */
const arbitraryOpenWorld = fc
  .tuple(arbitraryNow, fc.constantFrom(...zones), fc.integer({ min: 0, max: 12 }))
  .map(([now, timeZone, opens]): [number, AvailabilityRules] => [
    now,
    {
      timeZone,
      weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        startMinute: opens * 60,
        endMinute: opens * 60 + 600,
      })),
      overrides: [],
    },
  ]);

/** A lawful start chosen by a number: any minute at which the length fits into the hours of the coming days. */
function chooseStart(world: World, minutes: number, choice: number): number {
  const span = { start: world.now + MINUTE, end: world.now + 6 * DAY };
  const open = IntervalSet.of(expandWindows(world.rules, span))
    .intersect(IntervalSet.of([span]))
    .toArray();
  const fitting = open.filter((stretch) => stretch.end - stretch.start >= minutes * MINUTE);
  const stretch = fitting[choice % fitting.length]!;
  const room = Math.floor((stretch.end - stretch.start) / MINUTE - minutes);
  return stretch.start + (choice % (room + 1)) * MINUTE;
}

const choice = fc.nat({ max: 1_000_000 });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: { code: string }) => error.code,
  );

test('property 1: protected resources need authentication', async () => {
  const calls = ['get', 'list', 'availability', 'slots', 'blocks', 'customers', 'providers', 'types'] as const;
  const badToken = fc.oneof(
    fc.constant(''),
    fc.base64String(),
    fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
    fc.nat({ max: 300 }).map((at) => {
      const token = tokenFor(randomUUID());
      const place = at % token.length;
      return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
    }),
  );
  await fc.assert(
    fc.asyncProperty(badToken, fc.constantFrom(...calls), async (token, name) => {
      const anyone = asUser(scheduling, token);
      const call = anyone[name] as (request: unknown) => Promise<unknown>;
      const code = await codeOf(call(name === 'get' ? randomUUID() : {}));
      expect(['SESSION_INVALID', 'SESSION_EXPIRED']).toContain(code);
    }),
    runs,
  );
});

test('property 2: expired tokens are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 6, max: 100_000 }), fc.integer({ min: 1, max: 600 }), async (ago, lifetime) => {
      const issued = Date.now() - (ago + lifetime) * 1000;
      const late = asUser(scheduling, tokenFor(randomUUID(), { lifetimeSeconds: lifetime, now: issued }));
      expect(await codeOf(late.list())).toBe('SESSION_EXPIRED');
    }),
    runs,
  );
});

test('property 3: every availability set is retrieved complete', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, async ([now, rules]) => {
      const { caller } = await makeWorld(now, rules);
      const { availability, open } = await caller.availability({ from: stamp(now), to: stamp(now + 7 * DAY) });
      expect(availability!.weekly).toEqual(rules.weekly);
      expect(availability!.overrides).toEqual(rules.overrides);
      const span = { start: now, end: now + 7 * DAY };
      const expected = IntervalSet.of(expandWindows(rules, span)).intersect(IntervalSet.of([span]));
      expect(open.map((item) => ({ start: instantOf(item.start), end: instantOf(item.end) }))).toEqual(
        expected.toArray(),
      );
    }),
    runs,
  );
});

test('property 4: reads show the current availability', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, async ([now, rules], minutes, pick) => {
      const world = await makeWorld(now, rules);
      const start = chooseStart(world, minutes, pick);
      const range = { from: stamp(now + MINUTE), to: stamp(now + 7 * DAY) };
      const free = async () =>
        IntervalSet.of(
          (await world.caller.availability(range)).free.map((f) => ({
            start: instantOf(f.start),
            end: instantOf(f.end),
          })),
        );
      const during = { start, end: start + minutes * MINUTE };
      expect((await free()).contains(during)).toBe(true);
      const { appointment } = await world.caller.book({
        start: stamp(start),
        durationMinutes: minutes,
        customer: { name: 'A' },
      });
      expect((await free()).overlaps(during)).toBe(false);
      await world.caller.cancel(appointment!.id);
      expect((await free()).contains(during)).toBe(true);
      await world.caller.setAvailability({ timeZone: rules.timeZone, weekly: [] });
      expect((await free()).isEmpty).toBe(true);
    }),
    runs,
  );
});

test('property 5: a valid booking is created', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOpenWorld,
      arbitraryDuration,
      choice,
      arbitraryName,
      async ([now, rules], minutes, pick, name) => {
        const world = await makeWorld(now, rules);
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
        const { caller } = await makeWorld(now, rules);
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
        const { caller } = await makeWorld(now, rules);
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
        const world = await makeWorld(now, rules);
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

/** A world with one appointment and a second lawful start for it. */
async function bookOne([now, rules]: [number, AvailabilityRules], minutes: number, pick: number) {
  const world = await makeWorld(now, rules);
  const start = chooseStart(world, minutes, pick);
  const customer = { name: 'Ann', email: 'ann@example.com' };
  const { appointment } = await world.caller.book({ start: stamp(start), durationMinutes: minutes, customer });
  return { world, start, appointment: appointment! };
}

test('property 9: rescheduling changes the time', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, choice, async (made, minutes, pick, other) => {
      const { world, start, appointment } = await bookOne(made, minutes, pick);
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
        const { world, appointment } = await bookOne(made, minutes, pick);
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
      const { world, appointment } = await bookOne(made, minutes, pick);
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

/** Some appointments, one per hour slot so that they never collide, some cancelled; answers the ids in time order. */
async function fillWorld(made: [number, AvailabilityRules], slots: number[], cancelled: boolean[]) {
  const world = await makeWorld(...made);
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
        const { world } = await bookOne(made, minutes, pick);
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

test('property 17: availability survives the round trip', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, arbitraryWorld, async ([now, first], [, second]) => {
      const { caller } = await makeWorld(now, first);
      const answer = await caller.setAvailability({
        timeZone: second.timeZone,
        weekly: [...second.weekly],
        overrides: second.overrides.map((o) => ({ ...o, intervals: [...o.intervals] })),
      });
      const { availability } = await caller.availability();
      expect(availability).toEqual(answer.availability);
      expect(availability).toMatchObject({
        timeZone: second.timeZone,
        weekly: second.weekly,
        overrides: second.overrides,
      });
    }),
    runs,
  );
});

test('property 18: data survives a restart', async () => {
  const made: { caller: (on: Scheduling) => Caller; id: string; appointment: unknown; availability: unknown }[] = [];
  await fc.assert(
    fc.asyncProperty(arbitraryOpenWorld, arbitraryDuration, choice, async ([now, rules], minutes, pick) => {
      clock.set(new Date(now));
      const token = tokenFor(randomUUID());
      const caller = asUser(scheduling, token);
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
  await scheduling.stop();
  scheduling = await startScheduling({ databaseUrl: db.url, clock });
  for (const { caller, id, appointment, availability } of made) {
    expect((await caller(scheduling).get(id)).appointment).toEqual(appointment);
    expect((await caller(scheduling).availability()).availability).toEqual(availability);
  }
});
