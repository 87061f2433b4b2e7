import { randomUUID } from 'node:crypto';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { isCustomerKnown } from '../db/constraint-errors.ts';
import {
  findCustomer,
  findPossibleDuplicates,
  lockCustomers,
  summarizeCustomers,
} from '../db/customer-facts-repository.ts';
import {
  findCandidates,
  insertCustomer,
  refreshAppointmentSearch,
  updateCustomer as storeCustomer,
} from '../db/customer-repository.ts';
import { checkText, requireVersion } from '../domain/appointment.ts';
import { matchCustomer } from '../domain/customer-matching.ts';
import {
  type Customer,
  type CustomerDetails,
  type CustomerSummary,
  newCustomer,
  replaceParticulars,
  validateCustomer,
} from '../domain/customer.ts';
import { customerExists, customerNotFound, databaseBusy } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { customerEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { countryOf } from './practice-country.ts';

/** A customer with what is known of them. */
export type CustomerFacts = {
  readonly customer: Customer;
  readonly summary: CustomerSummary;
  readonly possibleDuplicates: readonly Customer[];
};

/** All particulars of a customer; empty ones clear. */
export type CustomerParticulars = CustomerDetails & { readonly notes: string };

/** One customer with what the appointments say. @throws DomainError CUSTOMER_NOT_FOUND, NOT_PERMITTED */
export function getCustomer(deps: Dependencies): (actor: Actor, id: string) => Promise<CustomerFacts> {
  return async (actor, id) => {
    await admit(deps, actor, 'read-customers');
    const { database } = deps;
    const customer = await findCustomer(database, actor.organizationId, id);
    if (!customer) throw customerNotFound();
    const now = deps.clock.now().getTime();
    const [summaries, possibleDuplicates] = await Promise.all([
      summarizeCustomers(database, actor.organizationId, [id], now),
      findPossibleDuplicates(database, customer),
    ]);
    return { customer, summary: summaries[0] as CustomerSummary, possibleDuplicates };
  };
}

/** Makes a customer without an appointment. @throws DomainError CUSTOMER_EXISTS, NOT_PERMITTED; ValidationError */
export function createCustomer(deps: Dependencies): (actor: Actor, given: CustomerParticulars) => Promise<Customer> {
  return async (actor, given) => {
    await admit(deps, actor, 'manage-customers');
    const details = await accept(deps, actor, given);
    const customer = { ...newCustomer(randomUUID(), actor.organizationId, details), notes: given.notes };
    return namingTheKnown(deps, customer, async () => {
      const known = matchCustomer(await findCandidates(deps.database, actor.organizationId, details), details);
      if (known) throw customerExists(known.id);
      return withTransaction(deps.database, async (tx) => {
        await insertCustomer(tx, customer);
        await appendToOutbox(tx, [customerEvent(customer, '', deps.clock.now().getTime())]);
        return customer;
      });
    });
  };
}

/**
 * Replaces a customer's particulars; the same again changes nothing.
 * @throws DomainError CUSTOMER_NOT_FOUND, VERSION_CONFLICT, CUSTOMER_EXISTS, NOT_PERMITTED; ValidationError
 */
export function updateCustomer(
  deps: Dependencies,
): (actor: Actor, id: string, given: CustomerParticulars, expectedVersion: number) => Promise<Customer> {
  return async (actor, id, given, expectedVersion) => {
    await admit(deps, actor, 'manage-customers');
    const details = await accept(deps, actor, given);
    return namingTheKnown(deps, { id, organizationId: actor.organizationId, ...details }, () =>
      withTransaction(deps.database, async (tx) => {
        const [current] = await lockCustomers(tx, actor.organizationId, [id]);
        if (!current) throw customerNotFound();
        requireVersion(current, expectedVersion);
        const next = replaceParticulars(current, details, given.notes);
        if (next === current) return current;
        await storeCustomer(tx, next);
        await refreshAppointmentSearch(tx, next);
        await appendToOutbox(tx, [customerEvent(next, '', deps.clock.now().getTime())]);
        return next;
      }),
    );
  };
}

async function accept(deps: Dependencies, actor: Actor, given: CustomerParticulars): Promise<CustomerDetails> {
  checkText(given.notes, 5_000, '/notes');
  return validateCustomer(given, await countryOf(deps, actor.organizationId), '');
}

/** Turns the refusal of a second customer with the same e-mail address, or phone alone, into one that names the first. */
async function namingTheKnown<T>(
  deps: Dependencies,
  wanted: Pick<Customer, 'id' | 'organizationId' | 'email' | 'phone'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isCustomerKnown(error)) throw error;
    const candidates = await findCandidates(deps.database, wanted.organizationId, wanted);
    const others = candidates.filter((candidate) => candidate.id !== wanted.id);
    const known = others.find((other) => wanted.email !== '' && other.email === wanted.email) ?? others[0];
    throw known ? customerExists(known.id) : databaseBusy();
  }
}
