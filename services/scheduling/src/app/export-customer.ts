import { findAppointment, listHistory } from '../db/appointment-repository.ts';
import { findCustomer } from '../db/customer-facts-repository.ts';
import { listAppointmentsOfCustomer } from '../db/erasure-repository.ts';
import type { HistoryEntry } from '../domain/appointment.ts';
import type { Customer } from '../domain/customer.ts';
import { customerNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';

/** Everything kept about one customer. */
export type CustomerExport = {
  readonly customer: Customer;
  /** Cancelled ones included, by start. */
  readonly appointments: readonly {
    readonly appointment: AppointmentView;
    readonly history: readonly HistoryEntry[];
  }[];
};

/** Gathers everything kept about one customer. @throws DomainError CUSTOMER_NOT_FOUND, NOT_PERMITTED */
export function exportCustomer(deps: Dependencies): (actor: Actor, id: string) => Promise<CustomerExport> {
  return async (actor, id) => {
    await admit(deps, actor, 'export-customers');
    const customer = await findCustomer(deps.database, actor.organizationId, id);
    if (!customer) throw customerNotFound();
    const appointments: CustomerExport['appointments'][number][] = [];
    // One after the other: rare, and never worth more than one connection of the pool.
    for (const appointmentId of await listAppointmentsOfCustomer(deps.database, id)) {
      const stored = await findAppointment(deps.database, actor.organizationId, appointmentId);
      if (!stored) continue;
      const history = await listHistory(deps.database, appointmentId);
      appointments.push({ appointment: toView(stored, deps.settings), history });
    }
    return { customer, appointments };
  };
}
