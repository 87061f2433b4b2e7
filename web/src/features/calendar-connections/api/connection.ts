import type {
  CalendarConnection,
  ConnectionPlan,
  ConnectionTest,
  SaveConnectionRequest,
} from '@daybook/http-contract/calendar-connections';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** An address and a key; without a key the stored one is meant. */
export type Credentials = { baseUrl: string; apiKey?: string };

/** Tries an address and a key; keeps nothing. */
export function testConnection(body: Credentials) {
  return request<ConnectionTest>({ method: 'POST', path: '/api/calendar-connections/test', body });
}

/** Connects, or changes address, key or what customers' addresses become. */
export function saveConnection(body: SaveConnectionRequest) {
  return request<CalendarConnection>({ method: 'PUT', path: '/api/calendar-connections', body });
}

/** What starting would send and take in. Cal.com is asked for it, so it may take a moment. */
export function getPlan(id: string, signal?: AbortSignal) {
  return request<ConnectionPlan>({
    method: 'GET',
    path: `/api/calendar-connections/${id}/plan`,
    ...(signal ? { signal } : {}),
  });
}

/** Begins to keep Cal.com in step. */
export function startConnection(id: string) {
  return request<CalendarConnection>({ method: 'POST', path: `/api/calendar-connections/${id}/start` });
}

/** What is to happen on Cal.com when a connection ends. */
export type Ending = { id: string; cancelBookings: boolean; hideEventTypes: boolean };

/** Ends a connection. */
export function disconnectCalendar({ id, ...body }: Ending) {
  return request<CalendarConnection>({ method: 'POST', path: `/api/calendar-connections/${id}/disconnect`, body });
}

/** Tries an address and a key. */
export function useTestConnection() {
  return useMutation({ mutationFn: testConnection, retry: false });
}

/** Connects, or changes the connection. */
export function useSaveConnection() {
  return useConnectionChange(saveConnection);
}

/** What starting would do; asked anew each time somebody looks. */
export function usePlan(id: string) {
  return useQuery({
    queryKey: [...keys.connections, 'plan', id],
    queryFn: ({ signal }) => getPlan(id, signal),
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** Begins to keep Cal.com in step. */
export function useStartConnection() {
  return useConnectionChange(startConnection);
}

/** Ends a connection. */
export function useDisconnectCalendar() {
  return useConnectionChange(disconnectCalendar);
}

function useConnectionChange<Input>(change: (input: Input) => Promise<CalendarConnection>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (connection) => client.setQueryData([...keys.connections, 'list'], { items: [connection] }),
    onSettled: () => invalidate(client, 'connections', 'appointments'),
  });
}
