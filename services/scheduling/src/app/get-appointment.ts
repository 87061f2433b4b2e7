import { findAppointment, listHistory } from '../db/appointment-repository.ts';
import type { HistoryEntry } from '../domain/appointment.ts';
import { appointmentNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';

/** One appointment with its history, oldest line first. @throws DomainError APPOINTMENT_NOT_FOUND */
export function getAppointment(
  deps: Dependencies,
): (actor: Actor, id: string) => Promise<{ appointment: AppointmentView; history: HistoryEntry[] }> {
  return async (actor, id) => {
    await admit(deps, actor, 'read-appointment');
    const stored = await findAppointment(deps.database, actor.organizationId, id);
    if (!stored) throw appointmentNotFound();
    return { appointment: toView(stored, deps.settings), history: await listHistory(deps.database, id) };
  };
}
