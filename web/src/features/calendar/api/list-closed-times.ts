import type { ClosedTime } from '@daybook/http-contract/appointments';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Which stretches to explain: a range of instants, at most 62 days, for appointments of this length. */
export type ClosedTimesQuery = {
  from: string;
  to: string;
  durationMinutes: number;
  providerId?: string | undefined;
};

/** Why times of a range cannot be booked; sorted and disjoint. */
export function listClosedTimes(query: ClosedTimesQuery, signal?: AbortSignal) {
  return request<{ items: ClosedTime[]; timeZone: string }>({
    method: 'GET',
    path: '/api/slots/closed',
    query,
    ...(signal ? { signal } : {}),
  });
}

/** Why times of a range cannot be booked; asked for only once somebody wants to know. */
export function useClosedTimes(query: ClosedTimesQuery, wanted: boolean) {
  return useQuery({
    queryKey: [...keys.slots, 'closed', query],
    queryFn: ({ signal }) => listClosedTimes(query, signal),
    enabled: wanted,
    placeholderData: keepPreviousData,
  });
}
