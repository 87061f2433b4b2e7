import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { continueTrace, currentSpan } from '@daybook/runtime/trace-context';
import { msUntilHoursDue, nextDueHours } from '../db/availability-repository.ts';
import { takeProbeRequest } from '../db/connection-repository.ts';
import { msUntilTypeDue, nextDueType } from '../db/event-type-repository.ts';
import { makeAllDue, msUntilNextDue, nextDueLink } from '../db/link-repository.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { TargetError, type BudgetSnapshot, type CalendarTarget } from '../targets/target.ts';
import { markConnected, markTroubled } from './connection-health.ts';
import { stepHours } from './hours-step.ts';
import { InboundWork, type InboundOptions } from './inbound-work.ts';
import { Lease, LeaseLostError } from './lease.ts';
import { stepLink, type StepDeps, type StepReport } from './link-step.ts';
import { connectionFaults } from './metrics.ts';
import { stepType } from './types-step.ts';

/** A calendar target with its means of keeping to the rate and of being closed. */
export type OpenTarget = {
  target: CalendarTarget;
  budget: { waitMs(): number; snapshot(): BudgetSnapshot; restore(snapshot: BudgetSnapshot): void };
  close(): void;
};

/** What a worker needs; times in milliseconds. */
export type WorkerOptions = {
  database: Database;
  logger: Logger;
  connectionId: string;
  /** Unique per process. */
  owner: string;
  leaseMs: number;
  callMs: number;
  settledAfterMs: number;
  attentionProbeMs: number;
  inbound: InboundOptions;
  /** Opens the target; `beforeCall` throws when the worker may not act any more. */
  openTarget: (beforeCall: () => void) => OpenTarget;
  now?: () => number;
  random?: () => number;
};

/** `probeAt` by the clock that nobody sets, ms. */
type Health = { kind: 'unknown' } | { kind: 'connected' } | { kind: 'troubled'; probeAt: number; probes: number };

/** A lost notification delays work by no more than this. */
const IDLE_POLL_MS = 1000;
const PROBE_BASE_MS = 1000;
const PROBE_CAP_MS = 5000;
/** After a call that only reads failed while the target answers, reading rests so long, ms. */
const READ_PAUSE_MS = 2000;

/**
 * Works for one connection: takes its lease, keeps the target ready, and does one row after the other. Run one in every
 * replica: those without the lease wait for it.
 */
export class ConnectionWorker {
  readonly #options: WorkerOptions;
  readonly #opened: OpenTarget;
  readonly #lease: Lease;
  readonly #deps: StepDeps;
  readonly #inbound: InboundWork;
  readonly #now: () => number;
  #health: Health = { kind: 'unknown' };
  #lastSuccessAt: number | undefined;
  #stopping = false;
  #woken = false;
  #wakeUp: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#opened = options.openTarget(() => this.#lease.assertTimeForCall());
    const { database, connectionId, owner, leaseMs, callMs } = options;
    this.#lease = new Lease({
      database,
      connectionId,
      owner,
      leaseMs,
      callMs,
      budget: this.#opened.budget,
      lastSuccessAt: () => this.#lastSuccessAt,
    });
    this.#deps = {
      database,
      lease: this.#lease,
      now: this.#now,
      settledAfterMs: options.settledAfterMs,
      target: this.#opened.target,
      random: options.random ?? Math.random,
    };
    this.#inbound = new InboundWork({
      deps: this.#deps,
      connectionId,
      options: options.inbound,
      logger: options.logger,
      callsLeft: () => this.#callsLeft(),
    });
  }

  /** A window that is over leaves what the next one grants; what that is, its first answer tells. */
  #callsLeft(): number {
    const { remaining, resetInMs } = this.#opened.budget.snapshot();
    return resetInMs <= 0 ? Infinity : remaining;
  }

  /** Begins to work; returns at once. */
  start(): void {
    this.#running = this.#run();
  }

  /** There may be work. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  /** Ends after the row in hand and gives the lease back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    await this.#lease.release().catch(() => undefined);
    this.#opened.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const pause = await this.#turnSafely();
      if (pause > 0) await this.#sleep(pause);
    }
  }

  async #turnSafely(): Promise<number> {
    try {
      if (this.#lease.held || (await this.#takeLease())) return await this.#turn();
      return Math.min(IDLE_POLL_MS, this.#options.leaseMs / 3);
    } catch (error) {
      if (error instanceof LeaseLostError) this.#lease.drop();
      else this.#options.logger.warn({ err: error }, 'a turn of the sync worker failed');
      return IDLE_POLL_MS;
    }
  }

  async #takeLease(): Promise<boolean> {
    this.#lease.drop();
    if (!(await this.#lease.acquire())) return false;
    this.#health = { kind: 'unknown' };
    this.#options.logger.info({ connectionId: this.#options.connectionId }, 'working for the connection');
    return true;
  }

  /** Does at most one thing; returns how long to rest, ms. */
  async #turn(): Promise<number> {
    this.#woken = false;
    if (this.#health.kind !== 'connected') return this.#becomeReady();
    const pause = this.#opened.budget.waitMs();
    if (pause > 0) return Math.min(pause, IDLE_POLL_MS);
    const wait = this.#inbound.msUntilFirst();
    if (wait > 0) return Math.min(wait, IDLE_POLL_MS);
    if (await this.#reads(() => this.#inbound.first())) return 0;
    const { database, connectionId } = this.#options;
    const hours = await nextDueHours(database, connectionId);
    if (hours) return this.#do(hours, { providerId: hours.providerId }, () => stepHours(this.#deps, hours));
    const type = await nextDueType(database, connectionId);
    if (type) {
      return this.#do(type, { appointmentTypeId: type.appointmentTypeId }, () => stepType(this.#deps, type));
    }
    if (await this.#reads(() => this.#inbound.beforePush())) return 0;
    const row = await nextDueLink(database, connectionId);
    if (!row) return (await this.#reads(() => this.#inbound.whenIdle())) ? 0 : this.#restUntilDue();
    if (row.link.wanted.version === 0) {
      await this.#reads(() => this.#inbound.lookAgain(row).then(() => true));
      return 0;
    }
    const subject = { appointmentId: row.link.appointmentId };
    return this.#do(row, subject, () => stepLink(this.#deps, row), row.faults > 0);
  }

  /** Does what reads the other side. A fault of it says as much about the target as that of a push. */
  async #reads(work: () => Promise<boolean>): Promise<boolean> {
    try {
      const did = await work();
      if (did) this.#lastSuccessAt = this.#now();
      return did;
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#inbound.rest(READ_PAUSE_MS);
      await this.#doubt(error);
      return true;
    }
  }

  async #restUntilDue(): Promise<number> {
    const { database, connectionId } = this.#options;
    const due = await Promise.all([
      msUntilNextDue(database, connectionId),
      msUntilHoursDue(database, connectionId),
      msUntilTypeDue(database, connectionId),
      this.#inbound.msUntilWork(),
    ]);
    const next = Math.min(...due.map((ms) => ms ?? IDLE_POLL_MS), IDLE_POLL_MS);
    return this.#woken ? 0 : Math.max(1, next);
  }

  /** Does one step, within the trace of the change it is for. */
  #do(
    row: { traceparent: string | undefined },
    subject: Record<string, string>,
    step: () => Promise<StepReport>,
    wasAtFault = false,
  ): Promise<number> {
    const span = { name: 'sync step', kind: 'internal', attributes: subject } as const;
    return continueTrace(row.traceparent, span, () => this.#doAndReport(subject, step, wasAtFault));
  }

  /** Writes the step's line. A row's fault may be the target's: one cheap call tells. */
  async #doAndReport(
    subject: Record<string, string>,
    step: () => Promise<StepReport>,
    wasAtFault: boolean,
  ): Promise<number> {
    const begun = performance.now();
    const report = await step();
    const durationMs = Math.round(performance.now() - begun);
    this.#options.logger.info({ ...subject, result: report.result, durationMs }, 'sync step');
    currentSpan()?.set({ 'daybook.result': report.result });
    if (report.kind === 'in_doubt') {
      await this.#doubt(report.error);
      return 0;
    }
    this.#lastSuccessAt = this.#now();
    // What kept this row from its turn has passed, so the others that wait for the same need not wait out their pauses.
    if (wasAtFault && report.result === 'ok') await makeAllDue(this.#options.database, this.#options.connectionId);
    return 0;
  }

  async #doubt(error: TargetError): Promise<void> {
    const { fault } = error;
    if (fault.kind === 'unauthorized') await this.#trouble(error, 0);
    else if (fault.kind === 'refused') this.#health = { kind: 'unknown' };
    else if (fault.kind !== 'throttled') await this.#probe(error);
  }

  async #probe(suspicion: TargetError): Promise<void> {
    try {
      await this.#opened.target.probe();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      if (error.fault.kind !== 'throttled') await this.#trouble(error, 0);
      return;
    }
    this.#options.logger.info({ fault: suspicion.fault.kind }, 'a call failed while Cal.com answers');
  }

  async #becomeReady(): Promise<number> {
    const health = this.#health;
    const wait = health.kind === 'troubled' ? health.probeAt - performance.now() : 0;
    if (wait > 0 && !(await takeProbeRequest(this.#options.database, this.#options.connectionId))) {
      return Math.min(wait, IDLE_POLL_MS);
    }
    const pause = this.#opened.budget.waitMs();
    if (pause > 0) return Math.min(pause, IDLE_POLL_MS);
    try {
      const account = await this.#opened.target.prepare();
      await markConnected(this.#options.database, this.#options.connectionId, account, this.#now());
      await this.#inbound.begin();
      this.#health = { kind: 'connected' };
      this.#options.logger.info({ connectionId: this.#options.connectionId }, 'Cal.com is ready');
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      if (error.fault.kind === 'throttled') return 0;
      await this.#trouble(error, health.kind === 'troubled' ? health.probes + 1 : 0);
    }
    return 0;
  }

  async #trouble(error: TargetError, probes: number): Promise<void> {
    connectionFaults.inc({ target: CALCOM, fault: error.fault.kind });
    const needsPerson = error.fault.kind === 'unauthorized';
    const pause = needsPerson ? this.#options.attentionProbeMs : Math.min(PROBE_CAP_MS, PROBE_BASE_MS * 2 ** probes);
    const jitter = 0.75 + this.#deps.random() / 2;
    this.#health = { kind: 'troubled', probeAt: performance.now() + pause * jitter, probes };
    const state = needsPerson ? 'needs_attention' : 'unreachable';
    await markTroubled(this.#options.database, this.#options.connectionId, state, error.words);
    if (probes === 0) this.#options.logger.warn({ fault: error.fault.kind }, 'Cal.com cannot be worked with for now');
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wakeUp = done;
      if (this.#stopping) done();
    });
  }
}
