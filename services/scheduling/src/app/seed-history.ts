import { randomUUID } from 'node:crypto';
import { ValidationError } from '@daybook/runtime/errors';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { findCandidates, insertCustomer } from '../db/customer-repository.ts';
import { countForeignAppointments, insertPastAppointment, markSeeded } from '../db/history-seeding.ts';
import { lockProvider } from '../db/locks.ts';
import { listFirstOrganizations } from '../db/organization-repository.ts';
import { checkDuration, checkText } from '../domain/appointment.ts';
import { matchCustomer } from '../domain/customer-matching.ts';
import { type Customer, type CustomerDetails, newCustomer, validateCustomer } from '../domain/customer.ts';
import { MINUTE } from '../domain/zone-offsets.ts';
import { type BookingContext, chooseType, loadBookingContext } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import { provisionOrganization } from './provision-organization.ts';

/** One past appointment of a demonstration practice. */
export type PastAppointment = {
  readonly customer: CustomerDetails;
  /** Epoch milliseconds; must be past. */
  readonly start: number;
  readonly durationMinutes: number;
  readonly status: 'completed' | 'no_show' | 'cancelled';
  readonly notes: string;
  /** Undefined for the default type. */
  readonly appointmentTypeId?: string | undefined;
};

/**
 * Writes past appointments without events, so that a demonstration practice has a history. A second run adds only what is
 * not there yet.
 * @throws ValidationError when the practice has appointments that did not come from here, or a line cannot be
 */
export async function seedHistory(
  deps: Dependencies,
  organizationId: string,
  past: readonly PastAppointment[],
): Promise<number> {
  await provisionOrganization(deps, organizationId);
  const context = await loadBookingContext(deps, organizationId, '');
  const now = deps.clock.now().getTime();
  past.forEach((entry, index) => checkEntry(entry, index, now));
  return withTransaction(deps.database, async (tx) => {
    await lockProvider(tx, context.provider.id);
    if ((await countForeignAppointments(tx, organizationId)) > 0) {
      throw new ValidationError([{ pointer: '', message: 'This practice has appointments of its own.' }]);
    }
    let written = 0;
    for (const entry of past) written += await writeEntry(deps, tx, context, entry);
    await markSeeded(tx, organizationId);
    return written;
  });
}

function checkEntry(entry: PastAppointment, index: number, now: number): void {
  checkDuration(entry.durationMinutes);
  checkText(entry.notes, 5_000, `/${index}/notes`);
  if (entry.start + entry.durationMinutes * MINUTE > now) {
    throw new ValidationError([{ pointer: `/${index}/start`, message: 'Only past appointments can be seeded.' }]);
  }
}

async function writeEntry(
  deps: Dependencies,
  tx: Tx,
  context: BookingContext,
  entry: PastAppointment,
): Promise<number> {
  const customer = await customerOf(deps, tx, context.provider.organizationId, entry.customer);
  const during = { start: entry.start, end: entry.start + entry.durationMinutes * MINUTE };
  const written = await insertPastAppointment(tx, {
    id: randomUUID(),
    reservationId: randomUUID(),
    organizationId: context.provider.organizationId,
    providerId: context.provider.id,
    typeId: chooseType(context.types, entry.appointmentTypeId ?? '').id,
    customer,
    during,
    status: entry.status,
    notes: entry.notes,
  });
  return written ? 1 : 0;
}

async function customerOf(
  deps: Dependencies,
  tx: Tx,
  organizationId: string,
  given: CustomerDetails,
): Promise<Customer> {
  const details = validateCustomer(given, deps.settings.defaultCountry);
  const known = matchCustomer(await findCandidates(tx, organizationId, details), details);
  if (known) return known;
  const customer = newCustomer(randomUUID(), organizationId, details);
  await insertCustomer(tx, customer);
  return customer;
}

/** The organisation meant when none is named. @throws ValidationError unless there is exactly one */
export async function findOnlyOrganization(deps: Dependencies): Promise<string> {
  const [only, ...others] = await listFirstOrganizations(deps.database);
  if (only !== undefined && others.length === 0) return only;
  throw new ValidationError([{ pointer: '/organizationId', message: 'Name the organisation.' }]);
}
