import type { AppointmentPage, AppointmentStatus } from '@daybook/http-contract/appointments';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Which appointments. Instants; half-open, by overlap. */
export type AppointmentsQuery = {
  from?: string | undefined;
  to?: string | undefined;
  status?: readonly AppointmentStatus[] | undefined;
  q?: string | undefined;
  providerId?: string | undefined;
  limit?: number;
  cursor?: string | undefined;
};

/** One page of appointments, chronological. */
export function listAppointments(query: AppointmentsQuery, signal?: AbortSignal) {
  return request<AppointmentPage>({
    method: 'GET',
    path: '/api/appointments',
    query: { ...query, status: query.status?.join(',') },
    ...(signal ? { signal } : {}),
  });
}

/** All appointments of a range, over as many pages as it takes. */
async function listAll(query: AppointmentsQuery, signal: AbortSignal) {
  const page = await listAppointments({ ...query, limit: 200 }, signal);
  while (page.nextCursor !== undefined) {
    const next = await listAppointments({ ...query, limit: 200, cursor: page.nextCursor }, signal);
    page.items.push(...next.items);
    if (next.nextCursor === undefined) delete page.nextCursor;
    else page.nextCursor = next.nextCursor;
  }
  return page;
}

/** All appointments of a range that is on the screen as a whole; the range before stays until the new one is there. */
export function useAppointmentsBetween(query: AppointmentsQuery | undefined) {
  return useQuery({
    queryKey: [...keys.appointments, 'between', query],
    queryFn: ({ signal }) => listAll(query ?? {}, signal),
    enabled: query !== undefined,
    placeholderData: keepPreviousData,
  });
}
