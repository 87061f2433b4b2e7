import type { OursStatus, Presence, Standing } from '../domain/calendar-link.ts';
import type { TheirBooking } from '../targets/target.ts';

/** What a decision must know of our side; instants are epoch milliseconds. */
export type Ours = {
  presence: Presence;
  status: OursStatus;
  start: number;
  minutes: number;
  /** What we last knew to stand there. */
  standing: Standing | undefined;
  /** Whether it was marked there as missed, as far as we knew. */
  standingNoShow: boolean;
  /** A call of ours may be under way: the next look of the pushing side settles it. */
  attempted: boolean;
  /** All we want was acknowledged there, so what differs now is their doing. */
  pushed: boolean;
};

/** What follows from how things stand there. */
export type Decision =
  | { kind: 'nothing' }
  | { kind: 'wait'; why: 'call_under_way' | 'pending'; booking: TheirBooking | undefined }
  /** Not ours yet: becomes an appointment. */
  | { kind: 'take_in'; booking: TheirBooking }
  /** Ours follows theirs. */
  | { kind: 'move_ours'; booking: TheirBooking }
  | { kind: 'cancel_ours'; status: 'cancelled' | 'rejected'; reason: string }
  | { kind: 'mark_ours'; noShow: boolean; booking: TheirBooking }
  /** The same place, shared by other people than before: told in the notes. */
  | { kind: 'note_people'; booking: TheirBooking }
  /** It is known to stand so; where that is not what we want, the next push makes it so. */
  | { kind: 'put_back'; standing: TheirBooking | undefined }
  /** Their mark says what ours says. */
  | { kind: 'note_mark'; noShow: boolean }
  /** Copies of one appointment: the oldest stays. */
  | { kind: 'cancel_copies'; copies: readonly TheirBooking[]; keep: TheirBooking }
  /** Cannot be an appointment; said in words, left as it is. */
  | { kind: 'unfit'; booking: TheirBooking; words: string };

const SHORTEST_MINUTES = 5;
const LONGEST_MINUTES = 1440;

/**
 * Decides about a booking that belongs to an appointment of ours. States are compared, never times of change: what
 * stands as we last knew is the echo of our own writes and means nothing.
 * @param bookings everything known of the appointment there: the chain from the standing one on, and any other that
 *   carries its id
 * @param now epoch milliseconds
 */
export function decideKnown(ours: Ours, bookings: readonly TheirBooking[], now: number): Decision {
  if (ours.attempted) return { kind: 'wait', why: 'call_under_way', booking: undefined };
  const accepted = bookings.filter(({ status }) => status === 'accepted');
  const [current, ...copies] = accepted.toSorted((a, b) => rank(ours, a) - rank(ours, b) || a.createdAt - b.createdAt);
  if (!current) return decideGone(ours, bookings);
  if (copies.length > 0) return { kind: 'cancel_copies', copies, keep: current };
  if (stands(ours, current)) return decideMark(ours, current, now);
  if (ours.presence === 'absent') {
    return current.uid === ours.standing?.uid ? { kind: 'nothing' } : { kind: 'put_back', standing: current };
  }
  // Ours wins when it changed meanwhile, when it wants this very place, and when theirs only got another name.
  const theirMove =
    ours.presence === 'present' &&
    ours.pushed &&
    ours.standing !== undefined &&
    !samePlace(current, ours.standing) &&
    !samePlace(current, ours);
  return theirMove ? { kind: 'move_ours', booking: current } : { kind: 'put_back', standing: current };
}

/** The one we know first. */
function rank(ours: Ours, booking: TheirBooking): number {
  return booking.uid === ours.standing?.uid ? 0 : 1;
}

function stands({ standing }: Ours, booking: TheirBooking): boolean {
  return standing !== undefined && booking.uid === standing.uid && samePlace(booking, standing);
}

function samePlace(a: { start: number; minutes: number }, b: { start: number; minutes: number }): boolean {
  return a.start === b.start && a.minutes === b.minutes;
}

/** Nothing accepted stands there. */
function decideGone(ours: Ours, bookings: readonly TheirBooking[]): Decision {
  const pending = bookings.find(({ status }) => status === 'pending');
  if (pending) {
    const known = pending.uid === ours.standing?.uid && samePlace(pending, ours.standing);
    return known ? { kind: 'nothing' } : { kind: 'wait', why: 'pending', booking: pending };
  }
  if (!ours.standing) return { kind: 'nothing' };
  const last = bookings.toSorted((a, b) => a.createdAt - b.createdAt).at(-1);
  // A booking nobody knows any more was decided on by nobody, and a wish of ours that is on its way comes later.
  if (!last || ours.presence !== 'present' || !ours.pushed) return { kind: 'put_back', standing: undefined };
  const status = last.status === 'rejected' ? 'rejected' : 'cancelled';
  return { kind: 'cancel_ours', status, reason: last.reason };
}

/** It stands where we knew it: only the mark of who did not come may be news. */
function decideMark(ours: Ours, booking: TheirBooking, now: number): Decision {
  if (ours.presence === 'absent' || booking.start > now || booking.attendees.length === 0) return { kind: 'nothing' };
  const noShow = isNoShow(booking);
  if (noShow === ours.standingNoShow) return { kind: 'nothing' };
  if (noShow === (ours.status === 'no_show')) return { kind: 'note_mark', noShow };
  return { kind: 'mark_ours', noShow, booking };
}

/** Nobody of those who booked came. */
export function isNoShow({ attendees }: Pick<TheirBooking, 'attendees'>): boolean {
  return attendees.length > 0 && attendees.every(({ absent }) => absent);
}

/**
 * Decides about a booking no appointment of ours belongs to. Taken in once it is accepted: until then (awaiting the
 * owner's word, or payment) it is shown as waiting. Not taken in: bookings at which we are only a guest, and those that
 * began before the account was connected.
 * @param inboundFrom epoch milliseconds: when the account was connected
 */
export function decideUnknown(booking: TheirBooking, inboundFrom: number): Decision {
  if (!booking.active || !booking.hostedByUs || booking.start < inboundFrom) return { kind: 'nothing' };
  if (booking.minutes < SHORTEST_MINUTES || booking.minutes > LONGEST_MINUTES) {
    const words = `This booking made in Cal.com lasts ${booking.minutes} minutes; Daybook keeps 5 to 1,440.`;
    return { kind: 'unfit', booking, words };
  }
  return booking.status === 'pending' ? { kind: 'wait', why: 'pending', booking } : { kind: 'take_in', booking };
}
