/** When to try again; `random` gives numbers in [0, 1) and is an argument so that schedules can be replayed. */
export type Backoff = { attempt: number; baseMs: number; capMs: number; random: () => number };

/**
 * Milliseconds to wait before the next try: uniform between 0 and min(cap, base · 2^(attempt − 1)). Full jitter spreads
 * callers that failed together.
 * @param backoff.attempt how many tries have failed so far; 1 after the first
 */
export function fullJitterBackoff(backoff: Backoff): number {
  const exponent = Math.max(0, Math.floor(backoff.attempt) - 1);
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(exponent, 52));
  return Math.floor(backoff.random() * ceiling);
}
