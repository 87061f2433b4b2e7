import type { Appointment, BookAppointmentRequest } from '@daybook/http-contract/appointments';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** A booking and the key that makes it safe to send twice. */
export type Booking = { body: BookAppointmentRequest; idempotencyKey: string };

/** Books an appointment. */
export function bookAppointment({ body, idempotencyKey }: Booking) {
  return request<Appointment>({ method: 'POST', path: '/api/appointments', body, idempotencyKey });
}

/** Books an appointment; what shows taken time is read again. A lost answer is asked for again with the same key. */
export function useBookAppointment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: bookAppointment,
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability', 'customers'),
  });
}
