import type { ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';

type Override = NonNullable<ReplaceAvailabilityRequest['overrides']>[number];

/** Overrides with a new one in them. Where it covers dates of an older one, the older one keeps only what lies outside. */
export function mergeOverride(overrides: readonly Override[], added: Override): Override[] {
  const first = added.date;
  const last = added.endDate ?? added.date;
  const kept = overrides.flatMap((entry) => {
    const end = entry.endDate ?? entry.date;
    if (end < first || entry.date > last) return [entry];
    const parts: Override[] = [];
    if (entry.date < first) parts.push(makeEntry(entry.date, shiftDay(first, -1), entry.intervals));
    if (end > last) parts.push(makeEntry(shiftDay(last, 1), end, entry.intervals));
    return parts;
  });
  return [...kept, added].sort((a, b) => a.date.localeCompare(b.date));
}

function makeEntry(date: string, endDate: string, intervals: Override['intervals']): Override {
  return { date, ...(endDate === date ? {} : { endDate }), intervals };
}

function shiftDay(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}
