import type { Appointment, UpdateAppointmentRequest } from '@daybook/http-contract/appointments';
import { mutationOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { patchAppointment, patchOptimistically } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** A change of some fields of an appointment as it was seen. */
export type Change = { before: Appointment; body: UpdateAppointmentRequest; idempotencyKey: string };

/** Changes an appointment; absent fields stay. Refused when somebody changed it since it was seen. */
export function updateAppointment({ before, body, idempotencyKey }: Change) {
  return request<Appointment>({
    method: 'PUT',
    path: `/api/appointments/${before.id}`,
    body,
    idempotencyKey,
    ifMatch: before.version,
  });
}

/** Changes an appointment; a new time shows at once and is taken back when it is refused. */
export function useUpdateAppointment() {
  return useMutation(updateMutation(useQueryClient()));
}

/** Changes an appointment; a new time shows at once and is taken back when it is refused. */
export function updateMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: updateAppointment,
    onMutate: ({ before, body }) =>
      patchOptimistically(client, before.id, (now) => {
        const start = body.start ?? now.start;
        const durationMinutes = body.durationMinutes ?? now.durationMinutes;
        const end = new Date(Date.parse(start) + durationMinutes * 60_000).toISOString();
        return { ...now, start, durationMinutes, end, notes: body.notes ?? now.notes };
      }),
    onError: (_error, _change, takeBack) => takeBack?.(),
    onSuccess: (changed) => patchAppointment(client, changed.id, () => changed),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability', 'customers'),
  });
}
