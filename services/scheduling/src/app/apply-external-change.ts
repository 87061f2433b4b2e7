import { randomUUID } from 'node:crypto';
import { ValidationError } from '@daybook/runtime/errors';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { listAppointmentTypes } from '../db/appointment-type-repository.ts';
import { findAppointment, findProviderOfAppointment, type StoredAppointment } from '../db/appointment-repository.ts';
import { writeBooking } from '../db/appointment-writes.ts';
import { isCustomerRace } from '../db/constraint-errors.ts';
import { findCandidates, refreshAppointmentSearch } from '../db/customer-repository.ts';
import {
  type ExternalChangeName,
  findExternalChange,
  isExternalChangeRace,
  storeExternalChange,
} from '../db/external-change-repository.ts';
import { lockProvider } from '../db/locks.ts';
import { findProvider, type ProviderWithRules } from '../db/provider-repository.ts';
import { listBusy, removeExpiredHolds } from '../db/reservation-repository.ts';
import { type Appointment, book, checkDuration, occupiedTime } from '../domain/appointment.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import { ownsItsTime } from '../domain/attendance.ts';
import { type Customer, type CustomerDetails, newCustomer } from '../domain/customer.ts';
import { matchCustomer } from '../domain/customer-matching.ts';
import { appointmentNotFound, appointmentTypeNotFound, providerNotFound } from '../domain/errors.ts';
import {
  applyExternalChange as decide,
  claimAround,
  type ExternalChange,
  fillCustomer,
  readExternalCustomer,
  readExternalNotes,
} from '../domain/external-change.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { MINUTE } from '../domain/zone-offsets.ts';
import { appointmentEvent } from '../events/scheduling-events.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import { decideAndSave, explainingRefusal, type WantedClaim } from './change-under-lock.ts';
import type { Dependencies } from './dependencies.ts';
import { retryRaces } from './idempotency.ts';
import { countryOf } from './practice-country.ts';

/** A booking made outside. Empty texts mean not given; instants in epoch milliseconds. */
export type ExternalBooking = {
  readonly kind: 'booked';
  readonly providerId: string;
  readonly appointmentTypeId: string;
  readonly start: number;
  readonly durationMinutes: number;
  readonly customer: CustomerDetails;
  readonly notes: string;
};

/** One change made in an outside calendar. */
export type ApplyExternalChange = ExternalChangeName & {
  readonly change: ExternalBooking | (ExternalChange & { readonly appointmentId: string });
};

/** The appointment as it is; `replayed` when the change had been applied before. */
export type AppliedExternalChange = { readonly appointment: AppointmentView; readonly replayed: boolean };

/** Thrown inside the transaction so that it rolls back; the next attempt reads anew. */
class ReadAnew extends Error {}

/**
 * Applies what happened in an outside calendar, once per change key. What has happened there asks no rule of ours; only
 * time that is reserved already refuses it. A refused change leaves nothing behind and may be tried again.
 * @param service the calling service, for the history
 * @throws DomainError SLOT_TAKEN, APPOINTMENT_NOT_FOUND, APPOINTMENT_NOT_CHANGEABLE, VERSION_CONFLICT, PROVIDER_NOT_FOUND,
 *   APPOINTMENT_TYPE_NOT_FOUND; ValidationError
 */
export function applyExternalChange(
  deps: Dependencies,
): (service: string, command: ApplyExternalChange) => Promise<AppliedExternalChange> {
  return async (service, command) => {
    checkName(command);
    const { change, organizationId } = command;
    if (change.kind === 'booked' || change.kind === 'moved') checkDuration(change.durationMinutes);
    const actor: Actor = { userId: `service:${service}`, organizationId, roles: ['staff'] };
    const isRace = (error: unknown): boolean =>
      isExternalChangeRace(error) || isCustomerRace(error) || error instanceof ReadAnew;
    const { stored, replayed } = await retryRaces(
      () => explainingRefusal(deps, actor, (wanted) => applyOnce(deps, actor, command, wanted)),
      isRace,
    );
    deps.wakeRelay();
    return { appointment: toView(stored, deps.settings), replayed };
  };
}

function checkName({ source, changeKey }: ExternalChangeName): void {
  if (!/^[a-z][a-z0-9-]{0,49}$/.test(source)) {
    throw new ValidationError([{ pointer: '/source', message: 'Name the calendar in 1 to 50 small letters.' }]);
  }
  if (changeKey === '' || changeKey.length > 255 || changeKey.includes('\u0000')) {
    throw new ValidationError([{ pointer: '/changeKey', message: 'Give 1 to 255 characters.' }]);
  }
}

type Outcome = { stored: StoredAppointment; replayed: boolean };

async function applyOnce(
  deps: Dependencies,
  actor: Actor,
  command: ApplyExternalChange,
  wanted: WantedClaim,
): Promise<Outcome> {
  const { change } = command;
  const providerId = await providerOf(deps, actor.organizationId, change);
  return withTransaction(deps.database, async (tx) => {
    await lockProvider(tx, providerId);
    const known = await findExternalChange(tx, command);
    if (known !== undefined) return { stored: await read(tx, actor.organizationId, known), replayed: true };
    const stored =
      change.kind === 'booked'
        ? await bookExternally(deps, tx, actor, providerId, change, wanted)
        : await changeExternally(deps, tx, actor, change.appointmentId, change, wanted);
    await storeExternalChange(tx, command, stored.appointment.id, deps.clock.now().getTime());
    return { stored, replayed: false };
  });
}

async function providerOf(
  deps: Dependencies,
  organizationId: string,
  change: ApplyExternalChange['change'],
): Promise<string> {
  if (change.kind === 'booked') {
    const found = await findProvider(deps.database, organizationId, change.providerId);
    if (!found) throw providerNotFound();
    return found.provider.id;
  }
  const id = await findProviderOfAppointment(deps.database, organizationId, change.appointmentId);
  if (id === undefined) throw appointmentNotFound();
  return id;
}

async function read(tx: Tx, organizationId: string, id: string): Promise<StoredAppointment> {
  const stored = await findAppointment(tx, organizationId, id);
  if (!stored) throw appointmentNotFound();
  return stored;
}

/** Moves, cancels or marks; a new time takes its buffers along when nothing stands in them. */
function changeExternally(
  deps: Dependencies,
  tx: Tx,
  actor: Actor,
  appointmentId: string,
  change: ExternalChange,
  wanted: WantedClaim,
): Promise<StoredAppointment> {
  const decideChange = async (_tx: Tx, current: Appointment) => {
    const applied = decide(current, change, deps.clock.now().getTime());
    if (!applied) return undefined;
    const next = applied.fact.appointment;
    const timeDiffers = next.start !== current.start || next.end !== current.end;
    const needsClaim = ownsItsTime(next) && (timeDiffers || !ownsItsTime(current));
    return { ...applied, occupies: needsClaim ? await claimFor(tx, next) : undefined };
  };
  return decideAndSave(tx, actor, appointmentId, decideChange, wanted);
}

async function claimFor(tx: Tx, appointment: Appointment): Promise<Interval> {
  const { id, providerId, type, start, end } = appointment;
  const during = { start, end };
  const buffered = occupiedTime(during, type, false);
  await removeExpiredHolds(tx, providerId, buffered);
  return claimAround(during, buffered, await listBusy(tx, providerId, buffered, id));
}

async function bookExternally(
  deps: Dependencies,
  tx: Tx,
  actor: Actor,
  providerId: string,
  booking: ExternalBooking,
  wanted: WantedClaim,
): Promise<StoredAppointment> {
  const rules = await findProvider(tx, actor.organizationId, providerId);
  if (!rules) throw providerNotFound();
  const type = await typeOf(tx, actor.organizationId, booking.appointmentTypeId);
  const { known, customer } = await customerOf(deps, tx, actor.organizationId, booking.customer);
  const fact = book({
    id: randomUUID(),
    organizationId: actor.organizationId,
    providerId,
    type,
    customer,
    during: { start: booking.start, end: booking.start + booking.durationMinutes * MINUTE },
    notes: readExternalNotes(booking.notes),
    override: false,
    now: deps.clock.now().getTime(),
  });
  const { appointment } = fact;
  const occupies = await claimFor(tx, appointment);
  Object.assign(wanted, { appointment, occupies });
  await write(tx, actor, { fact, occupies, rules, known });
  if (known && customer !== known) await refreshAppointmentSearch(tx, customer);
  return read(tx, actor.organizationId, appointment.id);
}

async function write(
  tx: Tx,
  actor: Actor,
  made: {
    fact: ReturnType<typeof book>;
    occupies: Interval;
    rules: ProviderWithRules;
    known: Customer | undefined;
  },
): Promise<void> {
  const { fact, occupies, rules, known } = made;
  const { appointment } = fact;
  const changed = known && appointment.customer !== known;
  const booking = {
    appointment,
    reservationId: randomUUID(),
    occupies,
    customer: { mode: changed ? 'changed' : known ? 'same' : 'new', knownVersion: known?.version ?? 0 } as const,
    fence: { availabilityVersion: rules.version, typeVersion: appointment.type.version },
    actor: actor.userId,
    event: appointmentEvent(fact, appointment.createdAt),
    keyed: undefined,
    answer: undefined,
  };
  if (!(await writeBooking(tx, booking, 'open'))) throw new ReadAnew();
}

/** An archived type may still have bookings coming in. */
async function typeOf(tx: Tx, organizationId: string, id: string): Promise<AppointmentType> {
  const types = await listAppointmentTypes(tx, organizationId);
  const type = types.find((candidate) => (id === '' ? candidate.isDefault : candidate.id === id));
  if (!type) throw appointmentTypeNotFound();
  return type;
}

async function customerOf(
  deps: Dependencies,
  tx: Tx,
  organizationId: string,
  given: CustomerDetails,
): Promise<{ known: Customer | undefined; customer: Customer }> {
  const details = readExternalCustomer(given, await countryOf(deps, organizationId));
  const known = matchCustomer(await findCandidates(tx, organizationId, details), details);
  if (known) return { known, customer: fillCustomer(known, details) };
  return { known, customer: newCustomer(randomUUID(), organizationId, details) };
}
