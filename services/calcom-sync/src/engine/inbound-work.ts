import { randomUUID } from 'node:crypto';
import type { Logger } from '@daybook/runtime/logger';
import { dropOldAttempts } from '../db/attempt-repository.ts';
import { firstTimeZone } from '../db/availability-repository.ts';
import { hasCursor } from '../db/change-cursor-repository.ts';
import { msUntilHintDue } from '../db/hint-repository.ts';
import { closeSweep, findRunningSweep, lastSweepAt, openSweep } from '../db/sweep-repository.ts';
import { InboundReader } from '../inbound/reader.ts';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import { SchedulingAwayError } from '../inbound/scheduling-port.ts';
import type { StepDeps } from './link-step.ts';
import { SweepRun } from './sweep-run.ts';
import { isSweepDue } from './sweeps.ts';

/** What reading the other side needs. */
export type InboundOptions = {
  apply: ApplyExternalChange;
  /** The longest between two polls, ms. */
  pollMs: number;
  /** The hour of the daily comparison, 0-23, in the practice's zone. */
  sweepHour: number;
  /** How many days ahead are compared. */
  sweepDays: number;
};

/** Overdue by so much (ms), a poll goes before further pushes: a backlog must not blind us for longer. */
const POLL_PATIENCE_MS = 3000;
/** A sweep leaves so many calls of the window to pushes and polls. */
const SWEEP_RESERVE = 30;
/** A sweep beside a backlog goes on at least so often, ms. */
const SWEEP_PATIENCE_MS = 5000;
/** How often it is looked whether the daily sweep is due, ms. */
const SCHEDULE_CHECK_MS = 60_000;
/** A sweep that could not finish within so long is ended and says so, ms. */
const SWEEP_LIMIT_MS = 6 * 3_600_000;
/** The source of the list of changes. */
const SCHEDULING = 'scheduling';
/** How often it is looked whether the list of changes was read, ms. */
const CURSOR_CHECK_MS = 200;
/** After scheduling gave no decision in a sweep, ms. */
const AWAY_PAUSE_MS = 5000;

/** Everything a connection's worker does beside pushing, a call or two at a time: webhooks, polls and sweeps. */
export class InboundWork {
  readonly #deps: StepDeps;
  readonly #connectionId: string;
  readonly #options: InboundOptions;
  readonly #logger: Logger;
  readonly #callsLeft: () => number;
  readonly #reader: InboundReader;
  #mustCompare = false;
  #run: SweepRun | undefined;
  /** By the clock that nobody sets, ms, like the two below. */
  #sweptAt = -Infinity;
  #sweepNotBefore = 0;
  #scheduleCheckAt = 0;
  #turn = 0;

  constructor(parts: {
    deps: StepDeps;
    connectionId: string;
    options: InboundOptions;
    logger: Logger;
    callsLeft: () => number;
  }) {
    const { deps, connectionId, options, logger, callsLeft } = parts;
    this.#deps = deps;
    this.#connectionId = connectionId;
    this.#options = options;
    this.#logger = logger;
    this.#callsLeft = callsLeft;
    const { apply, pollMs } = options;
    this.#reader = new InboundReader({ deps, connectionId, apply, logger, pollMs });
  }

  /** The connection answers, perhaps for the first time under this lease or in another account. */
  async begin(): Promise<void> {
    this.#run = undefined;
    this.#mustCompare = await this.#reader.begin();
  }

  /**
   * What must be done before anything is pushed: finishing what an earlier owner began to take in, and comparing an
   * account that was never compared, so that known bookings are found instead of made twice. True when it did something.
   */
  async first(): Promise<boolean> {
    if (await this.#reader.finishIntents()) return true;
    if (!this.#mustCompare) return false;
    // What scheduling has to tell comes first: else bookings of ours would look like nobody's.
    if (!(await hasCursor(this.#deps.database, SCHEDULING))) {
      this.#sweepNotBefore = performance.now() + CURSOR_CHECK_MS;
      return true;
    }
    this.#run ??= await this.#open('connection');
    await this.#advance(this.#run);
    return true;
  }

  /** Milliseconds until what must be done first may go on after a fault; 0 when nothing keeps it. */
  msUntilFirst(): number {
    return this.#mustCompare ? Math.max(0, this.#sweepNotBefore - performance.now()) : 0;
  }

  /** Every second turn may take a webhook: neither side waits for the other's backlog. */
  async beforePush(): Promise<boolean> {
    this.#turn += 1;
    if (this.#turn % 2 === 0 && (await this.#reader.hint())) return true;
    if (this.#reader.msUntilPoll() <= -POLL_PATIENCE_MS) {
      await this.#reader.poll();
      return true;
    }
    const now = performance.now();
    if (!this.#run || now < this.#sweptAt + SWEEP_PATIENCE_MS || !this.#maySweep()) return false;
    await this.#advance(this.#run);
    return true;
  }

  /** Nothing waits to be pushed. */
  async whenIdle(): Promise<boolean> {
    if (await this.#reader.hint()) return true;
    if (this.#reader.msUntilPoll() <= 0) {
      await this.#reader.poll();
      return true;
    }
    if (!this.#maySweep()) return false;
    this.#run ??= await this.#findSweep();
    if (!this.#run) return false;
    await this.#advance(this.#run);
    return true;
  }

  /** Milliseconds until there may be something to do. */
  async msUntilWork(): Promise<number> {
    const hint = await msUntilHintDue(this.#deps.database, this.#connectionId);
    return Math.max(1, Math.min(hint ?? Infinity, this.#reader.msUntilPoll()));
  }

  /** A row that stands for a booking made there and is due again. */
  lookAgain(row: Parameters<InboundReader['lookAgain']>[0]): Promise<void> {
    return this.#reader.lookAgain(row);
  }

  /** A call failed: what reads rests so long, ms. */
  rest(ms: number): void {
    this.#reader.rest(ms);
    this.#sweepNotBefore = performance.now() + ms;
  }

  #maySweep(): boolean {
    return performance.now() >= this.#sweepNotBefore && this.#callsLeft() > SWEEP_RESERVE;
  }

  async #findSweep(): Promise<SweepRun | undefined> {
    const { database, now } = this.#deps;
    const running = await findRunningSweep(database, this.#connectionId);
    if (running) return new SweepRun(this.#reader.deps, running, this.#options.sweepDays);
    if (performance.now() < this.#scheduleCheckAt) return undefined;
    this.#scheduleCheckAt = performance.now() + SCHEDULE_CHECK_MS;
    const last = (await lastSweepAt(database, this.#connectionId))?.getTime();
    const zone = await firstTimeZone(database, this.#connectionId);
    if (!isSweepDue(now(), last, this.#options.sweepHour, zone)) return undefined;
    await dropOldAttempts(database);
    return this.#open('schedule');
  }

  async #open(askedBy: string): Promise<SweepRun> {
    const { organizationId } = this.#reader.deps;
    const sweep = { id: randomUUID(), connectionId: this.#connectionId, organizationId, askedBy };
    const summary = await openSweep(this.#deps.database, sweep);
    return new SweepRun(this.#reader.deps, summary, this.#options.sweepDays);
  }

  async #advance(run: SweepRun): Promise<void> {
    this.#sweptAt = performance.now();
    try {
      if (!(await run.advance())) {
        await this.#giveUpWhenTooLong(run);
        return;
      }
    } catch (error) {
      if (!(error instanceof SchedulingAwayError)) throw error;
      this.#reader.undecided();
      this.#sweepNotBefore = performance.now() + AWAY_PAUSE_MS;
      this.#logger.warn({ err: error }, 'the sweep waits for scheduling');
      return;
    }
    await closeSweep(this.#deps.database, run.sweep.id, '');
    this.#run = undefined;
    if (this.#mustCompare) await this.#reader.compared(run.latest);
    this.#mustCompare = false;
    this.#logger.info({ sweepId: run.sweep.id }, 'both sides were compared');
  }

  async #giveUpWhenTooLong(run: SweepRun): Promise<void> {
    if (this.#mustCompare || this.#deps.now() - run.sweep.startedAt.getTime() < SWEEP_LIMIT_MS) return;
    await closeSweep(this.#deps.database, run.sweep.id, 'Cal.com took too long; the next comparison begins anew.');
    this.#run = undefined;
  }
}
