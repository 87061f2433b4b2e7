import type { ReplaceAvailabilityRequest, ReplacedAvailability } from '@daybook/http-contract/availability';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** New hours, and the version of the hours they were made from. */
export type Replacement = { version: number; body: ReplaceAvailabilityRequest };

/** Replaces weekly hours, overrides and zone; refused when they changed since that version. */
export function replaceAvailability({ version, body }: Replacement) {
  return request<ReplacedAvailability>({ method: 'PUT', path: '/api/availability', body, ifMatch: version });
}

/** Replaces the hours and reads again what depends on them. */
export function useReplaceAvailability() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: replaceAvailability,
    onSuccess: ({ outsideNewHours: _outside, ...rules }) => client.setQueryData([...keys.availability, 'rules'], rules),
    onSettled: () => invalidate(client, 'availability', 'slots', 'providers'),
  });
}
