import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { normalizeEmail, normalizePhone } from './customer-matching.ts';
import { isTimeZone } from './zone-offsets.ts';

/** Who comes. Empty texts mean unknown. */
export type Customer = {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** Lower case. */
  readonly email: string;
  /** E.164. */
  readonly phone: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** The owner's notes. */
  readonly notes: string;
  /** Rises by one with each change. */
  readonly version: number;
};

/** What a person says about the customer of a booking; empty texts mean not given. */
export type CustomerDetails = Pick<Customer, 'name' | 'email' | 'phone' | 'timeZone'>;

/**
 * Accepts and normalises what was said about a customer.
 * @param country ISO 3166 alpha-2, in which national phone numbers are read
 * @param at JSON pointer of the customer in the request
 * @throws ValidationError with pointers below `at`
 */
export function validateCustomer(given: CustomerDetails, country: string, at = '/customer'): CustomerDetails {
  const faults: FieldFault[] = [];
  const name = given.name.trim();
  if (name.length < 1 || name.length > 200) {
    faults.push({ pointer: `${at}/name`, message: 'Give a name of 1 to 200 characters.' });
  }
  if (hasControlCharacters(name)) faults.push({ pointer: `${at}/name`, message: 'Use visible characters only.' });
  const email = hasControlCharacters(given.email) ? undefined : normalizeEmail(given.email);
  if (email === undefined) faults.push({ pointer: `${at}/email`, message: 'This is not an e-mail address.' });
  const phone = normalizePhone(given.phone, country);
  if (phone === undefined) {
    faults.push({ pointer: `${at}/phone`, message: 'This is not a phone number; try it with +country code.' });
  }
  if (given.timeZone !== '' && !isTimeZone(given.timeZone)) {
    faults.push({ pointer: `${at}/timeZone`, message: 'Name an IANA time zone such as Europe/Luxembourg.' });
  }
  if (faults.length > 0) throw new ValidationError(faults);
  return { name, email: email ?? '', phone: phone ?? '', timeZone: given.timeZone };
}

/** Whether a text holds characters that no person types on one line (NUL, line breaks, escape). */
export function hasControlCharacters(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what this looks for
  return /[\u0000-\u001f\u007f]/.test(text);
}

/** What stands in place of the name of somebody who was erased; the same in every language. */
export const erasedName = '—';

/** A customer of whom nothing is known any more. */
export function eraseParticulars(known: Customer): Customer {
  return { ...known, name: erasedName, email: '', phone: '', timeZone: '', notes: '', version: known.version + 1 };
}

/** A new customer from accepted details. */
export function newCustomer(id: string, organizationId: string, details: CustomerDetails): Customer {
  return { id, organizationId, ...details, notes: '', version: 1 };
}

/**
 * A known customer with what a booking says about them: what is given is the newest knowledge, what is not given stays.
 * The very same object comes back when nothing differs, and the version stays.
 */
export function refreshCustomer(known: Customer, given: CustomerDetails): Customer {
  const next = {
    name: given.name,
    email: given.email === '' ? known.email : given.email,
    phone: given.phone === '' ? known.phone : given.phone,
    timeZone: given.timeZone === '' ? known.timeZone : given.timeZone,
  };
  return withDetails(known, next);
}

/** A known customer with exactly these details (an edit, which may also clear a field). */
export function replaceDetails(known: Customer, details: CustomerDetails): Customer {
  return withDetails(known, details);
}

/** A known customer with exactly these particulars; the very same object when nothing differs. */
export function replaceParticulars(known: Customer, details: CustomerDetails, notes: string): Customer {
  const next = withDetails(known, details);
  if (notes === known.notes) return next;
  return { ...next, notes, version: known.version + 1 };
}

/**
 * Two customers who are one person: what the kept one lacks comes from the other, and the other's notes follow its own.
 * The very same object comes back when nothing differs.
 */
export function joinCustomers(kept: Customer, other: Customer): Customer {
  const email = kept.email === '' ? other.email : kept.email;
  const phone = kept.phone === '' ? other.phone : kept.phone;
  const timeZone = kept.timeZone === '' ? other.timeZone : kept.timeZone;
  const notes = [kept.notes, other.notes].filter((text) => text.trim() !== '').join('\n\n');
  return replaceParticulars(kept, { name: kept.name, email, phone, timeZone }, notes === '' ? kept.notes : notes);
}

function withDetails(known: Customer, next: CustomerDetails): Customer {
  const same =
    known.name === next.name &&
    known.email === next.email &&
    known.phone === next.phone &&
    known.timeZone === next.timeZone;
  return same ? known : { ...known, ...next, version: known.version + 1 };
}

/** What the appointments say about a customer. Instants in epoch milliseconds. */
export type CustomerSummary = {
  /** Not counting cancelled ones. */
  readonly appointmentCount: number;
  readonly noShowCount: number;
  readonly cancelledCount: number;
  /** The next scheduled one. */
  readonly nextStart: number | undefined;
  /** The last one that took place, or has begun and was not marked otherwise. */
  readonly lastStart: number | undefined;
  /** Empty when nothing was booked. */
  readonly lastAppointmentTypeId: string;
};
