import type { Appointment } from '@daybook/http-contract/appointments';
import { mutationOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { patchAppointment, patchOptimistically } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Takes a cancellation back: the same appointment at its old time. A repeat changes nothing. */
export function restoreAppointment(before: Appointment) {
  return request<Appointment>({
    method: 'POST',
    path: `/api/appointments/${before.id}/restore`,
    ifMatch: before.version,
  });
}

/** Takes a cancellation back: shown at once, and cancelled again on the screen when it is refused. */
export function restoreMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: restoreAppointment,
    onMutate: (before) => patchOptimistically(client, before.id, (now) => ({ ...now, status: 'scheduled' })),
    onError: (_error, _before, takeBack) => takeBack?.(),
    onSuccess: (restored) => patchAppointment(client, restored.id, () => restored),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability', 'customers'),
  });
}
