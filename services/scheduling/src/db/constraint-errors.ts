import { isConstraint } from '@daybook/runtime/postgres';

/** The one that refuses double booking. */
export function isSlotTaken(error: unknown): boolean {
  return isConstraint(error, 'reservations_no_overlap');
}

/** Somebody else has just stored the same new customer, or joined the known one into another. */
export function isCustomerRace(error: unknown): boolean {
  return isCustomerKnown(error) || isConstraint(error, 'appointments_customer');
}

/** Another customer has this e-mail address, or this phone number and no e-mail address. */
export function isCustomerKnown(error: unknown): boolean {
  return isConstraint(error, 'customers_email') || isConstraint(error, 'customers_phone_alone');
}

/** Another customer without an e-mail address has this phone number. */
export function isPhoneTaken(error: unknown): boolean {
  return isConstraint(error, 'customers_phone_alone');
}

/** The same key was stored between our look and our write. */
export function isIdempotencyRace(error: unknown): boolean {
  return isConstraint(error, 'idempotency_keys_once');
}

/** Another type has this short name. */
export function isSlugTaken(error: unknown): boolean {
  return isConstraint(error, 'appointment_types_slug');
}
