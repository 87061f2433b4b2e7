import type { CalendarLink, Standing } from '../domain/calendar-link.ts';
import { isSettled, overlaps, spanOf } from '../domain/calendar-link.ts';
import { reconcile, type Journal, type StepRules } from '../engine/reconcile.ts';
import { decideUnknown, type Decision } from '../inbound/decide.ts';
import { TargetError, type CalendarTarget } from '../targets/target.ts';
import { ModelCalendar, type Stored } from './two-sides-calendar.ts';
import { soundInbound, type Command, type Fault, type InboundRules } from './two-sides-commands.ts';
import { oursOf, wantedOf, type Row } from './two-sides-rows.ts';
import { ModelScheduling, Refusal, type Appointment } from './two-sides-scheduling.ts';

class Crash extends Error {}
/** Scheduling gave no answer. */
class Away extends Error {}

/** Nothing is over in a history. */
const NOW = -1;
function faultSource(faults: readonly Fault[]): () => Fault {
  let next = 0;
  return () => faults[next++] ?? 'none';
}

/**
 * Both sides in memory, for property tests. A calendar that gives a new uid on every move, that can be searched only by
 * the time attempted, whose answers get lost, whose calls sometimes take effect only later, and on which customers book,
 * move and cancel; a scheduling that decides once per key; and a worker that crashes between any two of its steps.
 * Events of scheduling arrive late, twice and out of order.
 */
export class TwoSides {
  readonly #calendar = new ModelCalendar();
  readonly #scheduling = new ModelScheduling();
  readonly #rows = new Map<string, Row>();
  /** By chain of bookings: how many rows there were when scheduling was first asked. */
  readonly #intents = new Map<string, number>();
  #pushedBack = false;
  readonly #rules: { push: StepRules; inbound: InboundRules | undefined };

  /** `inbound` undefined: nobody reads the other side, so that pushing must converge by itself. */
  constructor(rules: { push: StepRules; inbound: InboundRules | undefined }) {
    this.#rules = rules;
    this.#deliver(this.#scheduling.book({ start: 0, minutes: 30 }));
  }

  get #inbound(): InboundRules {
    return this.#rules.inbound ?? soundInbound;
  }

  async play(commands: readonly Command[]): Promise<void> {
    for (const command of commands) await this.#do(command);
  }

  /** Everything heals: all events arrive, calls succeed. Tells what is wrong then, if anything. */
  async heal(): Promise<string | undefined> {
    for (let round = 0; round < 9; round += 1) {
      for (const appointment of this.#scheduling.appointments.values()) this.#deliver(appointment);
      await this.#poll([]);
      await this.#push([]);
    }
    return this.#verdict();
  }

  async #do(command: Command): Promise<void> {
    const active = this.#calendar.active();
    switch (command.kind) {
      case 'wish':
        return this.#wish(command);
      case 'redeliver': {
        const { events } = this.#scheduling;
        this.#deliver(events[command.which % events.length]!);
        return;
      }
      case 'push':
        return this.#push(command.faults);
      case 'poll':
        return this.#poll(command.faults);
      case 'they_book':
        if (!active.some((one) => overlaps(spanOf(one), spanOf({ start: command.start, minutes: 30 })))) {
          this.#calendar.add({ start: command.start, minutes: 30, appointmentId: '' });
        }
        return;
      case 'they_move':
        if (active.length > 0) {
          this.#calendar.move(active[command.which % active.length]!, command.start, command.staleLink);
        }
        return;
      case 'they_cancel':
        if (active.length > 0) this.#calendar.end(active[command.which % active.length]!);
    }
  }

  /** The owner's own change. Every third event is held back, so that a later one overtakes it. */
  #wish({ which, start, minutes, presence }: Extract<Command, { kind: 'wish' }>): void {
    const all = [...this.#scheduling.appointments.values()];
    const known = all[which % all.length]!;
    const present = presence === 'present';
    if (present && !this.#scheduling.free({ start, minutes }, known.id)) return;
    const ownerVersion = known.version + 1;
    const changed = this.#scheduling.change(known.id, { start, minutes, present, ownerVersion });
    if (this.#scheduling.events.length % 3 !== 0) this.#deliver(changed);
  }

  #deliver(appointment: Appointment): void {
    const wanted = wantedOf(appointment);
    const row = this.#rows.get(appointment.id);
    if (!row) {
      const link = { appointmentId: appointment.id, wanted, attempted: undefined, standing: undefined, uids: [] };
      this.#rows.set(appointment.id, { number: this.#rows.size + 1, link, doneVersion: 0 });
    } else if (wanted.version > row.link.wanted.version) {
      row.link = { ...row.link, wanted };
    }
  }

  async #push(faults: readonly Fault[]): Promise<void> {
    const next = faultSource(faults);
    if (!this.#finishIntents(next)) return;
    for (const row of [...this.#rows.values()]) {
      // An appointment that is newer than an unanswered question may be its answer.
      const asked = Math.min(...this.#intents.values());
      if (row.link.uids.length === 0 && row.number > asked) continue;
      if (row.link.attempted) this.#calendar.land();
      else if (isSettled(row.link) && row.doneVersion === row.link.wanted.version) continue;
      if (!(await this.#step(row, next))) return;
    }
  }

  /** False when the worker crashed. */
  async #step(row: Row, next: () => Fault): Promise<boolean> {
    const target = this.#target(row.link.appointmentId, next);
    try {
      const rules = this.#rules.push;
      const end = await reconcile(row.link, { target, journal: this.#journal(row, next), rules });
      if (end.kind === 'look_again' && row.link.attempted) {
        row.link = { ...row.link, attempted: { ...row.link.attempted, looksLeft: end.looksLeft } };
      }
      return true;
    } catch (error) {
      if (error instanceof TargetError) return true;
      if (error instanceof Crash) return false;
      throw error;
    }
  }

  #journal(row: Row, next: () => Fault): Journal {
    const write = (change: Partial<CalendarLink>): Promise<void> => {
      const fault = next();
      if (fault === 'crash_before') throw new Crash();
      row.link = { ...row.link, ...change };
      if (!row.link.attempted && isSettled(row.link)) row.doneVersion = row.link.wanted.version;
      if (fault === 'crash_after') throw new Crash();
      return Promise.resolve();
    };
    return {
      begin: async (attempted, { standing, uids }) => write({ attempted, standing, uids }),
      record: async ({ standing, uids }) => write({ attempted: undefined, standing, uids }),
    };
  }

  #during<T>(next: () => Fault, effect: () => T): T {
    const fault = next();
    if (fault === 'crash_before') throw new Crash();
    if (fault === 'refused_connection') throw new TargetError({ kind: 'unavailable', effect: 'none' }, 'refused');
    if (fault === 'late_effect') {
      this.#calendar.later(() => void attemptQuietly(effect));
      throw new TargetError({ kind: 'unavailable', effect: 'possible' }, 'timeout');
    }
    const result = effect();
    if (fault === 'crash_after') throw new Crash();
    if (fault === 'lost_answer') throw new TargetError({ kind: 'unavailable', effect: 'possible' }, 'lost');
    return result;
  }

  #target(appointmentId: string, next: () => Fault): Pick<CalendarTarget, 'find' | 'create' | 'move' | 'remove'> {
    const calendar = this.#calendar;
    return {
      find: async ({ uids, place }) =>
        this.#during(next, () => {
          const byUid = uids.flatMap((uid) => this.#chain(uid));
          const byPlace = calendar.bookings.filter(
            (one) => one.appointmentId === appointmentId && place !== undefined && one.start === place.start,
          );
          return [...new Set([...byUid, ...byPlace])].map((one) => ({ ...one }));
        }),
      create: async ({ start, minutes }) =>
        this.#during(next, () => {
          const chainId = this.#scheduling.takenIn.get(appointmentId);
          if (calendar.active().some((one) => one.chainId === chainId)) this.#pushedBack = true;
          return { ...calendar.add({ start, minutes, appointmentId }) };
        }),
      move: async ({ uid, start }) =>
        this.#during(next, () => {
          // As the target does: of a chain the newest is the one to move.
          const old = this.#chain(uid).at(-1);
          if (!old?.active) throw new TargetError({ kind: 'refused', reason: 'gone' }, 'gone');
          return { ...calendar.move(old, start) };
        }),
      remove: async ({ uid }) =>
        this.#during(next, () => {
          const newest = this.#chain(uid).at(-1);
          if (newest) calendar.end(newest);
        }),
    };
  }

  #chain(uid: string): Stored[] {
    const chain: Stored[] = [];
    for (let one = this.#calendar.byUid(uid); one; one = this.#calendar.after(one)) chain.push(one);
    return chain;
  }

  /** Reads everything that is there, as polls and sweeps together do. */
  async #poll(faults: readonly Fault[]): Promise<void> {
    const next = faultSource(faults);
    if (!this.#rules.inbound || !this.#finishIntents(next)) return;
    try {
      const page = this.#during(next, () => this.#calendar.bookings.map((one) => ({ ...one })));
      for (const booking of page) this.#handle(booking, next);
    } catch (error) {
      if (!(error instanceof TargetError || error instanceof Crash || error instanceof Away)) throw error;
    }
    return Promise.resolve();
  }

  /** What an earlier owner began to take in comes first, also when it was called off meanwhile. */
  #finishIntents(next: () => Fault): boolean {
    try {
      for (const chainId of [...this.#intents.keys()]) {
        const booking = this.#chain(chainId).at(-1)!;
        this.#takeIn(booking, next);
        this.#handle(booking, next);
      }
      return true;
    } catch (error) {
      if (error instanceof TargetError || error instanceof Away) return true;
      if (error instanceof Crash) return false;
      throw error;
    }
  }

  #handle(booking: Stored, next: () => Fault): void {
    const row = this.#rowOf(booking);
    if (row) this.#handleKnown(row, booking, next);
    else this.#handleUnknown(booking, next);
  }

  #rowOf(booking: Stored): Row | undefined {
    const byId = this.#rows.get(booking.appointmentId);
    if (byId) return byId;
    const mine = (uid: string): Row | undefined =>
      uid === '' ? undefined : [...this.#rows.values()].find(({ link }) => link.uids.includes(uid));
    return mine(booking.uid) ?? mine(booking.movedFrom);
  }

  #handleKnown(row: Row, booking: Stored, next: () => Fault): void {
    const { link } = row;
    const { standing } = link;
    const echo = booking.active
      ? booking.uid === standing?.uid && booking.start === standing.start && booking.minutes === standing.minutes
      : booking.uid !== standing?.uid && link.uids.includes(booking.uid);
    if (echo) return;
    const belongs = (one: Stored): boolean =>
      one.appointmentId === link.appointmentId || link.uids.includes(one.uid) || link.uids.includes(one.movedFrom);
    const known = this.#during(next, () => {
      const found = new Map(
        this.#chain(standing?.uid ?? booking.uid)
          .concat(this.#calendar.bookings.filter(belongs))
          .flatMap((one) => this.#chain(one.uid))
          .map((one) => [one.uid, one]),
      );
      return [...found.values()].map((one) => ({ ...one }));
    });
    const decision = this.#inbound.decide(oursOf(row), known, NOW);
    this.#carryOut(row, decision, known, next);
  }

  #carryOut(row: Row, decision: Decision, known: readonly Stored[], next: () => Fault): void {
    const { appointmentId } = row.link;
    const expected = this.#inbound.sendsVersion ? row.doneVersion : 0;
    const { standing } = row.link;
    const ask = (key: string, to: Partial<Appointment>): Appointment | undefined =>
      this.#ask(next, key, () => this.#scheduling.apply(appointmentId, to, expected, row.doneVersion));
    switch (decision.kind) {
      case 'put_back':
        return this.#record(row, decision.standing, known, undefined, next);
      case 'move_ours': {
        const { uid, start, minutes } = decision.booking;
        const answer = ask(`moved ${uid} ${start}`, { start, minutes });
        return this.#record(row, decision.booking, known, answer, next);
      }
      case 'cancel_ours': {
        const answer = ask(`cancelled ${standing?.uid}`, { present: false });
        return this.#record(row, undefined, known, answer, next);
      }
      case 'cancel_copies':
        for (const { uid } of decision.copies) {
          this.#during(next, () => this.#calendar.end(this.#calendar.byUid(uid)!));
        }
        return this.#record(row, decision.keep, known, undefined, next);
      default:
    }
  }

  /** A refusal is an answer; a lost one is asked for again under the same key. */
  #ask(next: () => Fault, key: string, change: () => string): Appointment | undefined {
    const fault = next();
    if (fault === 'crash_before') throw new Crash();
    if (fault === 'refused_connection') throw new Away();
    try {
      const appointment = this.#scheduling.once(key, change);
      if (fault === 'crash_after') throw new Crash();
      if (fault === 'lost_answer' || fault === 'late_effect') throw new Away();
      return { ...appointment };
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  #record(
    row: Row,
    standing: Standing | undefined,
    known: readonly Stored[],
    answer: Appointment | undefined,
    next: () => Fault,
  ): void {
    const fault = next();
    if (fault === 'crash_before') throw new Crash();
    const { link } = row;
    if (!link.attempted) {
      const wanted = answer && answer.version > link.wanted.version ? wantedOf(answer) : link.wanted;
      const place = standing && { uid: standing.uid, start: standing.start, minutes: standing.minutes };
      const uids = [...new Set([...(place ? [place.uid] : []), ...link.uids, ...known.map(({ uid }) => uid)])];
      row.link = { ...link, wanted, standing: place, uids };
      if (isSettled(row.link)) row.doneVersion = wanted.version;
    }
    if (fault === 'crash_after') throw new Crash();
  }

  #handleUnknown(first: Stored, next: () => Fault): void {
    const booking = this.#chain(first.uid).at(-1) ?? first;
    if (this.#rowOf(booking)) return;
    const decision = decideUnknown(booking, 0);
    if (decision.kind === 'take_in') this.#takeIn(booking, next);
  }

  #takeIn(booking: Stored, next: () => Fault): void {
    const write = next();
    if (write === 'crash_before') throw new Crash();
    if (this.#inbound.keepsIntent)
      this.#intents.set(booking.chainId, this.#intents.get(booking.chainId) ?? this.#rows.size);
    if (write === 'crash_after') throw new Crash();
    const answer = this.#ask(next, `booked ${booking.chainId}`, () =>
      this.#scheduling.takeIn(booking, booking.chainId),
    );
    if (!answer) {
      if (booking.active) this.#during(next, () => this.#calendar.end(this.#chain(booking.uid).at(-1)!));
      this.#intents.delete(booking.chainId);
      return;
    }
    this.#deliver(answer);
    this.#record(this.#rows.get(answer.id)!, booking, [booking], answer, next);
    this.#intents.delete(booking.chainId);
  }

  #verdict(): string | undefined {
    if (this.#pushedBack) return 'a booking made there was pushed back as a second one';
    if (this.#scheduling.overridden) return 'a change made there overrode a later one of ours';
    const active = this.#calendar.active();
    const wanted = [...this.#scheduling.appointments.values()].filter(({ present }) => present);
    if (active.length !== wanted.length) return `${active.length} bookings stand for ${wanted.length} appointments`;
    for (const { id, start, minutes } of wanted) {
      const row = this.#rows.get(id);
      const booking = this.#calendar.byUid(row?.link.standing?.uid ?? '');
      if (!booking?.active) return `${id} is known by a uid that does not stand`;
      if (booking.start !== start || booking.minutes !== minutes) return `${id} stands at the wrong time`;
      if (row?.link.uids[0] !== booking.uid) return `${id} does not have its newest uid first`;
    }
    return undefined;
  }
}

function attemptQuietly(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // A call that lands late and is refused changes nothing.
  }
}
