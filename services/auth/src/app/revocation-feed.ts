import type { Clock } from '@daybook/runtime/clock';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { listen } from '@daybook/runtime/postgres-listen';
import type { Secret } from '@daybook/runtime/config';
import { listRevocationsSince, revocationChannel } from '../db/sessions.ts';
import { forgetRevocationAfter, revocationMarginMs } from '../domain/session.ts';

/** A session that ended before its access tokens did. `forgetAfter` is UTC. */
export type Revocation = { sessionId: string; forgetAfter: Date };

/** Told after each reading of the database with what is new, often nothing. */
export type RevocationListener = (fresh: readonly Revocation[]) => void;

/**
 * How far back each reading looks beyond the last one: longer than a transaction can take, so that a revocation that
 * commits late is still seen. Replicas date by one clock.
 */
const overlapMs = 60_000;

/** What this replica knows of revoked sessions, read from the database that all replicas share. */
export class RevocationFeed {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #accessMs: number;
  readonly #known = new Map<string, Revocation>();
  readonly #listeners = new Set<RevocationListener>();
  #readTo: Date | undefined;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param options.accessMs life of an access token */
  constructor(options: { database: Database; clock: Clock; accessMs: number }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#accessMs = options.accessMs;
  }

  /** The revocations whose access tokens may still be alive. */
  current(): Revocation[] {
    return [...this.#known.values()];
  }

  /** Calls the listener after each reading until the returned function is called. */
  subscribe(listener: RevocationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads what is new. A call during a reading waits for the one after it, since the reading under way may have begun
   * before the revocation the caller means; all callers share that one.
   */
  read(): Promise<void> {
    if (!this.#reading) return this.#begin();
    this.#next ??= this.#reading.catch(() => undefined).then(() => this.#begin());
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    const reading = this.#readOnce().finally(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    this.#reading = reading;
    return reading;
  }

  async #readOnce(): Promise<void> {
    const now = this.#clock.now();
    const oldest = now.getTime() - this.#accessMs - revocationMarginMs;
    const since = Math.max(oldest, (this.#readTo?.getTime() ?? 0) - overlapMs);
    const rows = await listRevocationsSince(this.#database, new Date(since));
    const fresh = rows
      .filter((row) => !this.#known.has(row.sessionId))
      .map((row) => ({ sessionId: row.sessionId, forgetAfter: forgetRevocationAfter(row.revokedAt, this.#accessMs) }));
    for (const revocation of fresh) this.#known.set(revocation.sessionId, revocation);
    this.#readTo = now;
    this.#forget(now);
    for (const listener of this.#listeners) listener(fresh);
  }

  #forget(now: Date): void {
    for (const [sessionId, { forgetAfter }] of this.#known) {
      if (forgetAfter.getTime() + overlapMs < now.getTime()) this.#known.delete(sessionId);
    }
  }
}

/** Keeps a feed fresh: on the database's notice at once, and every second in case a notice was lost. */
export function keepRevocationsFresh(options: {
  feed: RevocationFeed;
  databaseUrl: string | Secret;
  logger: Logger;
  lifecycle: Lifecycle;
  pollMs?: number;
}): void {
  const { feed, databaseUrl, logger, lifecycle } = options;
  const read = () => {
    feed.read().catch((error: unknown) => logger.warn({ err: error }, 'revocations could not be read'));
  };
  listen({ url: databaseUrl, channel: revocationChannel, onNotify: read, logger, lifecycle });
  const timer = setInterval(read, options.pollMs ?? 1_000);
  lifecycle.onShutdown('work', 'revocation feed', async () => clearInterval(timer));
}
