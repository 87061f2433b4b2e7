import { randomUUID } from 'node:crypto';
import { ValidationError } from '@daybook/runtime/errors';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { isCustomerRace, isSlotTaken } from '../db/constraint-errors.ts';
import { refreshAppointmentSearch } from '../db/customer-repository.ts';
import { findAnswer, type KeyedRequest } from '../db/idempotency-repository.ts';
import { lockAndLookUp, writeBooking, type BookingGround } from '../db/appointment-writes.ts';
import { findConflict, listBusy } from '../db/reservation-repository.ts';
import { type Appointment, book, checkText, checkTime, chooseDuration, occupiedTime } from '../domain/appointment.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import { expandWindows } from '../domain/availability.ts';
import { matchCustomer } from '../domain/customer-matching.ts';
import {
  type Customer,
  type CustomerDetails,
  newCustomer,
  refreshCustomer,
  validateCustomer,
} from '../domain/customer.ts';
import { type Conflict, idempotencyKeyInFlight, startNotAligned } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import { type Actor, isCustomerOnly, requirePermission } from '../domain/policy.ts';
import { listStarts } from '../domain/slots.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { appointmentEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import { type BookingContext, chooseType, loadBookingContext } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import { keyRequest, replay, retryRaces } from './idempotency.ts';
import { countryOf } from './practice-country.ts';
import { clearExpiredHolds, findNearestStarts, refuseTaken } from './slot-conflict.ts';

/** What somebody wants to book. Empty texts and 0 mean not given. */
export type BookAppointment = {
  readonly providerId: string;
  readonly appointmentTypeId: string;
  readonly durationMinutes: number;
  /** Epoch milliseconds. */
  readonly start: number | undefined;
  readonly customer: CustomerDetails | undefined;
  readonly notes: string;
  readonly override: boolean;
  readonly idempotencyKey: string;
};

/** What was booked; `replayed` when an idempotency key gave an earlier answer again. */
export type Booked = { readonly appointment: AppointmentView; readonly replayed: boolean };

/** A request whose form is right: nothing has been looked up yet. */
type Wish = {
  readonly command: BookAppointment;
  readonly start: number;
  readonly customer: CustomerDetails;
  readonly keyed: KeyedRequest | undefined;
};

/** What the rules made of a wish. */
type Decision = { readonly type: AppointmentType; readonly during: Interval; readonly occupies: Interval };

/** Thrown inside the transaction so that it rolls back; the attempt is then made anew with fresh rules. */
class RulesChanged extends Error {}

/**
 * Books. Rules are judged before the transaction, which then is three steps: lock and look up, one write fenced by the
 * versions of what was judged, commit.
 * @throws DomainError SLOT_TAKEN, OUTSIDE_AVAILABILITY, START_IN_PAST, TOO_SHORT_NOTICE, BEYOND_HORIZON,
 *   DURATION_NOT_OFFERED, START_NOT_ALIGNED, PROVIDER_NOT_FOUND, APPOINTMENT_TYPE_NOT_FOUND, NOT_PERMITTED,
 *   IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_FLIGHT; ValidationError
 */
export function bookAppointment(deps: Dependencies): (actor: Actor, command: BookAppointment) => Promise<Booked> {
  return async (actor, command) => {
    await admit(deps, actor, 'book');
    if (command.override) requirePermission(actor, 'override-rules');
    const wish = checkForm(actor, command, await countryOf(deps, actor.organizationId));
    const decided = await decideOrReplay(deps, actor, wish);
    if ('replayed' in decided) return decided;
    return attempt(deps, actor, wish, decided);
  };
}

function checkForm(actor: Actor, command: BookAppointment, country: string): Wish {
  if (command.start === undefined) throw new ValidationError([{ pointer: '/start', message: 'Give a start.' }]);
  if (!command.customer) throw new ValidationError([{ pointer: '/customer', message: 'Say who comes.' }]);
  checkText(command.notes, 5_000, '/notes');
  const customer = validateCustomer(command.customer, country);
  const { providerId, appointmentTypeId, durationMinutes, start, notes, override } = command;
  const content = [providerId, appointmentTypeId, durationMinutes, start, customer, notes, override];
  return { command, start, customer, keyed: keyRequest(actor, 'book', command.idempotencyKey, content) };
}

/** A repeated request gets its earlier answer even if by now its time has passed or the rules have changed. */
async function decideOrReplay(deps: Dependencies, actor: Actor, wish: Wish): Promise<BookingContext | Booked> {
  const { organizationId } = actor;
  const remembered = deps.contexts.get(organizationId, wish.command.providerId);
  try {
    if (remembered) decide(deps, wish, remembered);
    return remembered ?? (await freshContext(deps, actor, wish));
  } catch (error) {
    const stored = wish.keyed && (await findAnswer(deps.database, wish.keyed));
    if (stored && wish.keyed) return replayed(deps, replay(stored, wish.keyed), undefined);
    if (!remembered) throw error;
    return freshContext(deps, actor, wish);
  }
}

async function freshContext(deps: Dependencies, actor: Actor, wish: Wish): Promise<BookingContext> {
  const context = await loadBookingContext(deps, actor.organizationId, wish.command.providerId);
  decide(deps, wish, context);
  return context;
}

function decide(deps: Dependencies, wish: Wish, context: BookingContext): Decision {
  const { appointmentTypeId, durationMinutes, override } = wish.command;
  const type = chooseType(context.types, appointmentTypeId);
  const minutes = chooseDuration(type, durationMinutes, appointmentTypeId !== '', override);
  const during = { start: wish.start, end: wish.start + minutes * MINUTE };
  const now = deps.clock.now().getTime();
  checkTime(during, { type, availability: context.availability, override, now });
  return { type, during, occupies: occupiedTime(during, type, override) };
}

/**
 * Waits while this process books the same time for somebody else; whoever then finds it taken has lost without a lock.
 * It waits for one rival only: should that one fail, the rest go to the lock together, so that no queue of failures forms.
 */
async function attempt(deps: Dependencies, actor: Actor, wish: Wish, context: BookingContext): Promise<Booked> {
  const decided = decide(deps, wish, context);
  const { occupies } = decided;
  const providerId = context.provider.id;
  const rival = deps.wishes.ahead(providerId, occupies);
  if (rival) {
    await rival.over;
    const taken = await rival.look(lookKey(wish, decided, context), () => lookWhatStands(deps, wish, context));
    if (taken) return replayOrRefuse(deps, actor, wish, taken);
  }
  return deps.wishes.during(providerId, occupies, () => writeUntilDecided(deps, actor, wish, context));
}

/** What took the time, and what is free instead (epoch milliseconds). */
type Taken = { readonly conflict: Conflict | undefined; readonly starts: readonly number[] };

/** Everything that what is free instead depends on, besides the provider. */
function lookKey(wish: Wish, { type, during, occupies }: Decision, context: BookingContext): string {
  const times = [during.start, during.end, occupies.start, occupies.end];
  return [...times, type.id, type.version, wish.command.override, context.version].join();
}

/** Undefined when the time is free, or held by something that may have run out: then the lock decides. */
async function lookWhatStands(deps: Dependencies, wish: Wish, context: BookingContext): Promise<Taken | undefined> {
  const { occupies } = decide(deps, wish, context);
  const conflict = await findConflict(deps.database, context.provider.id, occupies, '');
  if (!conflict || conflict.kind === 'hold') return undefined;
  return { conflict, starts: await freeInstead(deps, wish, context) };
}

function freeInstead(deps: Dependencies, wish: Wish, context: BookingContext): Promise<number[]> {
  const { provider, availability } = context;
  const { override } = wish.command;
  const refused = { providerId: provider.id, availability, override, ownId: '' };
  return findNearestStarts(deps, { ...decide(deps, wish, context), ...refused });
}

async function writeUntilDecided(
  deps: Dependencies,
  actor: Actor,
  wish: Wish,
  context: BookingContext,
): Promise<Booked> {
  let current = context;
  const isRace = (error: unknown): boolean => isCustomerRace(error) || error instanceof RulesChanged;
  let holdsCleared = false;
  return retryRaces(async () => {
    try {
      return await writeOnce(deps, actor, wish, current);
    } catch (error) {
      if (error instanceof RulesChanged) current = await freshContext(deps, actor, wish);
      if (!isSlotTaken(error)) throw error;
      const { occupies } = decide(deps, wish, current);
      const conflict = await findConflict(deps.database, current.provider.id, occupies, '');
      if (conflict?.kind === 'hold' && !holdsCleared) {
        holdsCleared = await clearExpiredHolds(deps, current.provider.id, occupies);
        if (holdsCleared) throw new RulesChanged();
      }
      return replayOrRefuse(deps, actor, wish, { conflict, starts: await freeInstead(deps, wish, current) });
    }
  }, isRace);
}

/** What stands there may be our own: a copy of this request that was faster. @throws DomainError SLOT_TAKEN otherwise */
async function replayOrRefuse(deps: Dependencies, actor: Actor, wish: Wish, taken: Taken): Promise<Booked> {
  const stored = wish.keyed && (await findAnswer(deps.database, wish.keyed));
  if (stored && wish.keyed) return replayed(deps, replay(stored, wish.keyed), undefined);
  throw refuseTaken(actor, taken.starts, taken.conflict);
}

async function writeOnce(deps: Dependencies, actor: Actor, wish: Wish, context: BookingContext): Promise<Booked> {
  const decision = decide(deps, wish, context);
  if (isCustomerOnly(actor)) await requireOfferedStart(deps, context, decision);
  const write = (tx: Tx): Promise<Booked> => lockAndWrite(tx, deps, actor, wish, context, decision);
  const booked = await withTransaction(deps.database, write, { firstStatementReads: true });
  if (!booked.replayed) deps.wakeRelay();
  return booked;
}

async function lockAndWrite(
  tx: Tx,
  deps: Dependencies,
  actor: Actor,
  wish: Wish,
  context: BookingContext,
  decision: Decision,
): Promise<Booked> {
  const { organizationId } = actor;
  const ground = await lockAndLookUp(tx, {
    organizationId,
    providerId: context.provider.id,
    email: wish.customer.email,
    phone: wish.customer.phone,
    keyed: wish.keyed,
  });
  if (!ground.claimed) throw idempotencyKeyInFlight();
  if (ground.stored && wish.keyed) return replayed(deps, replay(ground.stored, wish.keyed), ground.connection);
  const known = matchCustomer(ground.candidates, wish.customer);
  const customer = known
    ? refreshCustomer(known, wish.customer)
    : newCustomer(randomUUID(), organizationId, wish.customer);
  const mode = customerMode(known, customer);
  const fact = book({
    id: randomUUID(),
    organizationId,
    providerId: context.provider.id,
    type: decision.type,
    customer,
    during: decision.during,
    notes: wish.command.notes,
    override: wish.command.override,
    now: deps.clock.now().getTime(),
  });
  const booking = {
    appointment: fact.appointment,
    reservationId: randomUUID(),
    occupies: decision.occupies,
    customer: { mode, knownVersion: known?.version ?? 0 },
    fence: { availabilityVersion: context.version, typeVersion: decision.type.version },
    actor: actor.userId,
    event: appointmentEvent(fact, fact.appointment.createdAt),
    keyed: wish.keyed,
    answer: fact.appointment,
  };
  const written = await writeBooking(tx, booking, mode === 'changed' ? 'open' : 'commit');
  if (!written) throw new RulesChanged();
  if (mode === 'changed') await refreshAppointmentSearch(tx, customer);
  return { appointment: markNew(deps, fact.appointment, ground.connection), replayed: false };
}

function customerMode(known: Customer | undefined, customer: Customer): 'new' | 'changed' | 'same' {
  if (!known) return 'new';
  return known === customer ? 'same' : 'changed';
}

/** Customers choose from the list; the people who run the book need not. */
async function requireOfferedStart(deps: Dependencies, context: BookingContext, decision: Decision): Promise<void> {
  const { type, during } = decision;
  const span = { start: during.start - DAY, end: during.end + DAY };
  const busy = await listBusy(deps.database, context.provider.id, span);
  const starts = listStarts({
    timeZone: context.availability.timeZone,
    windows: expandWindows(context.availability, span),
    busy: busy.filter((stretch) => stretch.end <= during.start || stretch.start >= during.end),
    duration: during.end - during.start,
    bufferBefore: type.bufferBeforeMinutes * MINUTE,
    bufferAfter: type.bufferAfterMinutes * MINUTE,
    step: type.slotStepMinutes * MINUTE,
    earliest: during.start,
    before: during.start + 1,
  });
  if (starts.length === 0) throw startNotAligned();
}

function replayed(deps: Dependencies, answer: unknown, connection: BookingGround['connection']): Booked {
  return { appointment: markNew(deps, answer as Appointment, connection), replayed: true };
}

function markNew(
  deps: Dependencies,
  appointment: Appointment,
  connection: BookingGround['connection'],
): AppointmentView {
  return toView({ appointment, sync: undefined, connection }, deps.settings);
}
