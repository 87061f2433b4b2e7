import type { Database } from '@daybook/runtime/postgres';
import { listAppointmentTypes } from '../db/appointment-type-repository.ts';
import { findProvider, type ProviderWithRules } from '../db/provider-repository.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import { appointmentTypeNotFound, providerNotFound } from '../domain/errors.ts';

/** A provider with rules, and what can be booked there. */
export type BookingContext = ProviderWithRules & { readonly types: readonly AppointmentType[] };

const mostEntries = 2_000;

/** Contexts by organisation and provider. Entries may be stale: who decides by one must fence the write by its versions. */
export class BookingContextCache {
  private readonly entries = new Map<string, BookingContext>();

  /** The remembered context, if any. */
  get(organizationId: string, providerId: string): BookingContext | undefined {
    return this.entries.get(`${organizationId}/${providerId}`);
  }

  /** Remembers; the whole cache goes when it has grown too large. */
  set(organizationId: string, providerId: string, context: BookingContext): void {
    if (this.entries.size >= mostEntries) this.entries.clear();
    this.entries.set(`${organizationId}/${providerId}`, context);
  }
}

/**
 * Reads provider, rules and types as they are now, and remembers them.
 * @param providerId empty for the first provider
 * @throws DomainError PROVIDER_NOT_FOUND
 */
export async function loadBookingContext(
  deps: { readonly database: Database; readonly contexts: BookingContextCache },
  organizationId: string,
  providerId: string,
): Promise<BookingContext> {
  const [found, types] = await Promise.all([
    findProvider(deps.database, organizationId, providerId),
    listAppointmentTypes(deps.database, organizationId),
  ]);
  if (!found) throw providerNotFound();
  const context = { ...found, types };
  deps.contexts.set(organizationId, providerId, context);
  return context;
}

/**
 * The type a request means.
 * @param id empty for the default type
 * @throws DomainError APPOINTMENT_TYPE_NOT_FOUND, also for archived ones
 */
export function chooseType(types: readonly AppointmentType[], id: string): AppointmentType {
  const type = types.find((candidate) => (id === '' ? candidate.isDefault : candidate.id === id));
  if (!type || type.archived) throw appointmentTypeNotFound();
  return type;
}
