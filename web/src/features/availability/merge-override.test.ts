import fc from 'fast-check';
import { mergeOverride } from './merge-override.ts';

const base = Date.parse('2026-01-01T00:00:00Z');
const dayAt = (offset: number) => new Date(base + offset * 86_400_000).toISOString().slice(0, 10);
const entry = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 22 }))
  .map(([start, length, hour]) => ({
    date: dayAt(start),
    ...(length === 0 ? {} : { endDate: dayAt(start + length) }),
    intervals: [{ start: `${String(hour).padStart(2, '0')}:00`, end: `${String(hour + 1).padStart(2, '0')}:00` }],
  }));
type Entry = { date: string; endDate?: string | undefined; intervals: { start: string; end: string }[] };

/** What each date says. */
function byDate(entries: readonly Entry[]): Map<string, string> {
  const days = new Map<string, string>();
  for (const { date, endDate = date, intervals } of entries)
    for (let offset = 0; dayAt(offset) <= endDate; offset++)
      if (dayAt(offset) >= date) {
        expect(days.has(dayAt(offset))).toBe(false);
        days.set(dayAt(offset), intervals[0]?.start ?? 'closed');
      }
  return days;
}

test('a new entry wins on its own dates, every other date says what it said, and no date is told twice', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), entry, (older, added) => {
      const before = older.reduce<Entry[]>((entries, next) => mergeOverride(entries, next), []);
      const days = byDate(before);
      for (const [day, hours] of byDate([added])) days.set(day, hours);
      expect([...byDate(mergeOverride(before, added))].sort()).toEqual([...days].sort());
    }),
    { numRuns: 200 },
  );
});
