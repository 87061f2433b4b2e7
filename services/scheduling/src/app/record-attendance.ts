import { type Appointment, occupiedTime } from '../domain/appointment.ts';
import { type Attendance, ownsItsTime, recordAttendance as decide, restore } from '../domain/attendance.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import { changeUnderLock } from './change-under-lock.ts';
import type { Dependencies } from './dependencies.ts';

/** What to record; 0 as expected version asks for no check. */
export type RecordAttendance = {
  readonly id: string;
  readonly attendance: Attendance;
  readonly expectedVersion: number;
};

/**
 * Records how a visit went, or takes that back. A no-show gives its time back; whatever undoes it takes the time again.
 * @throws DomainError APPOINTMENT_NOT_FOUND, VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE, SLOT_TAKEN, NOT_PERMITTED
 */
export function recordAttendance(
  deps: Dependencies,
): (actor: Actor, command: RecordAttendance) => Promise<AppointmentView> {
  return async (actor, { id, attendance, expectedVersion }) => {
    await admit(deps, actor, 'record-attendance');
    const stored = await changeUnderLock(deps, actor, id, (_tx, current) => {
      const fact = decide(current, attendance, { expectedVersion, now: deps.clock.now().getTime() });
      return fact && { fact, action: attendance, reason: '', occupies: claimAnew(current, fact.appointment) };
    });
    return toView(stored, deps.settings);
  };
}

/**
 * Takes a cancellation back: the same appointment, scheduled again at its old time, if that is still free.
 * @throws DomainError APPOINTMENT_NOT_FOUND, VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE, START_IN_PAST, SLOT_TAKEN
 */
export function restoreAppointment(
  deps: Dependencies,
): (actor: Actor, command: { id: string; expectedVersion: number }) => Promise<AppointmentView> {
  return async (actor, { id, expectedVersion }) => {
    await admit(deps, actor, 'cancel-appointment');
    const stored = await changeUnderLock(deps, actor, id, (_tx, current) => {
      const fact = restore(current, { expectedVersion, now: deps.clock.now().getTime() });
      return fact && { fact, action: 'restored', reason: '', occupies: claimAnew(current, fact.appointment) };
    });
    return toView(stored, deps.settings);
  };
}

/** The claim of an appointment that had given its time away; undefined when it still has one, or needs none. */
function claimAnew(before: Appointment, after: Appointment): Interval | undefined {
  if (ownsItsTime(before) || !ownsItsTime(after)) return undefined;
  return occupiedTime({ start: after.start, end: after.end }, after.type, after.override);
}
