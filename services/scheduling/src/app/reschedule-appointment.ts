import { ValidationError } from '@daybook/runtime/errors';
import { checkText } from '../domain/appointment.ts';
import { type Actor, requirePermission } from '../domain/policy.ts';
import { admit } from './admit.ts';
import type { AppointmentView } from './appointment-view.ts';
import { changeAppointment } from './change-appointment.ts';
import type { Dependencies } from './dependencies.ts';
import { keyRequest } from './idempotency.ts';

/** Where an appointment is to go; 0 as expected version asks for no check. */
export type RescheduleAppointment = {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly start: number | undefined;
  readonly reason: string;
  readonly expectedVersion: number;
  readonly override: boolean;
  readonly idempotencyKey: string;
};

/**
 * Moves an appointment to a new start; customer and length stay.
 * @throws DomainError and ValidationError as changeAppointment
 */
export function rescheduleAppointment(
  deps: Dependencies,
): (actor: Actor, command: RescheduleAppointment) => Promise<AppointmentView> {
  return async (actor, command) => {
    await admit(deps, actor, 'change-appointment');
    if (command.override) requirePermission(actor, 'override-rules');
    const { id, start, reason, expectedVersion, override } = command;
    if (start === undefined) throw new ValidationError([{ pointer: '/start', message: 'Give a start.' }]);
    checkText(reason, 500, '/reason');
    const content = [id, start, reason, expectedVersion, override];
    const keyed = keyRequest(actor, 'reschedule', command.idempotencyKey, content);
    return changeAppointment(deps, actor, { id, expectedVersion, override, keyed, start, reason });
  };
}
