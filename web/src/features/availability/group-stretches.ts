import type { Interval } from '@daybook/http-contract/availability';
import { dayOf, wallTimeOf } from '../../lib/time.ts';

/** Stretches of the same weekday and the same hours, of which there may be many. */
export type StretchGroup = { first: Interval; count: number };

/** Eight Mondays from 9 to 12 are one line to a reader. Sorted by the first of each; hours are those of the zone. */
export function groupStretches(stretches: readonly Interval[], zone: string): StretchGroup[] {
  const groups = new Map<string, StretchGroup>();
  for (const stretch of stretches) {
    const weekday = new Date(`${dayOf(stretch.start, zone)}T00:00:00Z`).getUTCDay();
    const key = `${weekday} ${wallTimeOf(stretch.start, zone)} ${wallTimeOf(stretch.end, zone)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { first: stretch, count: 1 });
    else known.count += 1;
  }
  return [...groups.values()];
}
