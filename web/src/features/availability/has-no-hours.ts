import type { Availability } from '@daybook/http-contract/availability';

/** Whether a practice has no hours at all, as on its first day. */
export function hasNoHours(rules: Pick<Availability, 'weekly' | 'overrides'>): boolean {
  return rules.weekly.length === 0 && rules.overrides.every((entry) => entry.intervals.length === 0);
}
