import type { SweepList, SweepSummary } from '@daybook/http-contract/calendar-connections';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** The last comparisons of both sides, newest first. */
export function listSweeps(signal?: AbortSignal) {
  return request<SweepList>({
    method: 'GET',
    path: '/api/calendar-connections/sweeps',
    ...(signal ? { signal } : {}),
  });
}

/** The last comparisons; asked again each second while one runs. */
export function useSweeps() {
  return useQuery({
    queryKey: [...keys.connections, 'sweeps'],
    queryFn: ({ signal }) => listSweeps(signal),
    refetchInterval: ({ state }) => (isRunning(state.data?.items[0]) ? 1000 : false),
  });
}

/** Whether a comparison has not finished. */
export function isRunning(sweep: SweepSummary | undefined): boolean {
  return sweep !== undefined && sweep.finishedAt === undefined && sweep.error === undefined;
}

/** Compares both sides now. */
export function startSweep(connectionId: string) {
  return request<SweepSummary>({ method: 'POST', path: `/api/calendar-connections/${connectionId}/sweeps` });
}

/** Compares both sides now. */
export function useStartSweep() {
  const client = useQueryClient();
  return useMutation({ mutationFn: startSweep, onSettled: () => invalidate(client, 'connections', 'appointments') });
}
