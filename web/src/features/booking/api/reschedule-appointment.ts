import type { Appointment, RescheduleAppointmentRequest } from '@daybook/http-contract/appointments';
import { mutationOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { patchAppointment, patchOptimistically } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** A move: which appointment as it was seen, and where to. */
export type Move = { before: Appointment; body: RescheduleAppointmentRequest; idempotencyKey: string };

/** Moves an appointment to a new start; refused when somebody changed it since it was seen. */
export function rescheduleAppointment({ before, body, idempotencyKey }: Move) {
  return request<Appointment>({
    method: 'POST',
    path: `/api/appointments/${before.id}/reschedule`,
    body,
    idempotencyKey,
    ifMatch: before.version,
  });
}

/** Moves an appointment: shown at once, taken back when it is refused. */
export function useRescheduleAppointment() {
  return useMutation(rescheduleMutation(useQueryClient()));
}

/** Moves an appointment: shown at once, taken back when it is refused. */
export function rescheduleMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: rescheduleAppointment,
    onMutate: ({ before, body }) =>
      patchOptimistically(client, before.id, (now) => {
        const end = new Date(Date.parse(body.start) + now.durationMinutes * 60_000).toISOString();
        return { ...now, start: body.start, end, sync: { ...now.sync, state: 'waiting' } };
      }),
    onError: (_error, _move, takeBack) => takeBack?.(),
    onSuccess: (moved) => patchAppointment(client, moved.id, () => moved),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability'),
  });
}
