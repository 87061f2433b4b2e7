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

/** Days around which those zones have changed their clocks, dropped a day (Apia 2011) or begun a day without midnight. */
const notableDays = [
  '2026-03-29',
  '2026-10-25',
  '2027-03-28',
  '2026-03-08',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2027-04-04',
  '2011-12-30',
  '2026-02-15',
  '2026-03-22',
  '2018-11-04',
  '2018-02-18',
  '2028-02-29',
  '2026-12-31',
].map((text) => Date.parse(`${text}T00:00:00Z`) / DAY);

/** One of the zones. */
export const arbitraryZone = fc.constantFrom(...zones);

/** A calendar day (days since 1970-01-01): every second one within three days of a clock change. */
export const arbitraryDay = fc.oneof(
  fc.tuple(fc.constantFrom(...notableDays), fc.integer({ min: -3, max: 3 })).map(([day, shift]) => day + shift),
  fc.integer({ min: Date.UTC(2024, 0) / DAY, max: Date.UTC(2029, 0) / DAY }),
);

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
export function arbitraryRules(day: number): fc.Arbitrary<AvailabilityRules> {
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
  return fc.record({ timeZone: arbitraryZone, weekly, overrides });
}

/** A rule set with the day it is interesting around. */
export const arbitraryRulesAndDay = arbitraryDay.chain((day) => fc.tuple(arbitraryRules(day), fc.constant(day)));

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
