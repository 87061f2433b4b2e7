import { type Appointment, type AppointmentFact, requireVersion } from './appointment.ts';
import { appointmentNotChangeable, startInPast } from './errors.ts';

/** How a visit went; `expected` takes arrival, completion or no-show back. */
export type Attendance = 'expected' | 'arrived' | 'completed' | 'no_show';

/** What a record made of an appointment, and the word its history keeps. */
export type RecordedFact = AppointmentFact & { kind: 'changed' };

type Request = {
  /** 0 asks for no check. */
  readonly expectedVersion: number;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * Records how a visit went. An early arrival may be recorded before the start, an end may not: what has not begun can
 * neither be completed nor missed.
 * @returns undefined when it is recorded so already: a repeat changes nothing, whatever version it names
 * @throws DomainError VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE (cancelled; completed or no-show before the start)
 */
export function recordAttendance(
  current: Appointment,
  attendance: Attendance,
  { expectedVersion, now }: Request,
): RecordedFact | undefined {
  if (current.status !== 'cancelled' && attendanceOf(current) === attendance) return undefined;
  requireVersion(current, expectedVersion);
  if (current.status === 'cancelled') throw appointmentNotChangeable(current.status);
  const isEnd = attendance === 'completed' || attendance === 'no_show';
  if (isEnd && now < current.start) throw appointmentNotChangeable(current.status);
  const arrivals = { expected: undefined, arrived: current.arrivedAt ?? now, completed: current.arrivedAt };
  const appointment: Appointment = {
    ...current,
    status: isEnd ? attendance : 'scheduled',
    arrivedAt: attendance === 'no_show' ? undefined : arrivals[attendance],
    version: current.version + 1,
    updatedAt: now,
  };
  return { kind: 'changed', appointment };
}

/** What is recorded of an appointment that is not cancelled. */
function attendanceOf(appointment: Appointment): Attendance {
  if (appointment.status === 'completed' || appointment.status === 'no_show') return appointment.status;
  return appointment.arrivedAt === undefined ? 'expected' : 'arrived';
}

/**
 * Takes a cancellation back: the same appointment at its old time, judged by no rule but that the time lies ahead.
 * @returns undefined when it is scheduled: a repeat changes nothing, whatever version it names
 * @throws DomainError VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE (completed or no-show), START_IN_PAST
 */
export function restore(current: Appointment, { expectedVersion, now }: Request): RecordedFact | undefined {
  if (current.status === 'scheduled') return undefined;
  requireVersion(current, expectedVersion);
  if (current.status !== 'cancelled') throw appointmentNotChangeable(current.status);
  if (current.start <= now) throw startInPast();
  const appointment: Appointment = {
    ...current,
    status: 'scheduled',
    cancellationReason: '',
    version: current.version + 1,
    updatedAt: now,
  };
  return { kind: 'changed', appointment };
}

/** Whether an appointment keeps its provider's time: while it is scheduled, and when it took place. */
export function ownsItsTime(appointment: Pick<Appointment, 'status'>): boolean {
  return appointment.status === 'scheduled' || appointment.status === 'completed';
}
