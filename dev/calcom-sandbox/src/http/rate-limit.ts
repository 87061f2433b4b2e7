const WINDOW_MS = 60_000;
const BLOCK_MS = 60_000;

/** What the limiter says about one request; `resetSeconds` counts from now. */
export type RateVerdict = { allowed: boolean; limit: number; remaining: number; resetSeconds: number };

type Window = { count: number; endsAt: number; blockedUntil: number };

/** A limiter by caller: a window of 60 s; once over the limit the caller is blocked for 60 s. */
export function createRateLimiter(): {
  check(caller: string, limit: number, now: number): RateVerdict;
  reset(): void;
} {
  const windows = new Map<string, Window>();
  return {
    check: (caller, limit, now) => {
      let window = windows.get(caller);
      if (window === undefined || (now >= window.endsAt && now >= window.blockedUntil)) {
        window = { count: 0, endsAt: now + WINDOW_MS, blockedUntil: 0 };
        windows.set(caller, window);
      }
      window.count += 1;
      if (window.count > limit && window.blockedUntil <= now) window.blockedUntil = now + BLOCK_MS;
      const allowed = window.blockedUntil <= now;
      const until = allowed ? window.endsAt : window.blockedUntil;
      const remaining = allowed ? Math.max(0, limit - window.count) : 0;
      return { allowed, limit, remaining, resetSeconds: Math.max(1, Math.ceil((until - now) / 1000)) };
    },
    reset: () => windows.clear(),
  };
}

/** The headers of a verdict; the suffix is the limit's name. */
export function rateHeaders(verdict: RateVerdict, name: string): Record<string, string> {
  return {
    [`X-RateLimit-Limit-${name}`]: String(verdict.limit),
    [`X-RateLimit-Remaining-${name}`]: String(verdict.remaining),
    [`X-RateLimit-Reset-${name}`]: String(verdict.resetSeconds),
  };
}
