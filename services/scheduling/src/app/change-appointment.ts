import { ValidationError } from '@daybook/runtime/errors';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { findProviderOfAppointment, lockAppointment, type StoredAppointment } from '../db/appointment-repository.ts';
import { saveAppointment } from '../db/save-appointment.ts';
import { isCustomerRace, isPhoneTaken, isSlotTaken } from '../db/constraint-errors.ts';
import { findCandidates, refreshAppointmentSearch, updateCustomer } from '../db/customer-repository.ts';
import type { KeyedRequest } from '../db/idempotency-repository.ts';
import { lockProvider } from '../db/locks.ts';
import { findProvider } from '../db/provider-repository.ts';
import { type Appointment, type AppointmentFact, change, occupiedTime } from '../domain/appointment.ts';
import type { AvailabilityRules } from '../domain/availability.ts';
import { type Customer, type CustomerDetails, refreshCustomer, replaceDetails } from '../domain/customer.ts';
import { appointmentNotFound, providerNotFound } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { MINUTE } from '../domain/zone-offsets.ts';
import { appointmentEvent } from '../events/scheduling-events.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';
import { once, retryRaces } from './idempotency.ts';
import { clearExpiredHolds, explainSlotTaken } from './slot-conflict.ts';

/** A change whose form is right; absent fields stay. */
export type ChangeRequest = {
  readonly id: string;
  readonly expectedVersion: number;
  readonly override: boolean;
  readonly keyed: KeyedRequest | undefined;
  /** Epoch milliseconds. */
  readonly start?: number;
  readonly durationMinutes?: number;
  readonly customer?: CustomerDetails;
  readonly notes?: string;
  readonly reason?: string;
};

/** Remembers what a refused write wanted, to explain the refusal after the rollback. */
type Attempt = {
  current?: Appointment;
  availability?: AvailabilityRules;
  holdsCleared?: boolean;
  phoneClashes?: number;
};

/** Thrown to roll back and try once more: expired holds are out of the way, or somebody else was faster. */
class TryAgain extends Error {}

/**
 * Changes one appointment under its provider's lock, with history and event in the same transaction. Two appointments
 * that are to swap places cannot do so in one step each, since each finds the other; whoever tries gets SLOT_TAKEN, and
 * two who try at once queue at the lock and never wait for each other.
 * @throws DomainError as bookAppointment, and APPOINTMENT_NOT_FOUND, VERSION_CONFLICT, APPOINTMENT_NOT_CHANGEABLE
 */
export async function changeAppointment(
  deps: Dependencies,
  actor: Actor,
  request: ChangeRequest,
): Promise<AppointmentView> {
  const providerId = await findProviderOfAppointment(deps.database, actor.organizationId, request.id);
  if (providerId === undefined) throw appointmentNotFound();
  const attempt: Attempt = {};
  const isRace = (error: unknown): boolean => isCustomerRace(error) || error instanceof TryAgain;
  return retryRaces(async () => {
    try {
      return await changeOnce(deps, actor, request, providerId, attempt);
    } catch (error) {
      if (isPhoneTaken(error)) refuseLastingPhoneClash(attempt);
      const { current, availability } = attempt;
      if (!isSlotTaken(error) || !current || !availability) throw error;
      const during = wantedTime(current, request);
      const occupies = occupiedTime(during, current.type, request.override);
      if (!attempt.holdsCleared && (await clearExpiredHolds(deps, providerId, occupies))) {
        attempt.holdsCleared = true;
        throw new TryAgain();
      }
      const { type, id: ownId } = current;
      const { override } = request;
      throw await explainSlotTaken(deps, actor, {
        providerId,
        availability,
        type,
        during,
        occupies,
        override,
        ownId,
      });
    }
  }, isRace);
}

/** The first clash may be a race against another writer; the second says that somebody else has the number. */
function refuseLastingPhoneClash(attempt: Attempt): void {
  attempt.phoneClashes = (attempt.phoneClashes ?? 0) + 1;
  if (attempt.phoneClashes < 2) return;
  const message =
    'Another customer without an e-mail address has this number. Give an e-mail address, or another number.';
  throw new ValidationError([{ pointer: '/customer/phone', message }]);
}

async function changeOnce(
  deps: Dependencies,
  actor: Actor,
  request: ChangeRequest,
  providerId: string,
  attempt: Attempt,
): Promise<AppointmentView> {
  return withTransaction(deps.database, async (tx) => {
    const result = await once(tx, request.keyed, async (): Promise<StoredAppointment> => {
      await lockProvider(tx, providerId);
      const stored = await lockAppointment(tx, actor.organizationId, request.id);
      if (!stored) throw appointmentNotFound();
      const rules = await findProvider(tx, actor.organizationId, providerId);
      if (!rules) throw providerNotFound();
      attempt.current = stored.appointment;
      attempt.availability = rules.availability;
      return { ...stored, appointment: await apply(deps, tx, actor, request, stored.appointment, rules.availability) };
    });
    return toView(result.answer, deps.settings);
  });
}

async function apply(
  deps: Dependencies,
  tx: Tx,
  actor: Actor,
  request: ChangeRequest,
  current: Appointment,
  availability: AvailabilityRules,
): Promise<Appointment> {
  const customer = request.customer && (await resolveCustomer(tx, current.customer, request.customer));
  const { start, durationMinutes, notes, reason, override } = request;
  const changes = {
    ...(start === undefined ? {} : { start }),
    ...(durationMinutes === undefined ? {} : { durationMinutes }),
    ...(notes === undefined ? {} : { notes }),
    ...(reason === undefined ? {} : { reason }),
    ...(customer ? { customer: customer.next } : {}),
  };
  const now = deps.clock.now().getTime();
  const fact = change(current, changes, request.expectedVersion, { availability, override, now });
  if (!fact) return current;
  if (customer) await storeCustomer(tx, customer);
  await store(tx, actor, fact, current);
  return fact.appointment;
}

/** The claimed time changes only when the time does; a change of notes keeps the buffers it was booked with. */
async function store(tx: Tx, actor: Actor, fact: AppointmentFact, before: Appointment): Promise<void> {
  const { appointment } = fact;
  const during = { start: appointment.start, end: appointment.end };
  const timeDiffers = appointment.start !== before.start || appointment.end !== before.end;
  const occupies = timeDiffers ? occupiedTime(during, appointment.type, appointment.override) : undefined;
  const reason = fact.kind === 'rescheduled' ? fact.reason : '';
  await saveAppointment(tx, appointment, occupies, { action: fact.kind, actor: actor.userId, reason });
  await appendToOutbox(tx, [appointmentEvent(fact, appointment.updatedAt)]);
}

/**
 * The known customer with the e-mail address given; else the present one with new details. A shared phone number does not
 * make an edit speak of somebody else: a mother's number given to her child must not turn the child into her.
 */
async function resolveCustomer(
  tx: Tx,
  present: Customer,
  details: CustomerDetails,
): Promise<{ known: Customer; next: Customer }> {
  const candidates = details.email === '' ? [] : await findCandidates(tx, present.organizationId, details);
  const known = candidates.find((candidate) => candidate.email === details.email);
  if (known && known.id !== present.id) return { known, next: refreshCustomer(known, details) };
  return { known: present, next: replaceDetails(present, details) };
}

async function storeCustomer(tx: Tx, customer: { known: Customer; next: Customer }): Promise<void> {
  if (customer.next === customer.known) return;
  if (!(await updateCustomer(tx, customer.next))) throw new TryAgain();
  await refreshAppointmentSearch(tx, customer.next);
}

function wantedTime(current: Appointment, request: ChangeRequest): Interval {
  const start = request.start ?? current.start;
  const length = request.durationMinutes === undefined ? current.end - current.start : request.durationMinutes * MINUTE;
  return { start, end: start + length };
}
