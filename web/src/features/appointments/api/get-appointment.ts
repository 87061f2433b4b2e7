import type { AppointmentDetails } from '@daybook/http-contract/appointments';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** One appointment with its history. */
export function getAppointment(id: string, signal?: AbortSignal) {
  return request<AppointmentDetails>({ method: 'GET', path: `/api/appointments/${id}`, ...(signal ? { signal } : {}) });
}

/** One appointment with its history. */
export function useAppointment(id: string) {
  return useQuery({ queryKey: [...keys.appointments, 'one', id], queryFn: ({ signal }) => getAppointment(id, signal) });
}
