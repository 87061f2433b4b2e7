import type { Appointment } from '@daybook/http-contract/appointments';
import { mutationOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { patchAppointment, patchOptimistically } from '../../../lib/appointments-cache.ts';
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

/** Cancels an appointment: shown at once, taken back when it is refused. */
export function cancelMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: cancelAppointment,
    onMutate: ({ before }) => patchOptimistically(client, before.id, (now) => ({ ...now, status: 'cancelled' })),
    onError: (_error, _cancellation, takeBack) => takeBack?.(),
    onSuccess: (cancelled) => patchAppointment(client, cancelled.id, () => cancelled),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability'),
  });
}

/** Cancels an appointment. */
export function useCancelAppointment() {
  return useMutation(cancelMutation(useQueryClient()));
}
