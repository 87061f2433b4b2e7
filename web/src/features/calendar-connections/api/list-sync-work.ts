import type { SyncWork } from '@daybook/http-contract/calendar-connections';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** What is not in step with Cal.com, oldest first. */
export function listSyncWork(signal?: AbortSignal) {
  return request<{ items: SyncWork[] }>({
    method: 'GET',
    path: '/api/calendar-connections/work',
    ...(signal ? { signal } : {}),
  });
}

/** What is not in step with Cal.com, oldest first. */
export function useSyncWork() {
  return useQuery({
    queryKey: [...keys.connections, 'work'],
    queryFn: ({ signal }) => listSyncWork(signal),
    refetchInterval: 15_000,
  });
}
