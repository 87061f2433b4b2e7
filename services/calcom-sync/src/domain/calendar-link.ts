/** Instants here are epoch milliseconds (UTC), lengths are whole minutes. */

/** What should stand at the target: a booking, nothing, or (past appointments) whatever stands there already. */
export type Presence = 'present' | 'absent' | 'as_is';

/** Who comes, as far as a target needs to know. Empty strings mean unknown. */
export type Attendee = { customerId: string; name: string; email: string; timeZone: string };

/** How an appointment stands here. `absent`: there is none, the row stands for a booking made there. */
export type OursStatus = 'scheduled' | 'completed' | 'no_show' | 'cancelled' | 'absent';

/** The newest state of one appointment that scheduling told us. */
export type Wanted = {
  version: number;
  presence: Presence;
  start: number;
  minutes: number;
  attendee: Attendee;
  status?: OursStatus;
  /** Empty: unknown. */
  appointmentTypeId?: string;
};

/** What we last knew to stand at the target. */
export type Standing = { uid: string; start: number; minutes: number };

/** The three calls that change a booking. A change of length is a removal followed by a creation. */
export type AttemptKind = 'create' | 'move' | 'remove';

/**
 * The intent that is written before a call and cleared after its answer. While it is there, the call may have happened.
 * `start`/`minutes` say where the booking would stand if it did; a removal repeats the place that was last searched, so
 * that a later look finds every copy again.
 */
export type Attempt = {
  kind: AttemptKind;
  /** The booking it changes; empty for a creation. */
  uid: string;
  version: number;
  start: number;
  minutes: number;
  /** How often a look must find nothing before the call counts as not having happened. */
  looksLeft: number;
};

/** One appointment's row in the ledger. */
export type CalendarLink = {
  appointmentId: string;
  wanted: Wanted;
  attempted: Attempt | undefined;
  standing: Standing | undefined;
  /** Every uid the booking ever had, newest first. */
  uids: readonly string[];
};

/** A booking found at the target that carries our appointment's id. */
export type FoundBooking = Standing & { active: boolean; createdAt: number };

/** The next thing to do for one appointment. */
export type Step =
  | { kind: 'settled' }
  | { kind: 'create' }
  | { kind: 'move'; standing: Standing }
  | { kind: 'remove'; standing: Standing };

/** Whether the standing booking is what is wanted, so that no call is needed. */
export function isSettled(link: Pick<CalendarLink, 'wanted' | 'standing'>): boolean {
  return decideStep(link).kind === 'settled';
}

/** Decides the next call from what is wanted and what stands; pure, and unaware of unfinished attempts. */
export function decideStep({ wanted, standing }: Pick<CalendarLink, 'wanted' | 'standing'>): Step {
  if (wanted.presence === 'as_is') return { kind: 'settled' };
  if (wanted.presence === 'absent') return standing ? { kind: 'remove', standing } : { kind: 'settled' };
  if (!standing) return { kind: 'create' };
  if (standing.minutes !== wanted.minutes) return { kind: 'remove', standing };
  if (standing.start !== wanted.start) return { kind: 'move', standing };
  return { kind: 'settled' };
}

/**
 * The mark of who did not come that must still be set (true) or taken back (false) on the standing booking; undefined
 * when it says what is wanted.
 */
export function markNeeded(
  { wanted, standing }: Pick<CalendarLink, 'wanted' | 'standing'>,
  standingNoShow: boolean,
): boolean | undefined {
  if (!standing || wanted.presence === 'absent') return undefined;
  const noShow = wanted.status === 'no_show';
  return noShow === standingNoShow ? undefined : noShow;
}

/** The intent of a step; `searched` is the place of the attempt just looked for, if any. */
export function intentOf(link: CalendarLink, step: Exclude<Step, { kind: 'settled' }>, searched?: Attempt): Attempt {
  const { version, start, minutes } = link.wanted;
  if (step.kind === 'create') return { kind: 'create', uid: '', version, start, minutes, looksLeft: 2 };
  if (step.kind === 'move') {
    return { kind: 'move', uid: step.standing.uid, version, start, minutes: step.standing.minutes, looksLeft: 2 };
  }
  const place = searched ?? step.standing;
  return {
    kind: 'remove',
    uid: step.standing.uid,
    version,
    start: place.start,
    minutes: place.minutes,
    looksLeft: 1,
  };
}

/** What a look at the target means for the row: the booking to keep, and further copies to take away. */
export type Sighting = { standing: Standing | undefined; uids: readonly string[]; surplus: readonly Standing[] };

/** Reads a look: the oldest active booking is kept, others are surplus, and their uids are remembered. */
export function readSighting(link: CalendarLink, found: readonly FoundBooking[]): Sighting {
  const active = found.filter((booking) => booking.active).sort((a, b) => a.createdAt - b.createdAt);
  const [keep, ...surplus] = active.map(({ uid, start, minutes }) => ({ uid, start, minutes }));
  return { standing: keep, uids: mergeUids(keep?.uid, link.uids, found), surplus };
}

function mergeUids(current: string | undefined, known: readonly string[], found: readonly FoundBooking[]): string[] {
  const all = [...(current ? [current] : []), ...known, ...found.map((booking) => booking.uid)];
  return [...new Set(all)];
}

/** Puts a new uid at the head of the list. */
export function withUid(uids: readonly string[], uid: string): readonly string[] {
  return [uid, ...uids.filter((known) => known !== uid)];
}

/** A half-open stretch of time, epoch milliseconds. */
export type Span = { start: number; end: number };

/** The stretch a booking of so many minutes covers. */
export function spanOf(place: { start: number; minutes: number }): Span {
  return { start: place.start, end: place.start + place.minutes * 60_000 };
}

/** Whether two half-open stretches share time. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
