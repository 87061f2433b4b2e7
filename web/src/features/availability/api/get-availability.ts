import type { Availability } from '@daybook/http-contract/availability';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** A range of instants, at most 62 days. */
export type Range = { from: string; to: string };

/** The hours; with a range also the open and the free time in it. */
export function getAvailability(range?: Range, signal?: AbortSignal, providerId?: string) {
  return request<Availability>({
    method: 'GET',
    path: '/api/availability',
    ...(range === undefined ? {} : { query: { ...range, ...(providerId === undefined ? {} : { providerId }) } }),
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

/** The hours of several providers in a range, in their order; undefined stands for the first provider. */
export function useAvailabilities(range: Range, providerIds: readonly (string | undefined)[]) {
  return useQueries({
    queries: providerIds.map((providerId) => ({
      queryKey: [...keys.availability, range, ...(providerId === undefined ? [] : [providerId])],
      queryFn: ({ signal }: { signal: AbortSignal }) => getAvailability(range, signal, providerId),
      placeholderData: keepPreviousData,
    })),
  });
}
