import type { Logger } from '@daybook/runtime/logger';
import { withTransaction } from '@daybook/runtime/postgres';
import {
  advanceWatermark,
  beginInbound,
  endIntent,
  findLinksOf,
  listIntents,
  postponeLine,
  readProgress,
  removeLink,
} from '../db/inbound-repository.ts';
import { dueHints, finishHint, postponeHint, type Hint } from '../db/hint-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import type { StepDeps } from '../engine/link-step.ts';
import { TargetError, type TheirBooking } from '../targets/target.ts';
import { asOwnBooking, handleBooking } from './handle-booking.ts';
import { peopleOf } from './people.ts';
import { SchedulingAwayError, type ApplyExternalChange } from './scheduling-port.ts';
import { takeIn, type InboundDeps } from './take-effect.ts';

/** What a reader needs; times in milliseconds. */
export type ReaderOptions = {
  deps: StepDeps;
  connectionId: string;
  apply: ApplyExternalChange;
  logger: Logger;
  /** The longest between two polls; each takes a little less, so that connections do not march in step. */
  pollMs: number;
};

/** Rows change while pages are read, and clocks there may differ between servers. */
const OVERLAP_MS = 120_000;
/** How far back the first poll reads when nothing tells the clock there. */
const FIRST_LOOK_MS = 600_000;
/** A look that failed is repeated after so long. */
const LOOK_AGAIN_MS = 30_000;
/** After scheduling gave no decision: long enough not to spend the rate on asking again. */
const AWAY_PAUSE_MS = 5000;

/** Reads what happens there, for the holder of the connection's lease: polls, webhooks and what an earlier owner left. */
export class InboundReader {
  readonly #options: ReaderOptions;
  #inbound: InboundDeps | undefined;
  #watermark: number | undefined;
  #latest = 0;
  #skip = 0;
  #undecided = false;
  /** By the clock that nobody sets, ms; -Infinity: at once. */
  #nextPollAt = -Infinity;
  #intentsAt: number | undefined = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Reads where the last owner stopped. True when both sides must be compared whole before anything is pushed. */
  async begin(): Promise<boolean> {
    const { deps, connectionId, apply } = this.#options;
    const progress = await readProgress(deps.database, connectionId);
    if (!progress) throw new Error('the connection vanished');
    const from = progress.from ?? (await beginInbound(deps.database, connectionId));
    if (from === undefined) throw new Error('the connection vanished');
    this.#inbound = { ...deps, connectionId, organizationId: progress.organizationId, inboundFrom: from, apply };
    this.#watermark = progress.watermark;
    this.#skip = 0;
    this.#nextPollAt = -Infinity;
    this.#intentsAt = 0;
    return progress.watermark === undefined;
  }

  /** What handling a booking needs. Throws before begin. */
  get deps(): InboundDeps {
    if (!this.#inbound) throw new Error('the reader was not begun');
    return this.#inbound;
  }

  /** Both sides were compared whole: from now on changes are enough. */
  async compared(latest: number | undefined): Promise<void> {
    const { deps, connectionId } = this.#options;
    this.#watermark = latest ?? deps.now() - FIRST_LOOK_MS;
    await advanceWatermark(deps.database, connectionId, this.#watermark);
  }

  /** Milliseconds until a poll is due; negative when it is overdue. */
  msUntilPoll(): number {
    return this.#nextPollAt - performance.now();
  }

  /** A call failed: no poll for so long, ms. */
  rest(ms: number): void {
    this.#nextPollAt = Math.max(this.#nextPollAt, performance.now() + ms);
    if (this.#intentsAt !== undefined) this.#intentsAt = performance.now() + ms;
  }

  /** Ends what an earlier owner began to take in: until then new appointments at these times are not pushed. */
  async finishIntents(): Promise<boolean> {
    const { deps, connectionId } = this.#options;
    if (this.#intentsAt === undefined || performance.now() < this.#intentsAt) return false;
    const intents = await listIntents(deps.database, connectionId);
    if (intents.length === 0) this.#intentsAt = undefined;
    for (const { uid } of intents) {
      // A chain is known by the uid of its first booking.
      const newest = (await deps.target.follow(uid.replace(/@cal\.com$/i, ''))).at(-1);
      if (newest) await this.#finish(await asOwnBooking(this.deps, newest));
      else await endIntent(deps.database, connectionId, uid);
    }
    // Those that got no decision are asked for again after a pause; their times stay untouched until then.
    if (intents.length > 0) this.#intentsAt = performance.now() + AWAY_PAUSE_MS;
    return intents.length > 0;
  }

  /** Asked again in any case: when it was called off meanwhile, what was taken in is called off after it. */
  async #finish(booking: TheirBooking): Promise<void> {
    try {
      await takeIn(this.deps, booking);
    } catch (error) {
      if (!(error instanceof SchedulingAwayError)) throw error;
      return;
    }
    await this.#handle(booking, 'poll');
  }

  /** Scheduling gave no decision: what was being taken in is asked for again. */
  undecided(): void {
    this.#intentsAt ??= performance.now() + AWAY_PAUSE_MS;
  }

  /** Reads one page of what changed. */
  async poll(): Promise<void> {
    const { deps, connectionId, pollMs } = this.#options;
    const watermark = this.#watermark ?? deps.now() - FIRST_LOOK_MS;
    if (this.#skip === 0) [this.#latest, this.#undecided] = [watermark, false];
    const page = await deps.target.listChanged({ since: watermark - OVERLAP_MS, skip: this.#skip });
    for (const booking of await this.#news(page.bookings)) {
      if (!(await this.#handle(booking, 'poll', page.bookings))) this.#undecided = true;
    }
    for (const { updatedAt } of page.bookings) this.#latest = Math.max(this.#latest, updatedAt ?? 0);
    if (page.more) {
      this.#skip += page.rows;
      return;
    }
    this.#skip = 0;
    if (this.#undecided) {
      this.#nextPollAt = performance.now() + AWAY_PAUSE_MS;
      return;
    }
    this.#watermark = this.#latest;
    await advanceWatermark(deps.database, connectionId, this.#latest);
    this.#nextPollAt = performance.now() + pollMs * (0.85 + 0.15 * deps.random());
  }

  /** Bookings whose rows do not say the same already; one query for the page, so that a page of echoes costs nothing. */
  async #news(bookings: readonly TheirBooking[]): Promise<TheirBooking[]> {
    const { deps, connectionId } = this.#options;
    const ids = bookings.map(({ appointmentId }) => appointmentId).filter((id) => id !== '');
    const rows = await findLinksOf(
      deps.database,
      connectionId,
      ids,
      bookings.map(({ uid }) => uid),
    );
    const byUid = new Map(rows.flatMap((row) => row.link.uids.map((uid) => [uid, row] as const)));
    return bookings.filter((booking) => !saysTheSame(byUid.get(booking.uid), booking));
  }

  /** Handles one webhook that is due; false when none is. */
  async hint(): Promise<boolean> {
    const { deps, connectionId } = this.#options;
    const [hint] = await dueHints(deps.database, connectionId, 1);
    if (!hint) return false;
    try {
      await this.#follow(hint);
    } catch (error) {
      if (error instanceof TargetError) await postponeHint(deps.database, hint, error.words);
      throw error;
    }
    return true;
  }

  async #follow(hint: Hint): Promise<void> {
    const { deps } = this.#options;
    const { echo, rows } = await this.#echo(hint);
    if (echo === 'known') return finishHint(deps.database, hint);
    if (echo === 'under way' && (await postponeHint(deps.database, hint, 'A call of ours is under way.'))) return;
    const chain = hint.bookingUid === '' ? [] : await deps.target.follow(hint.bookingUid);
    const newest = chain.at(-1);
    if (!newest || disagrees(hint, chain, rows)) {
      // Some webhooks are sent before what they tell of is saved; and what names no booking only rings the bell.
      if (hint.bookingUid === '') this.#nextPollAt = -Infinity;
      if (hint.bookingUid === '' || !(await postponeHint(deps.database, hint, 'Cal.com does not show it yet.'))) {
        await finishHint(deps.database, hint);
      }
    } else if (await this.#handle(newest, 'webhook', chain)) await finishHint(deps.database, hint);
    else await postponeHint(deps.database, hint, 'Another part of Daybook did not answer.');
  }

  /**
   * Whether the ledger already has what a webhook tells, so that our own changes cost no reading of what they made. While
   * a call of ours has no answer yet nobody can tell.
   */
  async #echo({
    trigger,
    bookingUid,
    appointmentId,
  }: Hint): Promise<{ echo: 'known' | 'under way' | 'news'; rows: LinkRow[] }> {
    if (bookingUid === '') return { echo: 'news', rows: [] };
    const { deps, connectionId } = this.#options;
    const rows = await findLinksOf(deps.database, connectionId, [appointmentId], [bookingUid]);
    if (rows.some(({ link }) => link.attempted !== undefined)) return { echo: 'under way', rows };
    return { echo: rows.some((row) => isEcho(trigger, bookingUid, row)) ? 'known' : 'news', rows };
  }

  /** Looks again at a booking that waits there. */
  async lookAgain(row: LinkRow): Promise<void> {
    const { deps, connectionId } = this.#options;
    const { appointmentId, uids } = row.link;
    await postponeLine(deps.database, { connectionId, appointmentId }, LOOK_AGAIN_MS);
    const newest = (await deps.target.follow(uids[0] ?? '')).at(-1);
    if (newest) await this.#handle(newest, 'poll');
    const rows = newest ? await findLinksOf(deps.database, connectionId, [newest.appointmentId], [newest.uid]) : [];
    // Its appointment has a line of its own by now, or nobody knows the booking any more.
    if (!newest || rows.some(({ link }) => link.wanted.version > 0)) {
      await withTransaction(deps.database, (tx) => removeLink(tx, { connectionId, appointmentId }));
    }
  }

  /** False when scheduling gave no decision. A booking nobody can handle is said loudly and holds up no other. */
  async #handle(
    booking: TheirBooking,
    origin: 'poll' | 'webhook',
    near: readonly TheirBooking[] = [],
  ): Promise<boolean> {
    const { logger } = this.#options;
    try {
      const { kind, done } = await handleBooking(this.deps, booking, origin, near);
      if (done) logger.info({ decision: kind, origin }, 'a change made in the outside calendar');
      return kind !== 'wait' || booking.status === 'pending';
    } catch (error) {
      if (error instanceof TargetError || !(error instanceof SchedulingAwayError)) throw error;
      logger.warn({ err: error }, 'a change made in the outside calendar waits for scheduling');
      this.undecided();
      return false;
    }
  }
}

/** Whether the row knows the booking just so. */
function saysTheSame(row: LinkRow | undefined, booking: TheirBooking): boolean {
  if (!row || row.link.wanted.version === 0) return false;
  const { standing } = row.link;
  if (!booking.active) return booking.uid !== standing?.uid;
  return (
    booking.uid === standing?.uid &&
    booking.start === standing.start &&
    booking.minutes === standing.minutes &&
    booking.attendees.every(({ absent }) => absent === row.standingNoShow) &&
    peopleOf(row, booking) === row.people
  );
}

/** Whether the row stands where the webhook says it was brought. What it says of the time is not believed either way. */
function isEcho(trigger: string, uid: string, { link, madeThere }: LinkRow): boolean {
  const { wanted, standing, uids } = link;
  // A row that stands for a booking made there has still to become an appointment.
  if (wanted.version === 0) return false;
  // Of one made there it may tell that somebody took another seat of it.
  if (trigger === 'BOOKING_CREATED' || trigger === 'BOOKING_RESCHEDULED') return standing?.uid === uid && !madeThere;
  return trigger === 'BOOKING_CANCELLED' && uids.includes(uid) && standing?.uid !== uid;
}

/** Whether what is read does not show yet what the webhook told. */
function disagrees(hint: Hint, chain: readonly TheirBooking[], rows: readonly LinkRow[]): boolean {
  const newest = chain.at(-1);
  // A seat that was given up leaves the booking to the others.
  if (newest?.seated && rows.some((row) => peopleOf(row, newest) !== row.people)) return false;
  if (hint.trigger === 'BOOKING_CANCELLED') return newest?.active === true && newest.uid === hint.bookingUid;
  if (hint.trigger === 'BOOKING_REJECTED') return newest?.status === 'pending' && newest.uid === hint.bookingUid;
  return false;
}
