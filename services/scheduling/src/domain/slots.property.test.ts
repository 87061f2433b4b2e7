import fc from 'fast-check';
import { arbitraryBusy, arbitraryRulesAndDay, arbitraryZoneAndDay } from '../testing/arbitrary-time.ts';
import { judgeStarts, listStartsSlowly } from '../testing/time-laws.ts';
import { expandWindows } from './availability.ts';
import { type Interval, IntervalSet } from './interval.ts';
import { listStartable, listStarts, nearestStarts, type SlotQuestion } from './slots.ts';
import { DAY, MINUTE } from './zone-offsets.ts';

const days = 3;

/** A question around a day on which clocks often change. */
const arbitraryQuestion: fc.Arbitrary<SlotQuestion> = arbitraryRulesAndDay.chain(([rules, day]) =>
  fc
    .record({
      busy: arbitraryBusy(day, days),
      duration: fc.constantFrom(5, 15, 30, 45, 50, 60, 90, 1440),
      step: fc.constantFrom(5, 10, 15, 20, 30, 45, 50, 60),
      before: fc.constantFrom(0, 0, 5, 10),
      after: fc.constantFrom(0, 0, 7, 15),
      notice: fc.integer({ min: 0, max: 2 * 1440 }),
    })
    .map(({ busy, duration, step, before, after, notice }) => ({
      timeZone: rules.timeZone,
      windows: expandWindows(rules, { start: day * DAY, end: (day + days) * DAY }),
      busy: [...IntervalSet.of(busy).toArray()],
      duration: duration * MINUTE,
      bufferBefore: before * MINUTE,
      bufferAfter: after * MINUTE,
      step: step * MINUTE,
      earliest: day * DAY + notice * MINUTE,
      before: (day + days) * DAY,
    })),
);

test('no start lies outside the hours, over a booking with buffers, or outside the asked range', () => {
  fc.assert(
    fc.property(arbitraryQuestion, (question) => {
      expect(judgeStarts(question, listStarts(question))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

/** Windows that often touch or overlap, as at midnight or in a repeated hour, with bookings as short as a minute. */
const arbitraryChain: fc.Arbitrary<SlotQuestion> = arbitraryZoneAndDay.chain(([timeZone, day]) =>
  fc
    .record({
      first: fc.integer({ min: 0, max: 287 }),
      links: fc.array(fc.tuple(fc.constantFrom(0, 0, -30, -5, 10, 45), fc.constantFrom(5, 20, 35, 50, 60, 90, 180)), {
        minLength: 1,
        maxLength: 5,
      }),
      busy: fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 12 })), { maxLength: 4 }),
      duration: fc.constantFrom(5, 15, 45, 120),
      step: fc.constantFrom(5, 15, 20, 50, 60),
      buffer: fc.constantFrom(0, 0, 10, 15),
      notice: fc.integer({ min: -60, max: 120 }),
    })
    .map(({ first, links, busy, duration, step, buffer, notice }) => {
      const opening = day * DAY + first * 5 * MINUTE;
      const windows: Interval[] = [];
      for (const [gap, length] of links) {
        const previous = windows.at(-1);
        const start = previous ? Math.max(previous.start, previous.end + gap * MINUTE) : opening;
        // In a repeated hour starts take the first and ends the second occurrence, so none ends before an earlier one does.
        windows.push({ start, end: Math.max(start + length * MINUTE, previous?.end ?? 0) });
      }
      const taken = busy.map(([at, length]) => ({
        start: opening + at * MINUTE,
        end: opening + (at + length) * MINUTE,
      }));
      return {
        timeZone,
        windows,
        busy: IntervalSet.of(taken).toArray(),
        duration: duration * MINUTE,
        bufferBefore: buffer * MINUTE,
        bufferAfter: buffer * MINUTE,
        step: step * MINUTE,
        earliest: opening + notice * MINUTE,
        before: opening + 600 * MINUTE,
      };
    }),
);

const nine = Date.parse('2026-03-02T09:00:00Z');

/** The first window ends where its next start would be, after the first start of the second. */
const endOnGrid: SlotQuestion = {
  timeZone: 'UTC',
  windows: [
    { start: nine, end: nine + 50 * MINUTE },
    { start: nine + 20 * MINUTE, end: nine + 180 * MINUTE },
  ],
  busy: [],
  duration: 5 * MINUTE,
  bufferBefore: 0,
  bufferAfter: 0,
  step: 50 * MINUTE,
  earliest: nine,
  before: nine + DAY,
};

test('of windows that touch or overlap, too, exactly the starts are offered that a minute-by-minute reading finds', () => {
  fc.assert(
    fc.property(arbitraryChain, (question) => {
      expect(listStarts(question)).toEqual(listStartsSlowly(question));
    }),
    { numRuns: 1_500, examples: [[endOnGrid]] },
  );
}, 60_000);

test('where starts are possible, the first is never after the last, and each stretch begins in its window', () => {
  fc.assert(
    fc.property(arbitraryChain, (question) => {
      for (const { from, last } of listStartable(question)) {
        expect(from).toBeLessThanOrEqual(last);
        expect(question.windows.some((window) => window.start <= from && last < window.end)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('after a booking of a minute shortly before the end a short appointment still fits, buffers or not', () => {
  const at = (minute: number): number => nine + minute * MINUTE;
  const question = { ...endOnGrid, step: 5 * MINUTE, bufferAfter: 15 * MINUTE };
  const range = { earliest: at(0), before: at(60), windows: [{ start: at(0), end: at(60) }] };
  const starts = listStarts({ ...question, ...range, busy: [{ start: at(50), end: at(51) }] });
  expect(starts.filter((start) => start > at(30))).toEqual([at(55)]);
});

/** It opens a minute before the clock of Lord Howe Island goes back by half an hour, so the full hour is half an hour off. */
const halfHourChange: SlotQuestion = {
  timeZone: 'Australia/Lord_Howe',
  windows: [{ start: Date.parse('2016-04-02T14:59:00Z'), end: Date.parse('2016-04-02T16:10:00Z') }],
  busy: [],
  duration: 5 * MINUTE,
  bufferBefore: 0,
  bufferAfter: 0,
  step: 60 * MINUTE,
  earliest: Date.parse('2016-04-02T00:00:00Z'),
  before: Date.parse('2016-04-05T00:00:00Z'),
};

/**
 * It opens three quarters of an hour before that clock goes forward by half an hour: the full hour by the new clock that
 * comes first is none by the old one, which still runs then.
 */
const halfHourForward: SlotQuestion = {
  ...halfHourChange,
  windows: [{ start: Date.parse('2016-10-01T14:45:00Z'), end: Date.parse('2016-10-01T16:30:00Z') }],
  earliest: Date.parse('2016-10-01T00:00:00Z'),
  before: Date.parse('2016-10-04T00:00:00Z'),
};

test('where windows do not touch, exactly the starts are offered that a minute-by-minute reading of the rules finds', () => {
  fc.assert(
    fc.property(arbitraryQuestion, (question) => {
      const windows = IntervalSet.of(question.windows).toArray();
      const apart = { ...question, windows, duration: Math.min(question.duration, 120 * MINUTE) };
      expect(listStarts(apart)).toEqual(listStartsSlowly(apart));
    }),
    { numRuns: 150, examples: [[halfHourChange], [halfHourForward]] },
  );
}, 60_000);

test('the nearest starts are the nearest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 500 })),
      fc.integer({ min: 0, max: 500 }),
      (starts, wanted) => {
        const nearest = nearestStarts(starts, wanted, 3);
        expect(nearest).toHaveLength(Math.min(3, starts.length));
        const farthest = Math.max(0, ...nearest.map((start) => Math.abs(start - wanted)));
        for (const start of starts) {
          if (!nearest.includes(start)) expect(Math.abs(start - wanted)).toBeGreaterThanOrEqual(farthest);
        }
        expect(nearest).toEqual([...nearest].sort((a, b) => a - b));
      },
    ),
    { numRuns: 200 },
  );
});

test('of two equally near the later one wins', () => {
  expect(nearestStarts([10, 20, 30], 20, 2)).toEqual([20, 30]);
  expect(nearestStarts([10, 30], 20, 1)).toEqual([30]);
});
