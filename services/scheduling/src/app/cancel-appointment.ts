import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { findProviderOfAppointment, lockAppointment } from '../db/appointment-repository.ts';
import { saveAppointment } from '../db/save-appointment.ts';
import { lockProvider } from '../db/locks.ts';
import { cancel, checkText } from '../domain/appointment.ts';
import { appointmentNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { appointmentEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';

/** What is to be called off, and why; 0 as expected version asks for no check. */
export type CancelAppointment = { readonly id: string; readonly reason: string; readonly expectedVersion: number };

/**
 * Calls off: the time is free again, the row stays. A repeat changes nothing and answers the same.
 * @throws DomainError APPOINTMENT_NOT_FOUND, VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE; ValidationError
 */
export function cancelAppointment(
  deps: Dependencies,
): (actor: Actor, command: CancelAppointment) => Promise<AppointmentView> {
  return async (actor, command) => {
    await admit(deps, actor, 'cancel-appointment');
    checkText(command.reason, 500, '/reason');
    const providerId = await findProviderOfAppointment(deps.database, actor.organizationId, command.id);
    if (providerId === undefined) throw appointmentNotFound();
    return withTransaction(deps.database, async (tx) => {
      await lockProvider(tx, providerId);
      const stored = await lockAppointment(tx, actor.organizationId, command.id);
      if (!stored) throw appointmentNotFound();
      const fact = cancel(stored.appointment, { ...command, now: deps.clock.now().getTime() });
      if (!fact) return toView(stored, deps.settings);
      const { appointment, reason } = fact;
      await saveAppointment(tx, appointment, undefined, { action: 'cancelled', actor: actor.userId, reason });
      await appendToOutbox(tx, [appointmentEvent(fact, appointment.updatedAt)]);
      return toView({ ...stored, appointment }, deps.settings);
    });
  };
}
