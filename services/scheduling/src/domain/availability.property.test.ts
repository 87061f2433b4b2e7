import fc from 'fast-check';
import { arbitraryMinute, arbitraryRulesAndDay, arbitraryZoneAndDay } from '../testing/arbitrary-time.ts';
import { isFarFromClockChange, isOpenByWallClock } from '../testing/time-laws.ts';
import { expandWindows, openTime, sameAvailability, validateAvailability } from './availability.ts';
import { IntervalSet } from './interval.ts';
import { DAY, localDayOf, MINUTE, resolveWallTime, weekdayOf } from './zone-offsets.ts';

const runs = { numRuns: 300 };

test('far from clock changes, open is exactly what the wall clock says', () => {
  fc.assert(
    fc.property(arbitraryRulesAndDay, fc.integer({ min: 0, max: 5 * 1440 - 1 }), ([rules, day], minutes) => {
      const instant = (day - 2) * DAY + minutes * MINUTE;
      fc.pre(isFarFromClockChange(rules.timeZone, instant));
      const open = openTime(rules, { start: instant, end: instant + MINUTE });
      expect(!open.isEmpty).toBe(isOpenByWallClock(rules, instant));
    }),
    runs,
  );
});

test('a wall time resolves to itself where it exists, to the first instant after where not, first or second where twice', () => {
  fc.assert(
    fc.property(arbitraryZoneAndDay, arbitraryMinute, ([timeZone, day], minute) => {
      const local = Temporal.Instant.fromEpochMilliseconds(day * DAY + minute * MINUTE)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime();
      const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
      const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
      const start = resolveWallTime(timeZone, day, minute, 'start');
      const end = resolveWallTime(timeZone, day, minute, 'end');
      if (earlier.toPlainDateTime().equals(local)) {
        expect([start, end]).toEqual([earlier.epochMilliseconds, later.epochMilliseconds]);
      } else {
        expect(start).toBe(end);
        const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone);
        expect(Temporal.PlainDateTime.compare(first.toPlainDateTime(), local)).toBe(1);
        const before = first.subtract({ milliseconds: 1 });
        expect(Temporal.PlainDateTime.compare(before.toPlainDateTime(), local)).toBe(-1);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('the local day and weekday of an instant are those of the calendar', () => {
  fc.assert(
    fc.property(arbitraryZoneAndDay, fc.integer({ min: 0, max: DAY - 1 }), ([timeZone, day], rest) => {
      const instant = day * DAY + rest;
      const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
      const found = localDayOf(timeZone, instant);
      expect(new Date(found * DAY).toISOString().slice(0, 10)).toBe(local.toPlainDate().toString());
      expect(weekdayOf(found)).toBe(local.dayOfWeek);
    }),
    { numRuns: 500 },
  );
});

test('open time of a span is the same however the span is cut, and never leaves it', () => {
  fc.assert(
    fc.property(arbitraryRulesAndDay, fc.integer({ min: 1, max: 4 * 1440 }), ([rules, day], cut) => {
      const span = { start: (day - 2) * DAY, end: (day + 3) * DAY };
      const middle = span.start + cut * MINUTE;
      const parts = openTime(rules, { ...span, end: middle }).union(openTime(rules, { ...span, start: middle }));
      const whole = openTime(rules, span);
      expect(parts.toArray()).toEqual(whole.toArray());
      expect(whole.subtract(IntervalSet.of([span])).isEmpty).toBe(true);
    }),
    runs,
  );
});

test('windows of a span are ascending and a valid rule set stays as it is', () => {
  fc.assert(
    fc.property(arbitraryRulesAndDay, ([rules, day]) => {
      const windows = expandWindows(rules, { start: (day - 2) * DAY, end: (day + 3) * DAY });
      windows.forEach((window, index) => {
        if (index > 0) expect(window.start).toBeGreaterThanOrEqual(windows[index - 1]!.start);
      });
      expect(sameAvailability(validateAvailability(rules), rules)).toBe(true);
      const shuffled = { ...rules, weekly: [...rules.weekly].reverse(), overrides: [...rules.overrides].reverse() };
      expect(sameAvailability(validateAvailability(shuffled), rules)).toBe(true);
    }),
    runs,
  );
});
