import { ValidationError } from '@daybook/runtime/errors';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { findAppointment } from '../db/appointment-repository.ts';
import {
  findCustomer,
  listProvidersOfCustomer,
  listUpcomingOfCustomer,
  lockCustomers,
  reassignAppointments,
  removeCustomer,
} from '../db/customer-facts-repository.ts';
import { refreshAppointmentSearch, updateCustomer } from '../db/customer-repository.ts';
import { lockProviders } from '../db/locks.ts';
import { saveAppointment } from '../db/save-appointment.ts';
import type { AppointmentFact } from '../domain/appointment.ts';
import { type Customer, joinCustomers } from '../domain/customer.ts';
import { customerNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { appointmentEvent, customerEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { retryRaces } from './idempotency.ts';

/** The customer who stayed, and how many appointments changed hands. */
export type MergedCustomers = { readonly customer: Customer; readonly movedAppointments: number };

/** Thrown to roll back and begin anew: the customer was booked with yet another provider meanwhile. */
class MoreProviders extends Error {}

/**
 * Joins two customers who are one person, in one transaction. Appointments to come get a new version and an event, so
 * that outside calendars learn who comes; past ones only change hands.
 * @throws DomainError CUSTOMER_NOT_FOUND, NOT_PERMITTED; ValidationError when both are the same
 */
export function mergeCustomers(
  deps: Dependencies,
): (actor: Actor, keepId: string, mergeId: string) => Promise<MergedCustomers> {
  return async (actor, keepId, mergeId) => {
    await admit(deps, actor, 'merge-customers');
    if (keepId === mergeId) {
      throw new ValidationError([{ pointer: '/mergeId', message: 'Name another customer than the one that stays.' }]);
    }
    if (!(await findCustomer(deps.database, actor.organizationId, mergeId))) throw customerNotFound();
    return retryRaces(
      () => mergeOnce(deps, actor, keepId, mergeId),
      (error) => error instanceof MoreProviders,
    );
  };
}

async function mergeOnce(deps: Dependencies, actor: Actor, keepId: string, mergeId: string): Promise<MergedCustomers> {
  const providerIds = await listProvidersOfCustomer(deps.database, mergeId);
  return withTransaction(deps.database, async (tx) => {
    // Every writer takes providers before customers. Once the customers are held, no booking can add a provider.
    await lockProviders(tx, providerIds);
    const locked = await lockCustomers(tx, actor.organizationId, [keepId, mergeId]);
    const providersNow = await listProvidersOfCustomer(tx, mergeId);
    if (providersNow.some((id) => !providerIds.includes(id))) throw new MoreProviders();
    const kept = locked.find((customer) => customer.id === keepId);
    const other = locked.find((customer) => customer.id === mergeId);
    if (!kept || !other) throw customerNotFound();
    return join(deps, tx, actor, kept, other);
  });
}

async function join(
  deps: Dependencies,
  tx: Tx,
  actor: Actor,
  kept: Customer,
  other: Customer,
): Promise<MergedCustomers> {
  const now = deps.clock.now().getTime();
  const upcoming = await listUpcomingOfCustomer(tx, other.id, now);
  const movedAppointments = await reassignAppointments(tx, other, kept);
  // The other goes first: two customers cannot have one e-mail address, not even for a moment.
  await removeCustomer(tx, other);
  const customer = joinCustomers(kept, other);
  if (customer !== kept) await updateCustomer(tx, customer);
  await refreshAppointmentSearch(tx, customer);
  for (const id of upcoming) await tellOf(tx, actor, id, now);
  const gone = { ...other, version: other.version + 1 };
  await appendToOutbox(tx, [
    customerEvent(gone, kept.id, now),
    ...(customer === kept ? [] : [customerEvent(customer, '', now)]),
  ]);
  return { customer, movedAppointments };
}

async function tellOf(tx: Tx, actor: Actor, id: string, now: number): Promise<void> {
  const stored = await findAppointment(tx, actor.organizationId, id);
  if (!stored) return;
  const appointment = { ...stored.appointment, version: stored.appointment.version + 1, updatedAt: now };
  const fact: AppointmentFact = { kind: 'changed', appointment };
  await saveAppointment(tx, appointment, undefined, { action: 'changed', actor: actor.userId, reason: '' });
  await appendToOutbox(tx, [appointmentEvent(fact, now)]);
}
