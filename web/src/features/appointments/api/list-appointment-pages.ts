import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { keys } from '../../../lib/query-keys.ts';
import { listAppointments } from './list-appointments.ts';
import type { AppointmentsQuery } from './list-appointments.ts';

/** Appointments page by page. */
export function useAppointmentPages(query: AppointmentsQuery) {
  return useInfiniteQuery({
    queryKey: [...keys.appointments, 'pages', query],
    queryFn: ({ pageParam, signal }) => listAppointments({ ...query, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
