import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** How the connection to Cal.com stands. */
export function listConnections(signal?: AbortSignal) {
  return request<{ items: CalendarConnection[] }>({
    method: 'GET',
    path: '/api/calendar-connections',
    ...(signal ? { signal } : {}),
  });
}

/** How the connection to Cal.com stands; asked again each minute, since silence is no change that anybody sends. */
export function useConnections() {
  return useQuery({
    queryKey: [...keys.connections, 'list'],
    queryFn: ({ signal }) => listConnections(signal),
    refetchInterval: 60_000,
  });
}
