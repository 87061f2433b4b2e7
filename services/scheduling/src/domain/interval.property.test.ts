import fc from 'fast-check';
import { IntervalSet } from './interval.ts';

const stretch = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -3, max: 15 })).map(([start, length]) => ({
  start,
  end: start + length,
}));
const set = fc.array(stretch, { maxLength: 8 }).map((items) => IntervalSet.of(items));
const instants = Array.from({ length: 80 }, (_, index) => index);
const holds = (time: IntervalSet, instant: number): boolean => time.overlaps({ start: instant, end: instant + 1 });

test('union, intersection and difference mean what they say, instant by instant', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      for (const instant of instants) {
        expect(holds(a.union(b), instant)).toBe(holds(a, instant) || holds(b, instant));
        expect(holds(a.intersect(b), instant)).toBe(holds(a, instant) && holds(b, instant));
        expect(holds(a.subtract(b), instant)).toBe(holds(a, instant) && !holds(b, instant));
      }
      expect(a.duration).toBe(instants.filter((instant) => holds(a, instant)).length);
    }),
    { numRuns: 200 },
  );
});

test('every set is sorted, disjoint, not touching and without empty stretches', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      for (const time of [a, b, a.union(b), a.intersect(b), a.subtract(b)]) {
        time.toArray().forEach((item, index, all) => {
          expect(item.start).toBeLessThan(item.end);
          if (index > 0) expect(all[index - 1]!.end).toBeLessThan(item.start);
        });
      }
    }),
    { numRuns: 200 },
  );
});

test('a stretch is contained when all of its instants are', () => {
  fc.assert(
    fc.property(set, stretch, (time, asked) => {
      fc.pre(asked.start < asked.end);
      const all = instants.filter((instant) => instant >= asked.start && instant < asked.end);
      expect(time.contains(asked)).toBe(all.every((instant) => holds(time, instant)));
    }),
    { numRuns: 200 },
  );
});

test('the empty set holds no time', () => {
  expect(IntervalSet.empty.isEmpty).toBe(true);
  expect(IntervalSet.empty.toArray()).toEqual([]);
});
