import { randomUUID } from 'node:crypto';
import { fromTimestamp, toTimestamp } from '@daybook/protos/instant';
import fc from 'fast-check';
import { expandWindows, type AvailabilityRules } from '../domain/availability.ts';
import { IntervalSet } from '../domain/interval.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { arbitraryRules, zones } from './arbitrary-time.ts';
import type { ServiceUnderTest } from './service-under-test.ts';
import { asUser, type Caller, tokenFor } from './start-scheduling.ts';

/**
 * What the eighteen properties share: an appointment book must have them, and they are looked at through the public surface
 * of this service on a real PostgreSQL.
 */

/** Where the clock stands until a world sets it. */
export const aMonday = '2027-01-04T00:00:00Z';

/** How often each property is tried. */
export const runs = { numRuns: 100 };

/** A timestamp of the wire as epoch milliseconds. */
export const instantOf = (timestamp: Parameters<typeof fromTimestamp>[0] | null | undefined): number =>
  fromTimestamp(timestamp!).getTime();
/** Epoch milliseconds as a timestamp of the wire. */
export const stamp = (instant: number) => toTimestamp(new Date(instant));

/** Days before a clock change of one of the zones, and ordinary ones. */
export const arbitraryNow = fc
  .tuple(
    fc.constantFrom('2027-01-04', '2027-03-26', '2026-10-23', '2027-03-12', '2027-04-02', '2026-10-02', '2028-02-27'),
    fc.integer({ min: 0, max: 1439 }),
  )
  .map(([day, minute]) => Date.parse(`${day}T00:00:00Z`) + minute * MINUTE);

/** What may be a person's name. */
export const arbitraryName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((name) => name.trim() !== '' && name.trim().length <= 200);
/** White space that must be kept where it is. */
const arbitraryEdge = fc.constantFrom('', '', ' ', '\n', '\u00a0');
/** What may be written beside an appointment. */
export const arbitraryNotes = fc
  .tuple(arbitraryEdge, fc.string({ unit: 'grapheme', maxLength: 60 }), arbitraryEdge)
  .map((parts) => parts.join(''))
  .filter((text) => !text.includes('\u0000'));
/** Lengths in minutes. */
export const arbitraryDuration = fc.oneof(fc.constantFrom(5, 15, 30, 45, 60, 90), fc.integer({ min: 5, max: 180 }));

/** A practice, seen by its owner at an instant. */
export type World = { caller: Caller; organizationId: string; rules: AvailabilityRules; now: number };

/** A new practice with hours around the clock's day. */
export async function makeWorld(service: ServiceUnderTest, now: number, rules: AvailabilityRules): Promise<World> {
  service.clock.set(new Date(now));
  const organizationId = randomUUID();
  const caller = asUser(service.scheduling, tokenFor(organizationId));
  await caller.setAvailability({
    timeZone: rules.timeZone,
    weekly: [...rules.weekly],
    overrides: rules.overrides.map((o) => ({ ...o, intervals: [...o.intervals] })),
  });
  return { caller, organizationId, rules, now };
}

/** An instant, and any rules around it. */
export const arbitraryWorld = arbitraryNow.chain((now) =>
  fc.tuple(fc.constant(now), arbitraryRules(Math.floor(now / DAY) + 4)),
);
/** Always some hours, for properties that need a bookable time. */
export const arbitraryOpenWorld = fc
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
export function chooseStart(world: World, minutes: number, choice: number): number {
  const span = { start: world.now + MINUTE, end: world.now + 6 * DAY };
  const open = IntervalSet.of(expandWindows(world.rules, span))
    .intersect(IntervalSet.of([span]))
    .toArray();
  const fitting = open.filter((stretch) => stretch.end - stretch.start >= minutes * MINUTE);
  const stretch = fitting[choice % fitting.length]!;
  const room = Math.floor((stretch.end - stretch.start) / MINUTE - minutes);
  return stretch.start + (choice % (room + 1)) * MINUTE;
}

/** A number to choose a start by. */
export const choice = fc.nat({ max: 1_000_000 });

/** A world with one appointment at a lawful start. */
export async function bookOne(
  service: ServiceUnderTest,
  [now, rules]: [number, AvailabilityRules],
  minutes: number,
  pick: number,
) {
  const world = await makeWorld(service, now, rules);
  const start = chooseStart(world, minutes, pick);
  const customer = { name: 'Ann', email: 'ann@example.com' };
  const { appointment } = await world.caller.book({ start: stamp(start), durationMinutes: minutes, customer });
  return { world, start, appointment: appointment! };
}
