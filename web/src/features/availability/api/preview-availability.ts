import type { AvailabilityPreview, ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { request } from '../../../lib/http.ts';
import { addDays, startOfDay, todayIn } from '../../../lib/time.ts';

/** How many days a preview looks ahead. */
export const previewDays = 56;

/** What hours would change in the next eight weeks, from today in the practice's zone; changes nothing. */
export function previewAvailability(rules: ReplaceAvailabilityRequest, zone: string): Promise<AvailabilityPreview> {
  const { timeZone, weekly, overrides } = rules;
  const today = todayIn(zone);
  return request<AvailabilityPreview>({
    method: 'POST',
    path: '/api/availability/preview',
    body: {
      timeZone,
      weekly,
      ...(overrides === undefined ? {} : { overrides }),
      from: startOfDay(today, zone),
      to: startOfDay(addDays(today, previewDays), zone),
    },
  });
}
