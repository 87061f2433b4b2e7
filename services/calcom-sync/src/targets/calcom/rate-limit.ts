import type { BudgetSnapshot } from '../target.ts';
import { dateOf, headerByPrefix, MAX_WAIT_MS, seconds, waitIn } from './errors.ts';

/** The documented limit, used until the first answer says otherwise. */
const ASSUMED_LIMIT = 100;
const ASSUMED_WINDOW_MS = 60_000;
/** Reset is told in whole seconds; going on a moment early would cost a minute of being blocked. */
const RESET_MARGIN_MS = 1000;
/** More calls than anybody grants; the count is kept in an integer column. */
const MAX_CALLS = 1_000_000;

/**
 * Counts calls against the limit the target tells in its answers, so that we never run into a 429 of our own making.
 * One instance per connection: whoever holds its lease. Not thread of control of its own: callers ask and wait.
 */
export class RateBudget {
  private readonly now: () => number;
  private limit = ASSUMED_LIMIT;
  private remaining = ASSUMED_LIMIT;
  private resetAt = -Infinity;

  /** @param now milliseconds of a clock that nobody sets, so that no wait grows or shrinks with the time of day */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Milliseconds until a call may be made; 0 means now. */
  waitMs(): number {
    if (this.remaining > 0) return 0;
    return Math.max(0, this.resetAt - this.now());
  }

  /** Takes one call from the budget; the answer corrects the count. */
  spend(): void {
    if (this.now() >= this.resetAt) {
      this.remaining = this.limit;
      this.resetAt = this.now() + ASSUMED_WINDOW_MS;
    }
    this.remaining -= 1;
  }

  /** Learns from the headers of an answer. */
  learn(headers: Headers): void {
    const limit = seconds(headerByPrefix(headers, 'x-ratelimit-limit'));
    const remaining = seconds(headerByPrefix(headers, 'x-ratelimit-remaining'));
    const reset = waitIn(headerByPrefix(headers, 'x-ratelimit-reset'), dateOf(headers));
    if (limit !== undefined && limit >= 1) this.limit = wholeCalls(limit);
    if (remaining === undefined) return;
    this.remaining = wholeCalls(remaining);
    if (reset !== undefined) this.resetAt = this.atMostLater(this.now() + reset + RESET_MARGIN_MS);
  }

  /** No call for so long: the target said 429. */
  pause(ms: number): void {
    this.remaining = 0;
    this.resetAt = this.atMostLater(Math.max(this.resetAt, this.now() + ms));
  }

  /** What the next owner of the connection should know. */
  snapshot(): BudgetSnapshot {
    return { remaining: this.remaining, resetInMs: Math.max(0, this.resetAt - this.now()) };
  }

  /** Takes over what the previous owner knew, within the same bounds; out-of-date knowledge changes nothing. */
  restore(snapshot: BudgetSnapshot): void {
    if (snapshot.resetInMs <= 0) return;
    this.remaining = wholeCalls(snapshot.remaining);
    this.resetAt = this.atMostLater(this.now() + snapshot.resetInMs);
  }

  private atMostLater(instant: number): number {
    return Math.min(instant, this.now() + MAX_WAIT_MS);
  }
}

function wholeCalls(count: number): number {
  return Math.min(MAX_CALLS, Math.max(0, Math.floor(count)));
}
