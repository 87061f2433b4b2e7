import fc from 'fast-check';
import { expandOverrides, OVERRIDE_HORIZON_DAYS } from './weekly-hours.ts';

const zones = ['UTC', 'Europe/Luxembourg', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
/** Around the clock changes of 2026 as well as any other instant. */
const instants = fc.oneof(
  fc.constantFrom(Date.UTC(2026, 2, 29, 0, 59), Date.UTC(2026, 9, 25, 0, 59), Date.UTC(2026, 10, 1, 5, 59)),
  fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) }),
);
const ranges = fc
  .record({ from: fc.integer({ min: -600, max: 600 }), days: fc.integer({ min: 0, max: 900 }) })
  .map(({ from, days }) => {
    const first = Temporal.PlainDate.from('2026-06-01').add({ days: from });
    return { date: first.toString(), endDate: first.add({ days }).toString(), intervals: [] };
  });

describe('overrides date by date', () => {
  test('are exactly the dates of the ranges from today to the horizon', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, ranges, (timeZone, now, range) => {
        const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
        const dates = expandOverrides({ timeZone, overrides: [range] }, now).map(({ date }) => date);
        const wanted: string[] = [];
        for (let offset = 0; offset <= OVERRIDE_HORIZON_DAYS; offset += 1) {
          const date = today.add({ days: offset }).toString();
          if (date >= range.date && date <= range.endDate) wanted.push(date);
        }
        expect(dates).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
