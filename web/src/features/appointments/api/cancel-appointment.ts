import type { Appointment } from '@daybook/http-contract/appointments';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { patchAppointment } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** A cancellation and why. */
export type Cancellation = { before: Appointment; reason: string };

/** Cancels an appointment; the row stays, the time is free. A repeat changes nothing. */
export function cancelAppointment({ before, reason }: Cancellation) {
  return request<Appointment>({
    method: 'DELETE',
    path: `/api/appointments/${before.id}`,
    query: { reason: reason.trim() },
    ifMatch: before.version,
  });
}

/** Cancels an appointment. */
export function useCancelAppointment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: cancelAppointment,
    onSuccess: (cancelled) => patchAppointment(client, cancelled.id, () => cancelled),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability'),
  });
}
