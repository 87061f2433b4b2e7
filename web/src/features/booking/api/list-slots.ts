import type { SlotList } from '@daybook/http-contract/appointments';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Which starts to offer. Instants; at most 62 days apart. */
export type SlotsQuery = {
  from: string;
  to: string;
  durationMinutes?: number | undefined;
  appointmentTypeId?: string | undefined;
  /** Whose time; the first provider's when absent. */
  providerId?: string | undefined;
  /** An appointment to be moved: its own time counts as free. */
  rescheduleAppointmentId?: string | undefined;
};

/** The bookable starts of a range. */
export function listSlots(query: SlotsQuery, signal?: AbortSignal) {
  return request<SlotList>({ method: 'GET', path: '/api/slots', query, ...(signal ? { signal } : {}) });
}

/** The bookable starts of a range; not asked while there is nothing to ask for. */
export function useSlots(query: SlotsQuery | undefined) {
  return useQuery({
    queryKey: [...keys.slots, query],
    queryFn: ({ signal }) => listSlots(query as SlotsQuery, signal),
    enabled: query !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The bookable starts for each of several wishes, in their order. */
export function useSlotLists(queries: readonly SlotsQuery[]) {
  return useQueries({
    queries: queries.map((query) => ({
      queryKey: [...keys.slots, query],
      queryFn: ({ signal }: { signal: AbortSignal }) => listSlots(query, signal),
      placeholderData: keepPreviousData,
    })),
  });
}
