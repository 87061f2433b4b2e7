import { weekdays } from '@daybook/http-contract/availability';
import { replaceAvailabilityRequest } from '@daybook/http-contract/availability';
import fc from 'fast-check';
import { editorDay, fromEditorValues, toEditorSchedule } from './availability-mapping.ts';
import type { EditorSchedule, EditorValues } from './availability-mapping.ts';

const pad = (value: number) => String(value).padStart(2, '0');
const toTime = (minutes: number) => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

/** Sorted, disjoint windows of a day, boundaries included: 00:00, 23:59 and 24:00 occur. */
const windows = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 1439, 1440, 540)), { maxLength: 8 })
  .map((edges) => {
    const sorted = [...edges].sort((a, b) => a - b);
    const pairs: { start: string; end: string }[] = [];
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      pairs.push({ start: toTime(sorted[index] ?? 0), end: toTime(sorted[index + 1] ?? 0) });
    }
    return pairs;
  });

const zones = fc.constantFrom('Europe/Luxembourg', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC');
/** Dates around clock changes, leap days and turns of the year. */
const dates = fc.constantFrom('2026-03-28', '2026-10-24', '2026-03-08', '2028-02-28', '2026-12-31', '2027-06-15');

const rules = fc.record({
  timeZone: zones,
  weekly: fc
    .array(windows, { minLength: 7, maxLength: 7 })
    .map((week) =>
      week.flatMap((day, index) => day.map((window) => ({ day: weekdays[index] ?? 'monday', ...window }))),
    ),
  overrides: fc
    .uniqueArray(fc.record({ date: dates, days: fc.integer({ min: 0, max: 2 }), intervals: windows }), {
      selector: (entry) => entry.date,
      maxLength: 4,
    })
    .map((entries) =>
      entries
        .map(({ date, days, intervals }) => ({
          date,
          ...(days === 0 ? {} : { endDate: addDays(date, days) }),
          intervals,
        }))
        .sort((a, b) => a.date.localeCompare(b.date)),
    ),
});

const todays = fc.constantFrom('2026-03-29', '2026-10-25', '2026-12-31', '2028-02-29', '2026-06-04');

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 23:59 and 24:00 are one and the same end. */
function normalize<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll('"end":"23:59"', '"end":"24:00"')) as Value;
}

function submit(schedule: EditorSchedule, asTexts: boolean): EditorValues {
  const values = {
    timeZone: schedule.timeZone,
    schedule: schedule.availability,
    dateOverrides: schedule.dateOverrides,
  };
  return asTexts ? (JSON.parse(JSON.stringify(values)) as EditorValues) : values;
}

/** A window that begins at 23:59 cannot be told from an empty one once its end is written as 23:59. */
function canBeEdited(given: { weekly: { start: string }[]; overrides: { intervals: { start: string }[] }[] }): boolean {
  return ![...given.weekly, ...given.overrides.flatMap((entry) => entry.intervals)].some(
    ({ start }) => start === '23:59',
  );
}

test('what the editor is given and submits untouched is the same rules, whatever day it is', () => {
  fc.assert(
    fc.property(rules, todays, fc.boolean(), (given, today, asTexts) => {
      fc.pre(canBeEdited(given));
      const body = fromEditorValues(submit(toEditorSchedule(given, 'Hours', today), asTexts));
      expect(normalize(body)).toEqual(normalize(given));
      expect(replaceAvailabilityRequest.safeParse(body).success).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('the editor reads the wall clock in UTC, on today for the week and on its own date for a special one', () => {
  fc.assert(
    fc.property(rules, todays, (given, today) => {
      const schedule = toEditorSchedule(given, 'Hours', today);
      for (const window of given.weekly) {
        const range = schedule.availability[editorDay(window.day)]?.find(
          ({ start }) => start.toISOString() === `${today}T${window.start}:00.000Z`,
        );
        expect(range?.end.toISOString()).toBe(`${today}T${window.end === '24:00' ? '23:59' : window.end}:00.000Z`);
      }
      for (const { ranges } of schedule.dateOverrides) {
        expect(
          new Set(ranges.map(({ start, end }) => start.toISOString().slice(0, 10) + end.toISOString().slice(0, 10)))
            .size,
        ).toBe(1);
      }
    }),
    { numRuns: 200 },
  );
});

test('a closed day is a range that begins and ends at midnight, and comes back closed', () => {
  const given = { timeZone: 'Europe/Luxembourg', weekly: [], overrides: [{ date: '2026-12-25', intervals: [] }] };
  const schedule = toEditorSchedule(given, 'Hours', '2026-06-04');
  expect(schedule.dateOverrides[0]?.ranges[0]?.start.toISOString()).toBe('2026-12-25T00:00:00.000Z');
  expect(schedule.dateOverrides[0]?.ranges[0]?.end.toISOString()).toBe('2026-12-25T00:00:00.000Z');
  expect(fromEditorValues(submit(schedule, false)).overrides).toEqual(given.overrides);
});

test('the editor adds each range of a date as an entry of its own; they become one', () => {
  const at = (time: string) => new Date(`2026-12-24T${time}:00.000Z`);
  const body = fromEditorValues({
    timeZone: 'UTC',
    schedule: [[], [], [], [], [], [], []],
    dateOverrides: [
      { ranges: [{ start: at('14:00'), end: at('16:00') }] },
      { ranges: [{ start: at('09:00'), end: at('12:00') }] },
    ],
  });
  expect(body.overrides).toEqual([
    {
      date: '2026-12-24',
      intervals: [
        { start: '09:00', end: '12:00' },
        { start: '14:00', end: '16:00' },
      ],
    },
  ]);
});
