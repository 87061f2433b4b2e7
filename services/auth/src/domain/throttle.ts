/** What failures are counted by. There is no scope by account alone, see the migration. */
export type ThrottleScope = 'account_address' | 'address' | 'global';

/** A count of failed sign-ins. Instants are UTC. */
export type ThrottleCounter = {
  failures: number;
  lastFailureAt: Date | null;
  /** No try before this instant. */
  blockedUntil: Date | null;
  /** Only of an address: its turn while the installation is under attack. */
  admittedFrom: Date | null;
};

/** The counters that bear on one attempt. */
export type ThrottleCounters = Readonly<Record<ThrottleScope, ThrottleCounter>>;

/** What to do with an attempt; `ticket` is the turn the address shall be given. */
export type ThrottleVerdict = { allowed: true } | { allowed: false; retryAfterSeconds: number; ticket?: Date };

/** A counter that has seen nothing. */
export const emptyCounter: ThrottleCounter = {
  failures: 0,
  lastFailureAt: null,
  blockedUntil: null,
  admittedFrom: null,
};

/** Free failures before the delay begins, and after how much quiet the count begins anew. */
const rules = {
  // A person mistypes a few times; the caps-lock key makes it five.
  account_address: { free: 4, quietMs: 12 * 3_600_000 },
  // Many people may sit behind one address.
  address: { free: 19, quietMs: 3_600_000 },
} as const;

const longestDelaySeconds = 900;
const globalHalfLifeMs = 5 * 60_000;
const globalFree = 50;
const longestTurnSeconds = 10;
const ticketLifeMs = 10 * 60_000;

/**
 * The delay after the n-th failure in a row, in seconds: none while failures are free, then 1, 2, 4 … at most 900.
 * The global scope has none: a delay for everybody would be a lock-out of the owner by strangers.
 */
export function delayAfterFailures(scope: ThrottleScope, failures: number): number {
  if (scope === 'global') return 0;
  const beyond = failures - rules[scope].free;
  return beyond < 1 ? 0 : Math.min(longestDelaySeconds, 2 ** (beyond - 1));
}

/**
 * The wait asked once of an address that is not yet admitted, in seconds, by the fading count of all failures:
 * none under 50, then 1, 2, 4, 8 and at most 10. Bounded, so that the owner on a new address waits but gets in.
 */
export function turnSeconds(globalFailures: number): number {
  if (globalFailures < globalFree) return 0;
  return Math.min(longestTurnSeconds, 2 ** Math.floor(Math.log2(globalFailures / globalFree)));
}

/** The count as it stands at `now`: by account and address it is forgotten after quiet, in all it halves every 5 minutes. */
export function failuresAt(scope: ThrottleScope, counter: ThrottleCounter, now: Date): number {
  if (!counter.lastFailureAt) return 0;
  const quiet = Math.max(0, now.getTime() - counter.lastFailureAt.getTime());
  if (scope === 'global') return counter.failures * 0.5 ** (quiet / globalHalfLifeMs);
  return quiet >= rules[scope].quietMs ? 0 : counter.failures;
}

/** The counter after one more failure at `now`. */
export function countFailure(scope: ThrottleScope, counter: ThrottleCounter, now: Date): ThrottleCounter {
  const failures = failuresAt(scope, counter, now) + 1;
  const delay = delayAfterFailures(scope, failures);
  return {
    ...counter,
    failures,
    lastFailureAt: now,
    blockedUntil: delay === 0 ? null : new Date(now.getTime() + delay * 1000),
  };
}

/**
 * Whether an attempt may be made at `now`. Blocked tries are not counted, so that impatience does not lengthen the wait.
 */
export function judgeAttempt(counters: ThrottleCounters, now: Date): ThrottleVerdict {
  const blocked = Math.max(
    secondsUntil(counters.account_address.blockedUntil, now),
    secondsUntil(counters.address.blockedUntil, now),
  );
  if (blocked > 0) return { allowed: false, retryAfterSeconds: blocked };
  return judgeTurn(counters, now);
}

function judgeTurn(counters: ThrottleCounters, now: Date): ThrottleVerdict {
  const turn = counters.address.admittedFrom;
  const ticketValid = turn !== null && now.getTime() < turn.getTime() + ticketLifeMs;
  if (ticketValid) {
    const wait = secondsUntil(turn, now);
    return wait === 0 ? { allowed: true } : { allowed: false, retryAfterSeconds: wait };
  }
  const wait = turnSeconds(failuresAt('global', counters.global, now));
  if (wait === 0) return { allowed: true };
  return { allowed: false, retryAfterSeconds: wait, ticket: new Date(now.getTime() + wait * 1000) };
}

function secondsUntil(instant: Date | null, now: Date): number {
  return instant === null ? 0 : Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
}
