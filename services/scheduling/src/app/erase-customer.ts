import { appendToOutbox } from '@daybook/runtime/outbox';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import {
  findCustomer,
  listProvidersOfCustomer,
  listUpcomingOfCustomer,
  lockCustomers,
} from '../db/customer-facts-repository.ts';
import { updateCustomer } from '../db/customer-repository.ts';
import {
  eraseAppointmentTexts,
  listAppointmentsOfCustomer,
  markErased,
  rewriteAnswers,
  rewriteEvents,
} from '../db/erasure-repository.ts';
import { lockProviders } from '../db/locks.ts';
import { type Customer, eraseParticulars } from '../domain/customer.ts';
import { customerHasAppointments, customerNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { customerErasedEvent, withoutCustomer } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { retryRaces } from './idempotency.ts';

/** Thrown to roll back and begin anew: the customer was booked with yet another provider meanwhile. */
class MoreProviders extends Error {}

/**
 * Forgets a customer, in one transaction: their row, what was written about their appointments, kept answers, and events
 * on their way. Versions stay, since no appointment changes its time or standing; receivers hear it by an event of the
 * customer. Answers how many appointments no longer say whose they were.
 * @throws DomainError CUSTOMER_NOT_FOUND, CUSTOMER_HAS_APPOINTMENTS, NOT_PERMITTED
 */
export function eraseCustomer(deps: Dependencies): (actor: Actor, id: string) => Promise<number> {
  return async (actor, id) => {
    await admit(deps, actor, 'erase-customers');
    if (!(await findCustomer(deps.database, actor.organizationId, id))) throw customerNotFound();
    return retryRaces(
      () => eraseOnce(deps, actor, id),
      (error) => error instanceof MoreProviders,
    );
  };
}

async function eraseOnce(deps: Dependencies, actor: Actor, id: string): Promise<number> {
  const providerIds = await listProvidersOfCustomer(deps.database, id);
  return withTransaction(deps.database, async (tx) => {
    // Every writer takes providers before customers. Once the customer is held, no booking can add a provider.
    await lockProviders(tx, providerIds);
    const [known] = await lockCustomers(tx, actor.organizationId, [id]);
    if (!known) throw customerNotFound();
    const providersNow = await listProvidersOfCustomer(tx, id);
    if (providersNow.some((provider) => !providerIds.includes(provider))) throw new MoreProviders();
    const now = deps.clock.now().getTime();
    const expected = await listUpcomingOfCustomer(tx, id, now);
    if (expected.length > 0) throw customerHasAppointments(expected.length);
    return forget(tx, known, now);
  });
}

async function forget(tx: Tx, known: Customer, now: number): Promise<number> {
  const erased = eraseParticulars(known);
  const appointmentIds = await listAppointmentsOfCustomer(tx, known.id);
  await updateCustomer(tx, erased);
  await markErased(tx, known.id);
  await eraseAppointmentTexts(tx, erased);
  await rewriteAnswers(tx, known, (answer) => forgetIn(answer, erased));
  await rewriteEvents(tx, appointmentIds, (payload) => withoutCustomer(payload, erased));
  await appendToOutbox(tx, [customerErasedEvent(erased, appointmentIds, now)]);
  return appointmentIds.length;
}

/** A kept answer in which the customer, and what was written beside them, is gone. */
function forgetIn(answer: unknown, erased: Customer): unknown {
  if (Array.isArray(answer)) return answer.map((item) => forgetIn(item, erased));
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields = answer as Record<string, unknown>;
  const { customer } = fields;
  const isTheirs = typeof customer === 'object' && customer !== null && 'id' in customer && customer.id === erased.id;
  if (isTheirs) return { ...fields, customer: erased, notes: '', cancellationReason: '' };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, forgetIn(value, erased)]));
}
