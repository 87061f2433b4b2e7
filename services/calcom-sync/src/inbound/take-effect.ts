import { toTimestamp } from '@daybook/protos/instant';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import { withTransaction } from '@daybook/runtime/postgres';
import { toWanted } from '../consumers/mapping.ts';
import { addAttempts } from '../db/attempt-repository.ts';
import { findTypeOf } from '../db/event-type-repository.ts';
import {
  beginIntent,
  endIntent,
  markMadeThere,
  notePeople,
  noteTheirs,
  putPlaceholder,
  removeLink,
  removePlaceholder,
  type Intent,
} from '../db/inbound-repository.ts';
import { insertLink, releaseRefused, type LinkKey } from '../db/link-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { spanOf } from '../domain/calendar-link.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { keepLease, recordSeen } from '../engine/ledger.ts';
import type { StepDeps } from '../engine/link-step.ts';
import type { TheirBooking } from '../targets/target.ts';
import type { Decision } from './decide.ts';
import { peopleLine, peopleOf } from './people.ts';
import { refusalOf, SchedulingAwayError, type ApplyExternalChange } from './scheduling-port.ts';

/** What taking in the changes of one connection needs. */
export type InboundDeps = StepDeps & {
  connectionId: string;
  organizationId: string;
  /** Bookings that begin before it are not taken in, epoch milliseconds. */
  inboundFrom: number;
  apply: ApplyExternalChange;
};

type Effect = { kind: Decision['kind'] | 'clash'; done: boolean };
type Place = { standing: LinkRow['link']['standing']; uids: readonly string[] };

/** The key of a row. */
export function keyOf({ connectionId, link }: LinkRow): LinkKey {
  return { connectionId, appointmentId: link.appointmentId };
}

/** Moves ours to where theirs stands. What scheduling refuses is put back there by the next push. */
export async function moveOurs(deps: InboundDeps, row: LinkRow, booking: TheirBooking, place: Place): Promise<Effect> {
  const { start, minutes, uid, reason } = booking;
  const outcome = await ask(deps, `moved:${uid}:${start}:${minutes}`, {
    moved: {
      appointmentId: row.link.appointmentId,
      start: toTimestamp(new Date(start)),
      durationMinutes: minutes,
      reason,
      expectedVersion: row.doneVersion,
    },
  });
  if (outcome.refusal === 'APPOINTMENT_NOT_FOUND') return lost(deps, row, booking);
  await record(deps, row, place, outcome.appointment);
  if (outcome.refusal === 'SLOT_TAKEN') return { kind: 'clash', done: true };
  return { kind: outcome.refusal === undefined ? 'move_ours' : 'put_back', done: true };
}

/** Calls ours off. When ours changed since, it is made anew there by the next push. */
export async function cancelOurs(
  deps: InboundDeps,
  row: LinkRow,
  decision: Extract<Decision, { kind: 'cancel_ours' }>,
  uids: readonly string[],
): Promise<Effect> {
  const { appointmentId, standing } = row.link;
  const outcome = await ask(deps, `cancelled:${standing?.uid ?? ''}`, {
    cancelled: { appointmentId, reason: decision.reason, expectedVersion: row.doneVersion },
  });
  const theirsStatus = decision.status === 'rejected' ? ('rejected' as const) : undefined;
  if (outcome.refusal === 'APPOINTMENT_NOT_FOUND') {
    await withTransaction(deps.database, (tx) => removeLink(tx, keyOf(row)));
    return { kind: 'cancel_ours', done: true };
  }
  await record(deps, row, { standing: undefined, uids }, outcome.appointment, theirsStatus);
  return { kind: outcome.refusal === undefined ? 'cancel_ours' : 'put_back', done: true };
}

/** Records the visit here as it was marked there. */
export async function markOurs(
  deps: InboundDeps,
  row: LinkRow,
  { noShow, booking }: Extract<Decision, { kind: 'mark_ours' }>,
): Promise<Effect> {
  const { appointmentId } = row.link;
  const { uid, start, minutes, updatedAt } = booking;
  const outcome = await ask(deps, `attendance:${uid}:${noShow}:${updatedAt ?? row.link.wanted.version}`, {
    attendance: { appointmentId, attendance: noShow ? 'ATTENDANCE_NO_SHOW' : 'ATTENDANCE_EXPECTED' },
  });
  // Noted also when scheduling keeps to its own word: the next push then sets the mark there to it.
  const status = noShow ? 'no_show' : 'scheduled';
  await noteTheirs(deps.database, keyOf(row), { status, start, minutes, noShow });
  const { standing, uids } = row.link;
  await record(deps, row, { standing, uids }, outcome.appointment);
  return { kind: outcome.refusal === undefined ? 'mark_ours' : 'put_back', done: true };
}

/** Has the notes say who shares the time now. What scheduling refuses is not asked again: the notes are no promise. */
export async function tellPeople(deps: InboundDeps, row: LinkRow, booking: TheirBooking): Promise<void> {
  const { appointmentId } = row.link;
  const now = peopleOf(row, booking);
  // The same people may come together again, so the key names the moment as well.
  const outcome = await ask(deps, `people:${booking.uid}:${booking.updatedAt ?? row.link.wanted.version}`, {
    people: { appointmentId, before: row.people, now },
  });
  await notePeople(deps.database, keyOf(row), now);
  const { standing, uids } = row.link;
  if (outcome.appointment) {
    const place =
      standing?.uid === booking.uid ? standing : { uid: booking.uid, start: booking.start, minutes: booking.minutes };
    await record(deps, row, { standing: place, uids: [...new Set([booking.uid, ...uids])] }, outcome.appointment);
  }
}

/** Scheduling does not know the appointment, as after a restored backup: the booking is one made there. */
async function lost(deps: InboundDeps, row: LinkRow, booking: TheirBooking): Promise<Effect> {
  await withTransaction(deps.database, (tx) => removeLink(tx, keyOf(row)));
  return takeIn(deps, booking);
}

/** Makes an appointment of a booking made there. A clash is decided for what was acknowledged here: theirs is cancelled. */
export async function takeIn(deps: InboundDeps, booking: TheirBooking): Promise<Effect> {
  const { database, connectionId } = deps;
  const changeKey = `${connectionId}:booked:${booking.chainId}`;
  const intent = await beginIntent(database, connectionId, {
    uid: booking.chainId,
    changeKey,
    start: booking.start,
  });
  const outcome = await askWithKey(deps, intent.changeKey, { booked: await toExternalBooking(deps, booking) });
  if (outcome.appointment) {
    await recordTakenIn(deps, booking, outcome.appointment, intent);
    return { kind: 'take_in', done: true };
  }
  if (booking.active) await refuseTheirs(deps, booking, outcome.refusal);
  await endIntent(database, connectionId, intent.uid);
  return { kind: 'clash', done: true };
}

/** No appointment has so many versions: asked with it, scheduling changes nothing and tells whether it knows one. */
const NO_VERSION = 2_147_483_647;

/**
 * Finds the appointment of a booking that carries the id of one this ledger does not have, as after its database was
 * restored: what is ours must never be taken for a customer's booking that clashes with itself. False when scheduling
 * does not know it either.
 */
export async function takeBack(deps: InboundDeps, booking: TheirBooking): Promise<boolean> {
  const { connectionId, organizationId, database } = deps;
  const { appointmentId, uid, start, minutes } = booking;
  if (!uuidPattern.test(appointmentId)) return false;
  const outcome = await ask(deps, `known:${uid}:${appointmentId}`, {
    moved: {
      appointmentId,
      start: toTimestamp(new Date(start)),
      durationMinutes: minutes,
      reason: '',
      expectedVersion: NO_VERSION,
    },
  });
  if (outcome.refusal === 'APPOINTMENT_NOT_FOUND') return false;
  const wanted = outcome.appointment && toWanted(outcome.appointment, outcome.appointment.version);
  if (!wanted || !outcome.appointment) {
    // It stands elsewhere here. Its own next event, or the list of changes, brings the row that then decides.
    await putPlaceholder(database, connectionId, {
      ...lineOf(deps, booking),
      theirsStatus: 'scheduled',
      state: 'waiting',
      message: 'Belongs to an appointment that stands otherwise here; waits for word of it.',
      dueInMs: KNOWN_AGAIN_MS,
    });
    return true;
  }
  const key = { connectionId, appointmentId };
  const { providerId } = outcome.appointment;
  await withTransaction(database, async (tx) => {
    await keepLease(tx, deps, key);
    await insertLink(tx, { ...key, organizationId, providerId, wanted, changedAt: new Date(deps.now()) });
    await recordSeen(tx, deps, key, { standing: { uid, start, minutes }, uids: [uid], wanted });
    await removePlaceholder(tx, connectionId, booking.chainId);
  });
  return true;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Such a line is looked at again after so long, milliseconds. */
const KNOWN_AGAIN_MS = 60_000;

async function toExternalBooking(deps: InboundDeps, booking: TheirBooking) {
  const [first] = booking.attendees;
  const type = { id: booking.eventTypeId, slug: booking.eventTypeSlug };
  return {
    appointmentTypeId: await findTypeOf(deps.database, deps.connectionId, type),
    start: toTimestamp(new Date(booking.start)),
    durationMinutes: booking.minutes,
    customer: {
      name: first?.name ?? '',
      email: first?.email ?? '',
      phone: first?.phone ?? '',
      timeZone: first?.timeZone ?? '',
    },
    notes: [booking.notes, peopleAtFirst(booking)].filter((part) => part !== '').join('\n\n'),
  };
}

/** The first of them is its customer. */
function peopleAtFirst(booking: TheirBooking): string {
  const [first] = booking.attendees;
  return first ? peopleLine(booking, first) : '';
}

/** The row of the new appointment, settled from the start; the event of scheduling may have made it already. */
async function recordTakenIn(
  deps: InboundDeps,
  booking: TheirBooking,
  appointment: Appointment__Output,
  intent: Intent,
): Promise<void> {
  const { connectionId, organizationId } = deps;
  const wanted = toWanted(appointment, appointment.version);
  if (!wanted) throw new Error('scheduling answered with an appointment without a time');
  const key = { connectionId, appointmentId: appointment.id };
  const { uid, start, minutes } = booking;
  const changedAt = new Date(deps.now());
  await withTransaction(deps.database, async (tx) => {
    await keepLease(tx, deps, key);
    await insertLink(tx, { ...key, organizationId, providerId: appointment.providerId, wanted, changedAt });
    const customerName = booking.attendees[0]?.name ?? '';
    await markMadeThere(tx, key, { customerName, people: peopleAtFirst(booking) });
    await recordSeen(tx, deps, key, { standing: { uid, start, minutes }, uids: [uid], wanted });
    await removePlaceholder(tx, connectionId, booking.chainId);
    await endIntent(tx, connectionId, intent.uid);
  });
  const attempt = { at: deps.now(), durationMs: 0, action: 'poll', outcome: 'ok', status: 200 } as const;
  const message = 'Booked in Cal.com and taken in.';
  await addAttempts(deps.database, { organizationId, appointmentId: appointment.id }, [{ ...attempt, message }]);
}

/** A booking made there as a line of the ledger. */
export function lineOf({ organizationId }: InboundDeps, booking: TheirBooking) {
  const { chainId, uid, start, minutes, attendees } = booking;
  return { organizationId, chainId, uid, start, minutes, customerName: attendees[0]?.name ?? '' };
}

const clashReason =
  'We are sorry: this time was taken shortly before. Please choose another time, or get in touch with us.';

/** The line comes first: were the cancellation to fail, it is seen and tried again. */
async function refuseTheirs(deps: InboundDeps, booking: TheirBooking, refusal: string): Promise<void> {
  const { database, connectionId } = deps;
  const line = lineOf(deps, booking);
  if (refusal !== 'SLOT_TAKEN') {
    const message = `Daybook could not take this booking in (${refusal.toLowerCase().replaceAll('_', ' ')}). It stands in Cal.com only.`;
    const failed = { state: 'failed', theirsStatus: 'scheduled', message, dueInMs: undefined } as const;
    await putPlaceholder(database, connectionId, { ...line, ...failed });
    return;
  }
  await putPlaceholder(database, connectionId, {
    ...line,
    theirsStatus: 'scheduled',
    state: 'waiting',
    message: 'This booking made in Cal.com is for a time that is taken here; it is being cancelled there.',
    dueInMs: 0,
  });
  await deps.target.remove({ appointmentId: '', uid: booking.uid, reason: clashReason });
  // A row of ours that was refused for want of this very time has it now.
  await withTransaction(database, (tx) => releaseRefused(tx, connectionId, spanOf(booking)));
  await putPlaceholder(database, connectionId, {
    ...line,
    theirsStatus: 'cancelled',
    state: 'different',
    message:
      'This booking made in Cal.com was for a time that was taken here already. It was cancelled there with an apology.',
    dueInMs: undefined,
  });
}

type Change = Omit<Parameters<ApplyExternalChange>[0], 'organizationId' | 'source' | 'changeKey'>;
type Answer = { appointment: Appointment__Output; refusal?: never } | { appointment?: never; refusal: string };

function ask(deps: InboundDeps, name: string, change: Change): Promise<Answer> {
  return askWithKey(deps, `${deps.connectionId}:${name}`.slice(0, 255), change);
}

async function askWithKey(deps: InboundDeps, changeKey: string, change: Change): Promise<Answer> {
  deps.lease.fence();
  const { organizationId } = deps;
  try {
    return { appointment: await deps.apply({ organizationId, source: CALCOM, changeKey, ...change }) };
  } catch (error) {
    if (error instanceof SchedulingAwayError) throw error;
    return { refusal: refusalOf(error) };
  }
}

async function record(
  deps: InboundDeps,
  row: LinkRow,
  place: Place,
  appointment: Appointment__Output | undefined,
  theirsStatus?: 'rejected',
): Promise<void> {
  const wanted = appointment && toWanted(appointment, appointment.version);
  await withTransaction(deps.database, (tx) => recordSeen(tx, deps, keyOf(row), { ...place, wanted, theirsStatus }));
}
