import type { AppointmentType } from '@daybook/http-contract/practice';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** What can be booked, the default type first. */
export function listAppointmentTypes(signal?: AbortSignal) {
  return request<{ items: AppointmentType[] }>({
    method: 'GET',
    path: '/api/appointment-types',
    ...(signal ? { signal } : {}),
  });
}

/** What can be booked. */
export function useAppointmentTypes() {
  return useQuery({
    queryKey: keys.appointmentTypes,
    queryFn: ({ signal }) => listAppointmentTypes(signal),
    staleTime: 5 * 60_000,
  });
}
