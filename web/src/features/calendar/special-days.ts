import type { Availability } from '@daybook/http-contract/availability';

/** The days from first to last, last exclusive, that have hours of their own. */
export function specialDays(overrides: Availability['overrides'], first: string, last: string): ReadonlySet<string> {
  const days = new Set<string>();
  for (const { date, endDate = date } of overrides) {
    if (endDate < first || date >= last) continue;
    const begin = date < first ? first : date;
    for (let day = Temporal.PlainDate.from(begin); day.toString() < last && day.toString() <= endDate;) {
      days.add(day.toString());
      day = day.add({ days: 1 });
    }
  }
  return days;
}
