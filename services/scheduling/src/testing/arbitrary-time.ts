import fc from 'fast-check';
import type { AvailabilityRules, DateOverride, WeeklyWindow } from '../domain/availability.ts';
import type { Interval } from '../domain/interval.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';

/** Zones with whole, half and quarter offsets, both hemispheres, a 30-minute clock change, none, and one across the date line. */
export const zones = [
  'Europe/Luxembourg',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'UTC',
] as const;

/** Days that are odd in themselves. */
const notableDays = ['2028-02-29', '2026-12-31', '2027-01-01'].map((text) => Date.parse(`${text}T00:00:00Z`) / DAY);

/** The local days on which a zone has changed its clocks since 2010, the day Apia dropped among them. */
function listClockChanges(timeZone: string): number[] {
  const days: number[] = [];
  let at = Temporal.Instant.from('2010-01-01T00:00:00Z').toZonedDateTimeISO(timeZone);
  const last = Temporal.Instant.from('2030-01-01T00:00:00Z');
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || Temporal.Instant.compare(next.toInstant(), last) > 0) return days;
    days.push(Date.parse(`${next.toPlainDate().toString()}T00:00:00Z`) / DAY);
    at = next;
  }
}

const clockChanges = new Map<string, number[]>(zones.map((timeZone) => [timeZone, listClockChanges(timeZone)]));

/** One of the zones. */
export const arbitraryZone = fc.constantFrom(...zones);

/** A zone with a calendar day in it (days since 1970-01-01); two of three are within a day of that zone's own clock change. */
export const arbitraryZoneAndDay = arbitraryZone.chain((timeZone) => {
  const changes = [...(clockChanges.get(timeZone) ?? []), ...notableDays];
  const near = fc.tuple(fc.constantFrom(...changes), fc.constantFrom(-1, 0, 0, 1)).map(([day, shift]) => day + shift);
  const any = fc.integer({ min: Date.UTC(2024, 0) / DAY, max: Date.UTC(2029, 0) / DAY });
  return fc.tuple(fc.constant(timeZone), fc.oneof({ arbitrary: near, weight: 2 }, { arbitrary: any, weight: 1 }));
});

/** A minute of the day, with a liking for the hours in which clocks change and for the edges. */
export const arbitraryMinute = fc.oneof(
  fc.constantFrom(0, 1, 60, 90, 119, 120, 121, 150, 179, 180, 181, 1439),
  fc.integer({ min: 0, max: 1439 }),
);

/** Disjoint windows of a day, possibly up to 24:00. */
export const arbitraryDayWindows = fc
  .uniqueArray(fc.oneof(arbitraryMinute, fc.constant(1440)), { minLength: 0, maxLength: 6 })
  .map((points) => {
    const sorted = [...points].sort((a, b) => a - b);
    const windows: { startMinute: number; endMinute: number }[] = [];
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      windows.push({ startMinute: sorted[index] as number, endMinute: sorted[index + 1] as number });
    }
    return windows;
  });

/** A valid rule set in canonical order, its overrides near a day. */
export function arbitraryRules(
  day: number,
  timeZone: fc.Arbitrary<string> = arbitraryZone,
): fc.Arbitrary<AvailabilityRules> {
  const weekly: fc.Arbitrary<WeeklyWindow[]> = fc
    .array(arbitraryDayWindows, { minLength: 7, maxLength: 7 })
    .map((days) => days.flatMap((windows, index) => windows.map((window) => ({ weekday: index + 1, ...window }))));
  const overrides: fc.Arbitrary<DateOverride[]> = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }), arbitraryDayWindows), {
      maxLength: 3,
    })
    .map((parts) => {
      let next = day - 4;
      return parts.map(([gap, length, intervals]) => {
        const from = next + gap;
        next = from + length + 1;
        const text = (value: number): string => new Date(value * DAY).toISOString().slice(0, 10);
        return { date: text(from), endDate: text(from + length), intervals };
      });
    });
  return fc.record({ timeZone, weekly, overrides });
}

/** A rule set with the day it is interesting around. */
export const arbitraryRulesAndDay = arbitraryZoneAndDay.chain(([timeZone, day]) =>
  fc.tuple(arbitraryRules(day, fc.constant(timeZone)), fc.constant(day)),
);

/** Disjoint reserved stretches within some days after a day. */
export function arbitraryBusy(day: number, days: number): fc.Arbitrary<Interval[]> {
  return fc.uniqueArray(fc.integer({ min: -60, max: (days * DAY) / MINUTE }), { maxLength: 12 }).map((points) => {
    const sorted = [...points].sort((a, b) => a - b);
    const busy: Interval[] = [];
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      const [a, b] = [sorted[index] as number, sorted[index + 1] as number];
      busy.push({ start: day * DAY + a * MINUTE, end: day * DAY + Math.min(b, a + 240) * MINUTE });
    }
    return busy;
  });
}
