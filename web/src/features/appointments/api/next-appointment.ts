import { useQuery } from '@tanstack/react-query';
import { keys } from '../../../lib/query-keys.ts';
import { listAppointments } from './list-appointments.ts';

/** The first appointment from an instant on, as a list of one or none; not asked without an instant. */
export function useNextAppointment(from: string | undefined) {
  return useQuery({
    queryKey: [...keys.appointments, 'next', from],
    queryFn: ({ signal }) => listAppointments({ from, status: ['scheduled'], limit: 1 }, signal),
    enabled: from !== undefined,
  });
}
