import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import { mutationOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { patchAppointment, patchOptimistically } from '../../../lib/appointments-cache.ts';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** How a visit went, of an appointment as it was seen. */
export type AttendanceRecord = { before: Appointment; attendance: Attendance };

/** Records arrival, completion or a no-show; `expected` takes any of them back. */
export function recordAttendance({ before, attendance }: AttendanceRecord) {
  return request<Appointment>({
    method: 'POST',
    path: `/api/appointments/${before.id}/attendance`,
    body: { attendance },
    ifMatch: before.version,
  });
}

/** Records how a visit went: shown at once, taken back when it is refused. */
export function attendanceMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: recordAttendance,
    onMutate: ({ before, attendance }) =>
      patchOptimistically(client, before.id, (now) => withAttendance(now, attendance)),
    onError: (_error, _record, takeBack) => takeBack?.(),
    onSuccess: (recorded) => patchAppointment(client, recorded.id, () => recorded),
    onSettled: () => invalidate(client, 'appointments', 'slots', 'availability', 'customers'),
  });
}

/** How a visit stands; a cancelled appointment has none. */
export function attendanceOf(appointment: Appointment): Attendance | undefined {
  if (appointment.status === 'cancelled') return undefined;
  if (appointment.status !== 'scheduled') return appointment.status;
  return appointment.arrivedAt === undefined ? 'expected' : 'arrived';
}

/** The appointment as it will be, to be shown until the server has answered. */
function withAttendance(appointment: Appointment, attendance: Attendance): Appointment {
  const { arrivedAt, ...rest } = appointment;
  if (attendance === 'expected') return { ...rest, status: 'scheduled' };
  if (attendance === 'no_show') return { ...rest, status: 'no_show' };
  const arrived = arrivedAt ?? new Date().toISOString();
  return { ...rest, status: attendance === 'completed' ? 'completed' : 'scheduled', arrivedAt: arrived };
}
