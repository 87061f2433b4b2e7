import type { AppointmentType, AppointmentTypeRequest } from '@daybook/http-contract/practice';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** Every type, the usual one first, also those that can no longer be booked. */
export function listAllTypes(signal?: AbortSignal) {
  return request<{ items: AppointmentType[] }>({
    method: 'GET',
    path: '/api/appointment-types',
    query: { includeArchived: 'true' },
    ...(signal ? { signal } : {}),
  });
}

/** Every type. */
export function useAllTypes() {
  return useQuery({
    queryKey: [...keys.appointmentTypes, 'all'],
    queryFn: ({ signal }) => listAllTypes(signal),
  });
}

/** A new type, or new particulars of one and the version they were made from. */
export type TypeChange = { before: AppointmentType | undefined; body: AppointmentTypeRequest };

/** Makes or changes a type; a change is refused when the type changed since its version. */
export function saveType({ before, body }: TypeChange) {
  return before === undefined
    ? request<AppointmentType>({ method: 'POST', path: '/api/appointment-types', body })
    : request<AppointmentType>({
        method: 'PUT',
        path: `/api/appointment-types/${before.id}`,
        body,
        ifMatch: before.version,
      });
}

/** Makes or changes a type. */
export function useSaveType() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: saveType,
    // A repeated making would find its own short name taken.
    retry: false,
    onSettled: () => invalidate(client, 'appointmentTypes', 'slots', 'appointments'),
  });
}

/** The body that says what a type is now. */
export function toRequest(type: AppointmentType): AppointmentTypeRequest {
  const { name, slug, durationsMinutes, bufferBeforeMinutes, bufferAfterMinutes } = type;
  const { minimumNoticeMinutes, horizonDays, slotStepMinutes, color, archived } = type;
  return {
    name,
    slug,
    durationsMinutes,
    bufferBeforeMinutes,
    bufferAfterMinutes,
    minimumNoticeMinutes,
    horizonDays,
    slotStepMinutes,
    color,
    archived,
  };
}
