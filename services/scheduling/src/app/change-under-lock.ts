import { appendToOutbox } from '@daybook/runtime/outbox';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { findProviderOfAppointment, lockAppointment, type StoredAppointment } from '../db/appointment-repository.ts';
import { isSlotTaken } from '../db/constraint-errors.ts';
import { lockProvider } from '../db/locks.ts';
import { findProvider } from '../db/provider-repository.ts';
import { removeExpiredHolds } from '../db/reservation-repository.ts';
import { saveAppointment } from '../db/save-appointment.ts';
import type { Appointment, AppointmentFact, HistoryAction } from '../domain/appointment.ts';
import { appointmentNotFound, providerNotFound } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { appointmentEvent } from '../events/scheduling-events.ts';
import type { Dependencies } from './dependencies.ts';
import { explainSlotTaken } from './slot-conflict.ts';

/** What a decision made of an appointment. */
export type DecidedChange = {
  readonly fact: AppointmentFact;
  readonly action: HistoryAction;
  readonly reason: string;
  /** The time to claim from now on; undefined leaves the claim to the status. */
  readonly occupies: Interval | undefined;
};

/** What is decided once the locks are held; undefined when nothing is to change. */
export type Decide = (tx: Tx, current: Appointment) => Promise<DecidedChange | undefined> | DecidedChange | undefined;

/** Something that may be refused because its time is taken, remembered to explain the refusal after the rollback. */
export type WantedClaim = { appointment?: Appointment; occupies?: Interval };

/**
 * Changes one appointment under its provider's lock, with history and event in the same transaction.
 * @param actor the user id or `service:<name>` that history names, and whose organisation bounds what is found
 * @throws DomainError APPOINTMENT_NOT_FOUND, SLOT_TAKEN, and what `decide` throws
 */
export async function changeUnderLock(
  deps: Dependencies,
  actor: Actor,
  id: string,
  decide: Decide,
): Promise<StoredAppointment> {
  const providerId = await findProviderOfAppointment(deps.database, actor.organizationId, id);
  if (providerId === undefined) throw appointmentNotFound();
  return explainingRefusal(deps, actor, (wanted) =>
    withTransaction(deps.database, async (tx) => {
      await lockProvider(tx, providerId);
      return decideAndSave(tx, actor, id, decide, wanted);
    }),
  );
}

/**
 * The part of changeUnderLock within a transaction that holds the provider's lock.
 * @throws DomainError APPOINTMENT_NOT_FOUND; the exclusion violation when the time is taken
 */
export async function decideAndSave(
  tx: Tx,
  actor: Actor,
  id: string,
  decide: Decide,
  wanted: WantedClaim,
): Promise<StoredAppointment> {
  const stored = await lockAppointment(tx, actor.organizationId, id);
  if (!stored) throw appointmentNotFound();
  const decided = await decide(tx, stored.appointment);
  if (!decided) return stored;
  const { fact, action, reason, occupies } = decided;
  const { appointment } = fact;
  if (occupies) {
    Object.assign(wanted, { appointment, occupies });
    await removeExpiredHolds(tx, appointment.providerId, occupies);
  }
  await saveAppointment(tx, appointment, occupies, { action, actor: actor.userId, reason });
  await appendToOutbox(tx, [appointmentEvent(fact, appointment.updatedAt)]);
  return { ...stored, appointment };
}

/** Runs work and turns the database's refusal of a claim into SLOT_TAKEN with what stands there. */
export async function explainingRefusal<T>(
  deps: Dependencies,
  actor: Actor,
  work: (wanted: WantedClaim) => Promise<T>,
): Promise<T> {
  const wanted: WantedClaim = {};
  try {
    return await work(wanted);
  } catch (error) {
    const { appointment, occupies } = wanted;
    if (!isSlotTaken(error) || !appointment || !occupies) throw error;
    const { providerId, type, start, end, override, id: ownId } = appointment;
    const rules = await findProvider(deps.database, actor.organizationId, providerId);
    if (!rules) throw providerNotFound();
    const { availability } = rules;
    const during = { start, end };
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
}
