import fc from 'fast-check';
import { arbitraryBusy, arbitraryRulesAndDay } from '../testing/arbitrary-time.ts';
import { judgeStarts, listStartsSlowly } from '../testing/time-laws.ts';
import { expandWindows } from './availability.ts';
import { IntervalSet } from './interval.ts';
import { listStarts, nearestStarts, type SlotQuestion } from './slots.ts';
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

test('where windows do not touch, exactly the starts are offered that a minute-by-minute reading of the rules finds', () => {
  fc.assert(
    fc.property(arbitraryQuestion, (question) => {
      const windows = IntervalSet.of(question.windows).toArray();
      const apart = { ...question, windows, duration: Math.min(question.duration, 120 * MINUTE) };
      expect(listStarts(apart)).toEqual(listStartsSlowly(apart));
    }),
    { numRuns: 150, examples: [[halfHourChange]] },
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
