import type { Appointment, AppointmentDetails } from '@daybook/http-contract/appointments';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { findAppointment } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** One appointment with its history. */
export function getAppointment(id: string, signal?: AbortSignal) {
  return request<AppointmentDetails>({ method: 'GET', path: `/api/appointments/${id}`, ...(signal ? { signal } : {}) });
}

/**
 * One appointment with its history. Where a list holds the appointment already, it stands there at once and only its history is waited
 * for.
 */
export function useAppointment(id: string) {
  const client = useQueryClient();
  return useQuery<Appointment & Partial<AppointmentDetails>>({
    queryKey: [...keys.appointments, 'one', id],
    queryFn: ({ signal }) => getAppointment(id, signal),
    placeholderData: () => findAppointment(client, id),
  });
}
