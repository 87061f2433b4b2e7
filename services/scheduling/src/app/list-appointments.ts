import { ValidationError } from '@daybook/runtime/errors';
import { type AppointmentFilter, listAppointments as readAppointments } from '../db/appointment-repository.ts';
import type { Actor } from '../domain/policy.ts';
import { checkText } from '../domain/appointment.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';
import { checkLimit } from './paging.ts';

/** What a list asks for; limit 0 means the usual one. */
export type ListAppointments = Omit<AppointmentFilter, 'organizationId'>;

/**
 * Appointments that overlap the range and match, by (start, id).
 * @throws ValidationError for a limit or cursor that cannot be
 */
export function listAppointments(
  deps: Dependencies,
): (actor: Actor, request: ListAppointments) => Promise<{ appointments: AppointmentView[]; nextCursor: string }> {
  return async (actor, request) => {
    await admit(deps, actor, 'list-appointments');
    checkText(request.words, 200, '/q');
    const limit = checkLimit(request.limit);
    const page = await readAppointments(deps.database, { ...request, organizationId: actor.organizationId, limit });
    if (page === 'bad-cursor') {
      throw new ValidationError([{ pointer: '/cursor', message: 'Use the cursor of an earlier answer unchanged.' }]);
    }
    const appointments = page.appointments.map((stored) => toView(stored, deps.settings));
    return { appointments, nextCursor: page.nextCursor };
  };
}
