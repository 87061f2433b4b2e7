import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { fullJitterBackoff } from '@daybook/runtime/work-queue';
import { lockConnection } from '../db/connection-repository.ts';
import { readSettings, tellWorkers } from '../db/connection-settings-repository.ts';
import {
  listOurEventTypes,
  nextLineToEnd,
  recordEventTypesHidden,
  recordLineEnded,
  type LineToEnd,
} from '../db/ending-repository.ts';
import type { Ending } from '../domain/connection.ts';
import { markTroubled } from '../engine/connection-health.ts';
import { Lease, LeaseLostError } from '../engine/lease.ts';
import type { OpenedCalcom } from '../targets/calcom/open-target.ts';
import { TargetError } from '../targets/target.ts';
import { turnOff } from './manage-connections.ts';
import { removeWebhook } from './webhook-subscription.ts';

/** What is needed to end a connection; times in milliseconds. */
export type EndingOptions = {
  database: Database;
  logger: Logger;
  connectionId: string;
  /** Unique per process. */
  owner: string;
  leaseMs: number;
  callMs: number;
  ending: Ending;
  /** Opens the account; `beforeCall` throws when we may not act any more. */
  open: (beforeCall: () => void) => OpenedCalcom;
};

const IDLE_MS = 1000;
const BACKOFF = { baseMs: 1000, capMs: 60_000 };
/** What the customer of a cancelled booking reads. */
const REASON = 'The practice no longer takes bookings here.';
const NEEDS_KEY =
  'Cal.com does not take the API key any more, so nothing can be taken away there. Give a new key, or disconnect and ' +
  'leave everything as it is.';

/**
 * Takes away what Daybook made in an account that is being disconnected, then turns the connection off. Each step may be
 * repeated without harm, and what is done is recorded row by row, so another process goes on where one ended.
 */
export class EndingWorker {
  readonly #options: EndingOptions;
  readonly #opened: OpenedCalcom;
  readonly #lease: Lease;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #faults = 0;

  constructor(options: EndingOptions) {
    this.#options = options;
    this.#opened = options.open(() => this.#lease.assertTimeForCall());
    const { database, connectionId, owner, leaseMs, callMs } = options;
    const { budget } = this.#opened;
    this.#lease = new Lease({ database, connectionId, owner, leaseMs, callMs, budget, lastSuccessAt: () => undefined });
  }

  /** Begins; returns at once. */
  start(): void {
    this.#running = this.#run();
  }

  /** There is nothing to be woken for: it works until it is done. */
  wake(): void {
    // Named so that both kinds of workers are handled alike.
  }

  /** Ends after the call in hand and gives the lease back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#lease.release().catch(() => undefined);
    this.#opened.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const done = await this.#turn();
      if (done) return;
      await pause(IDLE_MS, signal);
    }
  }

  /** One go at all of it; true when the connection is off. */
  async #turn(): Promise<boolean> {
    try {
      if (!this.#lease.held && !(await this.#lease.acquire())) return false;
      await this.#takeAway();
      return true;
    } catch (error) {
      await this.#afterFault(error);
      return false;
    }
  }

  async #takeAway(): Promise<void> {
    const { database, connectionId, ending, logger } = this.#options;
    if (ending.cancelBookings) await this.#cancelBookings();
    if (ending.hideEventTypes) await this.#hideEventTypes();
    await this.#ignoringRefusals(() => removeWebhook({ database }, this.#opened.client, connectionId));
    this.#lease.fence();
    await withTransaction(database, async (tx) => {
      const before = await lockConnection(tx, connectionId);
      const settings = await readSettings(tx, connectionId);
      // Started again meanwhile: there is nothing to end any more.
      if (!before || !settings?.ending) return;
      if (ending.hideEventTypes) await recordEventTypesHidden(tx, connectionId);
      await turnOff(tx, before);
      await tellWorkers(tx, connectionId);
    });
    logger.info({ connectionId }, 'the connection is ended');
  }

  async #cancelBookings(): Promise<void> {
    const { database, connectionId } = this.#options;
    const skipped: string[] = [];
    for (;;) {
      if (this.#stopping.signal.aborted) throw new LeaseLostError();
      const line = await nextLineToEnd(database, connectionId, skipped);
      if (!line) return;
      // What Cal.com will not have cancelled stays; it must not keep the rest from its end.
      const gone = await this.#ignoringRefusals(() => this.#cancel(line));
      this.#lease.fence();
      if (gone) await recordLineEnded(database, connectionId, line.appointmentId);
      else skipped.push(line.appointmentId);
      this.#faults = 0;
    }
  }

  async #cancel({ appointmentId, uids, standingUid, attempted, readAt }: LineToEnd): Promise<void> {
    const { target } = this.#opened;
    const found = attempted ? await target.find({ appointmentId, uids, place: attempted }) : [];
    const active = found.filter((booking) => booking.active && booking.start > readAt).map(({ uid }) => uid);
    const all = new Set(attempted || standingUid === undefined ? active : [standingUid]);
    for (const uid of all) await target.remove({ appointmentId, uid, reason: REASON });
  }

  async #hideEventTypes(): Promise<void> {
    const { database, connectionId } = this.#options;
    for (const id of await listOurEventTypes(database, connectionId)) {
      const path = `/event-types/${encodeURIComponent(id)}`;
      const request = { method: 'PATCH', resource: 'eventTypes', path, body: { hidden: true } } as const;
      await this.#ignoringRefusals(() => this.#opened.client.send(request));
    }
  }

  /** Whether it was done; false when Cal.com decided against it. */
  async #ignoringRefusals(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof TargetError && error.fault.kind === 'refused') return false;
      throw error;
    }
  }

  async #afterFault(error: unknown): Promise<void> {
    const { database, connectionId, logger } = this.#options;
    if (error instanceof LeaseLostError) return this.#lease.drop();
    if (!(error instanceof TargetError)) {
      logger.warn({ err: error, connectionId }, 'ending a connection failed for now');
      return;
    }
    if (error.fault.kind === 'unauthorized') await markTroubled(database, connectionId, 'needs_attention', NEEDS_KEY);
    this.#faults += 1;
    const ms = fullJitterBackoff({ attempt: this.#faults, ...BACKOFF, random: Math.random });
    await pause(ms, this.#stopping.signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
