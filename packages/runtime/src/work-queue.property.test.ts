import fc from 'fast-check';
import { fullJitterBackoff } from './work-queue.ts';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a wait lies within the doubling ceiling and the cap, and grows with chance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 900_000 }),
      unit,
      unit,
      (attempt, baseMs, capMs, left, right) => {
        const wait = (chance: number): number => fullJitterBackoff({ attempt, baseMs, capMs, random: () => chance });
        const ceiling = Math.min(capMs, baseMs * 2 ** (attempt - 1));
        expect(wait(left)).toBeGreaterThanOrEqual(0);
        expect(wait(left)).toBeLessThanOrEqual(ceiling);
        expect(Math.sign(wait(left) - wait(right)) * Math.sign(left - right)).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 500 },
  );
});

test('the full range is used', () => {
  const wait = (attempt: number, chance: number): number =>
    fullJitterBackoff({ attempt, baseMs: 1000, capMs: 900_000, random: () => chance });
  expect([1, 2, 3, 11].map((attempt) => wait(attempt, 0.9999))).toEqual([999, 1999, 3999, 899_910]);
  expect(wait(5, 0)).toBe(0);
});
