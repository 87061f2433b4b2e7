import { withTransaction } from '@daybook/runtime/postgres';
import { addAttempts, type AttemptAction } from '../db/attempt-repository.ts';
import { findLinksOf, noteTheirs, putPlaceholder, removePlaceholder } from '../db/inbound-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { recordSeen } from '../engine/ledger.ts';
import type { TheirBooking } from '../targets/target.ts';
import { decideKnown, decideUnknown, isNoShow, type Decision, type Ours } from './decide.ts';
import { peopleOf } from './people.ts';
import {
  cancelOurs,
  keyOf,
  lineOf,
  markOurs,
  moveOurs,
  takeBack,
  takeIn,
  tellPeople,
  type InboundDeps,
} from './take-effect.ts';

/** How we came to know of a booking. */
export type Origin = 'poll' | 'webhook' | 'sweep';

/** What was decided and done; `done` false: it waits, or was left as it is. */
export type Handled = { kind: Decision['kind'] | 'clash'; done: boolean; row: LinkRow | undefined };

/** Copies of one appointment are cancelled at most so often in one go. */
const MAX_ROUNDS = 5;

/**
 * Compares one booking as it stands there with what we know, and does what follows. The same path for webhooks, polls
 * and sweeps; doing it twice changes nothing more.
 * @param near other bookings just read, among which its successor may be
 * @throws TargetError from the target, SchedulingAwayError when scheduling gave no decision
 */
export async function handleBooking(
  deps: InboundDeps,
  read: TheirBooking,
  origin: Origin,
  near: readonly TheirBooking[] = [],
): Promise<Handled> {
  const booking = await asOwnBooking(deps, read);
  const row = await findRow(deps, booking);
  const handled = row ? await handleKnown(deps, row, booking, near) : await handleUnknown(deps, booking);
  if (handled.done && handled.row) await noteAttempt(deps, handled, origin);
  return handled;
}

/**
 * A seat that was moved alone makes a booking that names the one it left, which stands on with the others: it is no
 * successor but a booking of its own, though it shares the other's calendar id.
 */
export async function asOwnBooking(deps: InboundDeps, booking: TheirBooking): Promise<TheirBooking> {
  if (!booking.seated || !booking.active || booking.movedFrom === '') return booking;
  const left = (await deps.target.follow(booking.movedFrom)).at(-1);
  const standsOn = left?.active === true && left.uid === booking.movedFrom;
  return standsOn ? { ...booking, movedFrom: '', chainId: booking.uid } : booking;
}

async function findRow(deps: InboundDeps, booking: TheirBooking): Promise<LinkRow | undefined> {
  const uids = [booking.uid, booking.movedFrom].filter((uid) => uid !== '');
  const rows = await findLinksOf(deps.database, deps.connectionId, [booking.appointmentId], uids);
  const real = rows.filter(({ link }) => link.wanted.version > 0);
  return (
    real.find(({ link }) => link.appointmentId === booking.appointmentId) ??
    real.find(({ link }) => link.uids.includes(booking.uid)) ??
    real[0]
  );
}

/** Our side as the decision wants it. */
export function oursOf(row: LinkRow): Ours {
  const { wanted, standing, attempted } = row.link;
  return {
    presence: wanted.presence,
    status: wanted.status ?? 'scheduled',
    start: wanted.start,
    minutes: wanted.minutes,
    standing,
    standingNoShow: row.standingNoShow,
    attempted: attempted !== undefined,
    pushed: row.doneVersion === wanted.version,
  };
}

async function handleKnown(
  deps: InboundDeps,
  first: LinkRow,
  booking: TheirBooking,
  near: readonly TheirBooking[],
): Promise<Handled> {
  let row = first;
  if (isEcho(row, booking)) return { kind: 'nothing', done: false, row };
  if (row.link.attempted) return { kind: 'wait', done: false, row };
  const known = await gather(deps, row, booking, near);
  for (let round = 0; ; round += 1) {
    const decision = decideKnown(oursOf(row), known, row.readAt);
    if (decision.kind !== 'cancel_copies') return followed(deps, row, decision, known);
    if (round === MAX_ROUNDS) return { kind: 'cancel_copies', done: false, row };
    for (const copy of decision.copies) {
      await deps.target.remove({ appointmentId: row.link.appointmentId, uid: copy.uid, reason: copyReason });
      known.splice(known.indexOf(copy), 1);
    }
    await withTransaction(deps.database, (tx) => recordSeen(tx, deps, keyOf(row), placeOf(row, decision.keep, known)));
    row = (await findRow(deps, booking)) ?? row;
    await noteAttempt(deps, { kind: 'cancel_copies', done: true, row }, 'sweep');
  }
}

/** Carries a decision out; where it leaves the booking standing, the notes follow who shares it. */
async function followed(
  deps: InboundDeps,
  row: LinkRow,
  decision: Exclude<Decision, { kind: 'cancel_copies' }>,
  known: readonly TheirBooking[],
): Promise<Handled> {
  const effect = await carryOut(deps, row, decision, known);
  const current = known.find(({ status }) => status === 'accepted');
  const stands = effect.kind === 'nothing' || effect.kind === 'move_ours' || effect.kind === 'mark_ours';
  if (!current || !stands || peopleOf(row, current) === row.people) return { ...effect, row };
  await tellPeople(deps, row, current);
  return { kind: effect.done ? effect.kind : 'note_people', done: true, row };
}

/** As handleBooking, for an appointment whose booking nobody knows there. */
export async function handleMissing(deps: InboundDeps, row: LinkRow, origin: Origin): Promise<Handled> {
  const decision = decideKnown(oursOf(row), [], row.readAt);
  if (decision.kind === 'cancel_copies') return { kind: 'nothing', done: false, row };
  const handled = { ...(await carryOut(deps, row, decision, [])), row };
  if (handled.done) await noteAttempt(deps, handled, origin);
  return handled;
}

const copyReason = 'This appointment was in the calendar twice; the other entry stands.';

/** What stands as we last knew, or a booking whose successor we know: no call is needed to see that it means nothing. */
function isEcho(row: LinkRow, booking: TheirBooking): boolean {
  const { link, standingNoShow } = row;
  const { standing } = link;
  if (!booking.active) return booking.uid !== standing?.uid && link.uids.includes(booking.uid);
  return (
    booking.uid === standing?.uid &&
    booking.start === standing.start &&
    booking.minutes === standing.minutes &&
    isNoShow(booking) === standingNoShow &&
    peopleOf(row, booking) === row.people
  );
}

/** Everything there that belongs to the appointment, the standing booking's chain first, each once and newest read last. */
async function gather(
  deps: InboundDeps,
  { link }: LinkRow,
  booking: TheirBooking,
  near: readonly TheirBooking[],
): Promise<TheirBooking[]> {
  // With nothing of ours to follow, an active booking speaks for itself.
  const alone = !link.standing && booking.active;
  const chain = alone ? [booking] : await deps.target.follow(link.standing?.uid ?? booking.uid);
  const known = new Map(chain.map((one) => [one.uid, one]));
  const left = chain.at(-1)?.active ? chain.at(-1)?.uid : undefined;
  const belongs = (one: TheirBooking): boolean =>
    one.appointmentId === link.appointmentId ||
    (!(one.seated && one.movedFrom === left) && (known.has(one.movedFrom) || link.uids.includes(one.movedFrom)));
  const add = (others: readonly TheirBooking[]): void => {
    for (const one of others) if (!known.has(one.uid) && belongs(one)) known.set(one.uid, one);
  };
  add([booking, ...near]);
  const last = chain.at(-1);
  // The page may be older than what following the chain just told.
  const successors = [...known.values()].filter((one) => one.active && one.uid !== last?.uid);
  for (const one of successors) for (const next of await deps.target.follow(one.uid)) known.set(next.uid, next);
  return [...known.values()];
}

function placeOf(row: LinkRow, booking: TheirBooking | undefined, known: readonly TheirBooking[]) {
  const standing = booking && { uid: booking.uid, start: booking.start, minutes: booking.minutes };
  const uids = [...(standing ? [standing.uid] : []), ...row.link.uids, ...known.map(({ uid }) => uid)];
  return { standing, uids: [...new Set(uids)] };
}

async function carryOut(
  deps: InboundDeps,
  row: LinkRow,
  decision: Exclude<Decision, { kind: 'cancel_copies' }>,
  known: readonly TheirBooking[],
): Promise<Omit<Handled, 'row'>> {
  const { kind } = decision;
  switch (kind) {
    case 'nothing':
      return { kind, done: false };
    case 'wait':
      if (decision.booking) await noteTheirs(deps.database, keyOf(row), { ...decision.booking, status: 'pending' });
      return { kind, done: false };
    case 'note_mark':
      await noteTheirs(deps.database, keyOf(row), {
        status: decision.noShow ? 'no_show' : 'scheduled',
        start: row.link.standing?.start ?? row.link.wanted.start,
        minutes: row.link.standing?.minutes ?? row.link.wanted.minutes,
        noShow: decision.noShow,
      });
      return { kind, done: true };
    case 'put_back': {
      const seen = placeOf(row, decision.standing, known);
      const gone = known.length === 0 ? ('absent' as const) : undefined;
      await withTransaction(deps.database, (tx) =>
        recordSeen(tx, deps, keyOf(row), { ...seen, theirsStatus: decision.standing ? undefined : gone }),
      );
      return { kind, done: true };
    }
    case 'move_ours':
      return moveOurs(deps, row, decision.booking, placeOf(row, decision.booking, known));
    case 'cancel_ours':
      return cancelOurs(deps, row, decision, placeOf(row, undefined, known).uids);
    case 'mark_ours':
      return markOurs(deps, row, decision);
    case 'take_in':
    case 'unfit':
    case 'note_people':
      return { kind: 'nothing', done: false };
  }
}

async function handleUnknown(deps: InboundDeps, first: TheirBooking): Promise<Handled> {
  const { database, connectionId } = deps;
  const booking = (await newestOf(deps, first)) ?? first;
  const decision = decideUnknown(booking, deps.inboundFrom);
  const line = lineOf(deps, booking);
  switch (decision.kind) {
    case 'take_in':
      if (booking.appointmentId !== '' && (await takeBack(deps, booking))) {
        return { kind: 'put_back', done: true, row: await findRow(deps, booking) };
      }
      return { ...(await takeIn(deps, booking)), row: undefined };
    case 'wait':
      await putPlaceholder(database, connectionId, {
        ...line,
        theirsStatus: 'pending',
        state: 'waiting',
        message: 'Waits until this booking is accepted, or paid for, in Cal.com.',
        dueInMs: Math.max(booking.start - deps.now(), LOOK_AGAIN_MS),
      });
      return { kind: 'wait', done: false, row: undefined };
    case 'unfit':
      await putPlaceholder(database, connectionId, {
        ...line,
        theirsStatus: 'scheduled',
        state: 'different',
        message: decision.words,
        dueInMs: undefined,
      });
      return { kind: 'unfit', done: false, row: undefined };
    default:
      // What was called off there before it was taken in leaves no trace, except a clash that was shown.
      if (!booking.active) await removePlaceholder(database, connectionId, booking.chainId, true);
      return { kind: 'nothing', done: false, row: undefined };
  }
}

/** A booking that waits there is looked at again at its own time, and no sooner than this, milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** A booking we never took in may have been moved since it was listed. */
async function newestOf(deps: InboundDeps, booking: TheirBooking): Promise<TheirBooking | undefined> {
  if (booking.active || booking.movedTo === '') return booking;
  return (await deps.target.follow(booking.movedTo)).at(-1);
}

const words: Partial<Record<Handled['kind'], string>> = {
  take_in: 'Booked in Cal.com and taken in.',
  move_ours: 'Moved in Cal.com; moved here as well.',
  cancel_ours: 'Called off in Cal.com; called off here as well.',
  mark_ours: 'Attendance was recorded in Cal.com.',
  note_mark: 'Cal.com shows the same attendance.',
  note_people: 'Other people share this time in Cal.com; the notes say who.',
  put_back: 'Cal.com showed something else; Daybook is put back there.',
  cancel_copies: 'Cal.com showed this twice; the copy was cancelled.',
  clash: 'Changed in Cal.com to a time that is taken here; Daybook is put back there.',
};

async function noteAttempt(deps: InboundDeps, { kind, row }: Handled, origin: Origin): Promise<void> {
  if (!row) return;
  const action: AttemptAction = origin === 'webhook' ? 'webhook' : 'poll';
  await addAttempts(deps.database, { organizationId: row.organizationId, appointmentId: row.link.appointmentId }, [
    { at: deps.now(), durationMs: 0, action, outcome: 'ok', status: 200, message: words[kind] ?? '' },
  ]);
}
