import { checkDuration, checkText } from '../domain/appointment.ts';
import { type CustomerDetails, validateCustomer } from '../domain/customer.ts';
import { type Actor, requirePermission } from '../domain/policy.ts';
import { admit } from './admit.ts';
import type { AppointmentView } from './appointment-view.ts';
import { changeAppointment } from './change-appointment.ts';
import type { Dependencies } from './dependencies.ts';
import { keyRequest } from './idempotency.ts';
import { countryOf } from './practice-country.ts';

/** What is to change; undefined stays, 0 as duration or expected version means not given. */
export type UpdateAppointment = {
  readonly id: string;
  readonly expectedVersion: number;
  /** Epoch milliseconds. */
  readonly start: number | undefined;
  readonly durationMinutes: number;
  readonly customer: CustomerDetails | undefined;
  readonly notes: string | undefined;
  readonly override: boolean;
  readonly idempotencyKey: string;
};

/**
 * Changes any of start, length, customer and notes. What equals the present state changes nothing and makes no version.
 * @throws DomainError and ValidationError as changeAppointment
 */
export function updateAppointment(
  deps: Dependencies,
): (actor: Actor, command: UpdateAppointment) => Promise<AppointmentView> {
  return async (actor, command) => {
    await admit(deps, actor, 'change-appointment');
    if (command.override) requirePermission(actor, 'override-rules');
    const { id, expectedVersion, start, durationMinutes, notes, override } = command;
    if (durationMinutes !== 0) checkDuration(durationMinutes);
    if (notes !== undefined) checkText(notes, 5_000, '/notes');
    const country = await countryOf(deps, actor.organizationId);
    const customer = command.customer && validateCustomer(command.customer, country);
    const content = [id, expectedVersion, start, durationMinutes, customer, notes, override];
    return changeAppointment(deps, actor, {
      id,
      expectedVersion,
      override,
      keyed: keyRequest(actor, 'update', command.idempotencyKey, content),
      ...(start === undefined ? {} : { start }),
      ...(durationMinutes === 0 ? {} : { durationMinutes }),
      ...(customer ? { customer } : {}),
      ...(notes === undefined ? {} : { notes }),
    });
  };
}
