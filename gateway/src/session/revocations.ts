import type { ClientReadableStream } from '@grpc/grpc-js';
import type { WatchRevocationsResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import { fromOptionalTimestamp } from '@daybook/protos/instant';
import { DomainError } from '@daybook/runtime/errors';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { gauge } from '@daybook/runtime/metrics';
import type { AuthClient } from '../upstream/auth-client.ts';

/** Knows which sessions have ended. */
export type SessionWatch = {
  /** @throws DomainError SESSION_EXPIRED when it ended; UPSTREAM_UNAVAILABLE when nobody can tell (fail closed) */
  assertActive(sessionId: string): Promise<void>;
  /** As assertActive, but always asks auth; for sessions whose access token has run out. */
  assertStillOpen(sessionId: string): Promise<void>;
  /** Calls back for each session that ends from now on, within a second. Answers the function that stops it. */
  onRevoked(listener: (sessionId: string) => void): () => void;
  /** Notes an end this process itself brought about, without waiting for the stream. */
  markRevoked(sessionId: string): void;
};

const streamLagSeconds = gauge({
  name: 'daybook_gateway_revocations_age_seconds',
  help: 'Time since auth last gave a sign of life on the revocation stream; over 15 every request asks auth',
});

/** Timing in milliseconds; tests shorten it. */
export type SessionWatchTiming = {
  staleMs?: number;
  firstRetryMs?: number;
  longestRetryMs?: number;
  checkCacheMs?: number;
};

const longestAccessTokenMs = 15 * 60_000;
const largestCheckCache = 10_000;
/** How long after the start auth may still be starting too. */
const startGraceMs = 10_000;

/** Follows auth's revocation stream and asks by unary call while the stream is stale. */
export class RevocationWatch implements SessionWatch {
  readonly #auth: Pick<AuthClient, 'watchRevocations' | 'checkSession'>;
  readonly #logger: Logger;
  readonly #lifecycle: Lifecycle;
  readonly #timing: Required<SessionWatchTiming>;
  /** Session id → when it may be forgotten, epoch ms. */
  readonly #revoked = new Map<string, number>();
  readonly #checkedAt = new Map<string, number>();
  readonly #listeners = new Set<(sessionId: string) => void>();
  #heardAt = Number.NEGATIVE_INFINITY;
  #stream: ClientReadableStream<WatchRevocationsResponse__Output> | undefined;
  readonly #madeAt = performance.now();
  #outageLogged = false;
  #retryMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #watchdog: NodeJS.Timeout;

  constructor(options: {
    auth: Pick<AuthClient, 'watchRevocations' | 'checkSession'>;
    logger: Logger;
    lifecycle: Lifecycle;
    timing?: SessionWatchTiming;
  }) {
    this.#auth = options.auth;
    this.#logger = options.logger;
    this.#lifecycle = options.lifecycle;
    this.#timing = { staleMs: 15_000, firstRetryMs: 100, longestRetryMs: 2000, checkCacheMs: 500, ...options.timing };
    this.#retryMs = this.#timing.firstRetryMs;
    this.#watchdog = setInterval(() => this.#tidy(), Math.min(1000, this.#timing.staleMs));
    this.#watchdog.unref();
    options.lifecycle.onShutdown('pools', 'revocation stream', async () => this.#stop());
    this.#open();
  }

  /** Whether the stream spoke lately. */
  get fresh(): boolean {
    return performance.now() - this.#heardAt <= this.#timing.staleMs;
  }

  async assertActive(sessionId: string): Promise<void> {
    if (this.#revoked.has(sessionId)) throw sessionEnded();
    if (this.fresh) return;
    const checked = this.#checkedAt.get(sessionId);
    if (checked !== undefined && performance.now() - checked <= this.#timing.checkCacheMs) return;
    await this.assertStillOpen(sessionId);
    if (this.#checkedAt.size >= largestCheckCache) this.#checkedAt.clear();
    this.#checkedAt.set(sessionId, performance.now());
  }

  async assertStillOpen(sessionId: string): Promise<void> {
    let active: boolean;
    try {
      active = await this.#auth.checkSession(sessionId);
    } catch (error) {
      // Also when auth refuses our own credential: that is trouble on our side, not the visitor's.
      throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'The session cannot be checked now.', {
        cause: error,
      });
    }
    if (active) return;
    this.markRevoked(sessionId);
    throw sessionEnded();
  }

  onRevoked(listener: (sessionId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  markRevoked(sessionId: string): void {
    this.#remember(sessionId, Date.now() + longestAccessTokenMs);
  }

  #remember(sessionId: string, forgetAfter: number): void {
    const known = this.#revoked.has(sessionId);
    this.#revoked.set(sessionId, Math.max(forgetAfter, this.#revoked.get(sessionId) ?? 0));
    if (!known) for (const listener of this.#listeners) listener(sessionId);
  }

  #open(): void {
    if (this.#lifecycle.draining) return;
    const stream = this.#auth.watchRevocations();
    this.#stream = stream;
    stream.on('data', (message: WatchRevocationsResponse__Output) => this.#hear(message));
    stream.on('error', (error: Error) => this.#reopen(stream, error));
    stream.on('end', () => this.#reopen(stream, undefined));
  }

  #hear(message: WatchRevocationsResponse__Output): void {
    this.#heardAt = performance.now();
    this.#retryMs = this.#timing.firstRetryMs;
    this.#outageLogged = false;
    // A snapshot is added to what is known, never replaces it: a session does not come back to life.
    for (const revocation of message.revocations) {
      const forgetAfter = fromOptionalTimestamp(revocation.forgetAfter)?.getTime() ?? Date.now() + longestAccessTokenMs;
      this.#remember(revocation.sessionId, forgetAfter);
    }
  }

  #reopen(stream: ClientReadableStream<WatchRevocationsResponse__Output>, error: Error | undefined): void {
    if (this.#stream !== stream || this.#lifecycle.draining) return;
    this.#stream = undefined;
    // Once per outage; the metric tells how long it lasts. At a start auth may be a moment behind, which is no outage.
    const isStarting = this.#heardAt === Number.NEGATIVE_INFINITY && performance.now() - this.#madeAt < startGraceMs;
    if (!this.#outageLogged && !isStarting) {
      this.#outageLogged = true;
      this.#logger.warn({ err: error }, 'revocation stream ended; opening it again');
    }
    this.#timer = setTimeout(() => this.#open(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, this.#timing.longestRetryMs);
  }

  #tidy(): void {
    const age = (performance.now() - this.#heardAt) / 1000;
    streamLagSeconds.set(Number.isFinite(age) ? age : -1);
    const now = Date.now();
    for (const [sessionId, forgetAfter] of this.#revoked) if (forgetAfter < now) this.#revoked.delete(sessionId);
    // A peer that vanished without a word leaves a stream that is silent for ever.
    if (!this.fresh && Number.isFinite(age)) {
      this.#heardAt = Number.NEGATIVE_INFINITY;
      this.#stream?.cancel();
    }
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watchdog);
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.cancel();
  }
}

function sessionEnded(): DomainError {
  return new DomainError('unauthenticated', 'SESSION_EXPIRED', 'The session has ended.');
}
