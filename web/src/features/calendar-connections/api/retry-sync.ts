import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Makes failed work due again: one appointment's, or all of it. */
export function retrySync(appointmentId?: string) {
  const body = appointmentId === undefined ? {} : { appointmentId };
  return request<{ retried: number }>({ method: 'POST', path: '/api/calendar-connections/retry', body });
}

/** Makes failed work due again. */
export function useRetrySync() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: retrySync,
    onSettled: () => invalidate(client, 'connections', 'appointments'),
  });
}
