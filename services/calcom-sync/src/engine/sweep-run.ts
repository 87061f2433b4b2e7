import { expandOverrides } from '../domain/weekly-hours.ts';
import { listShownHours } from '../db/availability-repository.ts';
import { listShownTypes } from '../db/event-type-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { removePastLines } from '../db/inbound-repository.ts';
import {
  addDifference,
  countCompared,
  listLinksInWindow,
  type SweepDifference,
  type SweepSide,
  type SweepSummary,
} from '../db/sweep-repository.ts';
import { handleBooking, handleMissing, type Handled } from '../inbound/handle-booking.ts';
import type { InboundDeps } from '../inbound/take-effect.ts';
import type { TheirBooking } from '../targets/target.ts';

const DAY_MS = 86_400_000;
/** Appointments that are over are compared for a day more: attendance is often recorded in the evening. */
const DAYS_BACK = 1;

const nothing: SweepSide = { status: 'absent', start: undefined, durationMinutes: 0, customerName: '' };

/**
 * One comparison of both sides, a call or two at a time so that pushes go between. Each booking takes the same path as a
 * change told by a poll; then what we think stands there and was not listed is read one by one; then hours and types are
 * compared. Beginning anew after a crash repairs nothing twice.
 */
export class SweepRun {
  readonly sweep: SweepSummary;
  readonly #deps: InboundDeps;
  readonly #window: { from: number; to: number };
  readonly #seen = new Set<string>();
  #skip = 0;
  #compared = 0;
  #phase: 'list' | 'missing' | 'own' | 'done' = 'list';
  #left: LinkRow[] = [];
  /** The latest change seen, by the clock there, epoch milliseconds. */
  latest: number | undefined;

  constructor(deps: InboundDeps, sweep: SweepSummary, days: number) {
    this.#deps = deps;
    this.sweep = sweep;
    this.#window = { from: deps.now() - DAYS_BACK * DAY_MS, to: deps.now() + days * DAY_MS };
  }

  /** Goes one step on; true when everything was compared. */
  async advance(): Promise<boolean> {
    if (this.#phase === 'list') await this.#listPage();
    else if (this.#phase === 'missing') await this.#checkNext();
    else if (this.#phase === 'own') await this.#compareOwn();
    await countCompared(this.#deps.database, this.sweep.id, this.#compared);
    return this.#phase === 'done';
  }

  async #listPage(): Promise<void> {
    const page = await this.#deps.target.listWindow({ ...this.#window, skip: this.#skip });
    this.#skip += page.rows;
    for (const booking of page.bookings) {
      this.latest = Math.max(this.latest ?? 0, booking.updatedAt ?? 0) || this.latest;
      if (this.#seen.has(booking.uid)) continue;
      this.#seen.add(booking.uid);
      if (!booking.active && booking.movedTo !== '') continue;
      this.#compared += 1;
      await this.#note(await handleBooking(this.#deps, booking, 'sweep', page.bookings), booking);
    }
    if (page.more) return;
    const rows = await listLinksInWindow(this.#deps.database, this.#deps.connectionId, this.#window);
    this.#left = rows.filter(({ link, state }) => state !== 'in_step' || !this.#seen.has(link.standing?.uid ?? ''));
    this.#phase = 'missing';
  }

  async #checkNext(): Promise<void> {
    const row = this.#left.shift();
    if (!row) {
      this.#phase = 'own';
      return;
    }
    this.#compared += 1;
    if (row.link.standing && !this.#seen.has(row.link.standing.uid)) {
      const found = (await this.#deps.target.follow(row.link.standing.uid)).at(-1);
      const handled = found
        ? await handleBooking(this.#deps, found, 'sweep')
        : await handleMissing(this.#deps, row, 'sweep');
      if (handled.done) {
        await this.#note(handled, found);
        return;
      }
    }
    if (row.state === 'failed' || row.state === 'different') await this.#noteChoice(row);
  }

  /** What was refused stays different until somebody decides. */
  async #noteChoice(row: LinkRow): Promise<void> {
    const kind = row.link.standing ? 'different_time' : 'missing_there';
    const outcome = 'needs_choice' as const;
    await this.#add({ ...sidesOf(row, undefined), kind, outcome });
  }

  async #compareOwn(): Promise<void> {
    const { database, connectionId, target, now } = this.#deps;
    for (const { hours, scheduleName, scheduleId } of await listShownHours(database, connectionId)) {
      const { timeZone, weekly } = hours;
      const dates = expandOverrides(hours, now());
      const answer = await target.putAvailability({ name: scheduleName, scheduleId, timeZone, weekly, dates });
      if (answer.written) await this.#addOwn('schedule', answer.scheduleId, scheduleName);
    }
    for (const { offer, eventTypeId, scheduleId } of await listShownTypes(database, connectionId)) {
      const answer = await target.putEventType({ ...offer, eventTypeId, scheduleId });
      if (answer.written) await this.#addOwn('event_type', answer.eventTypeId, offer.name);
    }
    await removePastLines(database, connectionId, this.#window.from);
    this.#phase = 'done';
  }

  #addOwn(kind: 'schedule' | 'event_type', externalUid: string, name: string): Promise<void> {
    const side = { ...nothing, customerName: name };
    return this.#add({ appointmentId: '', externalUid, kind, ours: side, theirs: side, outcome: 'repaired' });
  }

  async #note(handled: Handled, booking: TheirBooking | undefined): Promise<void> {
    if (!handled.done) return;
    const kind = kindOf(handled, booking);
    const waits = handled.kind === 'put_back' || (handled.kind === 'clash' && handled.row !== undefined);
    await this.#add({ ...sidesOf(handled.row, booking), kind, outcome: waits ? 'waiting' : 'repaired' });
  }

  #add(found: SweepDifference): Promise<void> {
    return addDifference(this.#deps.database, this.sweep.id, found);
  }
}

function kindOf({ kind, row }: Handled, booking: TheirBooking | undefined): SweepDifference['kind'] {
  if (!row) return 'missing_here';
  if (kind === 'cancel_copies') return 'doubled_there';
  if (!booking) return 'missing_there';
  if (kind === 'cancel_ours' || kind === 'mark_ours' || kind === 'note_mark') return 'different_status';
  if (!booking.active) return 'missing_there';
  return row.link.standing ? 'different_time' : 'missing_here';
}

function sidesOf(row: LinkRow | undefined, booking: TheirBooking | undefined) {
  const wanted = row?.link.wanted;
  const standing = row?.link.standing;
  const ours: SweepSide = wanted
    ? {
        status: wanted.status ?? 'scheduled',
        start: new Date(wanted.start),
        durationMinutes: wanted.minutes,
        customerName: wanted.attendee.name,
      }
    : nothing;
  const place = booking ?? standing;
  const theirs: SweepSide = place
    ? {
        status: booking ? (booking.status === 'accepted' ? 'scheduled' : booking.status) : 'scheduled',
        start: new Date(place.start),
        durationMinutes: place.minutes,
        customerName: booking?.attendees[0]?.name ?? wanted?.attendee.name ?? '',
      }
    : nothing;
  return {
    appointmentId: row?.link.appointmentId ?? '',
    externalUid: booking?.uid ?? standing?.uid ?? row?.link.uids[0] ?? '',
    ours,
    theirs,
  };
}
