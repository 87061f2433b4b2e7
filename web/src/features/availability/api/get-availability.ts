import type { Availability } from '@daybook/http-contract/availability';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** A range of instants, at most 62 days. */
export type Range = { from: string; to: string };

/** The hours; with a range also the open and the free time in it. */
export function getAvailability(range?: Range, signal?: AbortSignal) {
  return request<Availability>({
    method: 'GET',
    path: '/api/availability',
    ...(range === undefined ? {} : { query: range }),
    ...(signal ? { signal } : {}),
  });
}

/** The hours; with a range also the open and the free time in it. */
export function useAvailability(range?: Range) {
  return useQuery({
    queryKey: [...keys.availability, range ?? 'rules'],
    queryFn: ({ signal }) => getAvailability(range, signal),
    placeholderData: keepPreviousData,
  });
}
