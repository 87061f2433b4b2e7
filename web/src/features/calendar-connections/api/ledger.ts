import type { LedgerDetails, LedgerEntry, LedgerPage } from '@daybook/http-contract/calendar-connections';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** How one side of the ledger stands. */
export type LedgerState = LedgerEntry['state'];

/** One page of the ledger, those that need a person first. */
export function listLedger(
  query: { state?: LedgerState | undefined; cursor?: string | undefined },
  signal?: AbortSignal,
) {
  return request<LedgerPage>({
    method: 'GET',
    path: '/api/calendar-connections/ledger',
    query: { ...query, limit: 25 },
    ...(signal ? { signal } : {}),
  });
}

/** The ledger page by page; asked again every few seconds while it is looked at, because what is watched must not lag behind a lost hint. */
export function useLedger(state: LedgerState | undefined) {
  return useInfiniteQuery({
    queryKey: [...keys.connections, 'ledger', state ?? 'all'],
    queryFn: ({ pageParam, signal }) => listLedger({ state, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 4000,
    placeholderData: keepPreviousData,
  });
}

/** One line with its tries. */
export function getLedgerEntry(appointmentId: string, signal?: AbortSignal) {
  return request<LedgerDetails>({
    method: 'GET',
    path: `/api/calendar-connections/ledger/${appointmentId}`,
    ...(signal ? { signal } : {}),
  });
}

/** One line with its tries. */
export function useLedgerEntry(appointmentId: string) {
  return useQuery({
    queryKey: [...keys.connections, 'ledger-entry', appointmentId],
    queryFn: ({ signal }) => getLedgerEntry(appointmentId, signal),
  });
}

/** Which side is right. */
export type Resolution = { appointmentId: string; resolution: 'accept_theirs' | 'restore_ours' };

/** Decides which side is right. */
export function resolveDifference({ appointmentId, resolution }: Resolution) {
  return request<LedgerEntry>({
    method: 'POST',
    path: `/api/calendar-connections/ledger/${appointmentId}/resolve`,
    body: { resolution },
  });
}

/** Decides which side is right; all that shows the appointment is read again. */
export function useResolveDifference() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: resolveDifference,
    onSettled: () => invalidate(client, 'connections', 'appointments', 'slots', 'availability'),
  });
}
