import CircuitBreaker from 'opossum';
import { DomainError } from './errors.ts';
import { gauge } from './metrics.ts';

/** closed: calls pass; open: calls are refused; half_open: one probe decides. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/** Settings of a breaker; times in milliseconds. */
export type BreakerOptions = {
  /** A call that takes longer is aborted and counts as a fault. */
  timeoutMs: number;
  /** Share of faults at which it opens; default 50. */
  errorThresholdPercentage?: number;
  /** Calls within the last ten seconds below which it never opens; default 5 (the library's own default opens after one). */
  volumeThreshold?: number;
  /** How long it stays open before a probe; default 5,000. */
  resetTimeoutMs?: number;
  /** Whether an error says that the target is away; all others (4xx, refusals) count as success. */
  isAvailabilityFault(error: unknown): boolean;
};

/** A guarded call. */
export type Breaker<A extends unknown[], R> = {
  fire(...args: A): Promise<R>;
  readonly state: BreakerState;
  onStateChange(listener: (state: BreakerState) => void): void;
  shutdown(): void;
};

const stateValues: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };
const stateGauge = gauge({
  name: 'daybook_breaker_state',
  help: 'State of a circuit breaker: 0 closed, 1 half open, 2 open',
  labels: ['name'],
});

class CallTimeout extends DomainError {}

function withTimeout<A extends unknown[], R>(
  name: string,
  call: (signal: AbortSignal, ...args: A) => Promise<R>,
  timeoutMs: number,
): (...args: A) => Promise<R> {
  return (...args) => {
    const controller = new AbortController();
    return new Promise<R>((resolve, reject) => {
      const timer = setTimeout(() => {
        const late = new CallTimeout('timeout', 'UPSTREAM_TIMEOUT', 'The answer took too long.', {
          context: { target: name },
        });
        // Rejected first: the call's own AbortError must not win and hide that the outcome is unknown.
        reject(late);
        controller.abort(late);
      }, timeoutMs);
      const settled = (): void => clearTimeout(timer);
      Promise.resolve()
        .then(() => call(controller.signal, ...args))
        .then(resolve, reject)
        .finally(settled);
    });
  };
}

/**
 * A circuit breaker around one kind of call to one target, per process. A timeout aborts the call's signal and rejects
 * with DomainError timeout `UPSTREAM_TIMEOUT` (the outcome is then unknown); while open, calls reject at once with
 * DomainError unavailable `BREAKER_OPEN`. Faults are counted only where `isAvailabilityFault` says so.
 */
export function createBreaker<A extends unknown[], R>(
  name: string,
  call: (signal: AbortSignal, ...args: A) => Promise<R>,
  options: BreakerOptions,
): Breaker<A, R> {
  const breaker = new CircuitBreaker<A, R>(withTimeout(name, call, options.timeoutMs), {
    name,
    timeout: false,
    errorThresholdPercentage: options.errorThresholdPercentage ?? 50,
    volumeThreshold: options.volumeThreshold ?? 5,
    resetTimeout: options.resetTimeoutMs ?? 5000,
    errorFilter: (error: unknown) => !(error instanceof CallTimeout) && !options.isAvailabilityFault(error),
  });
  const readState = (): BreakerState => (breaker.halfOpen ? 'half_open' : breaker.opened ? 'open' : 'closed');
  const listeners: ((state: BreakerState) => void)[] = [];
  const announce = (state: BreakerState): void => {
    stateGauge.set({ name }, stateValues[state]);
    for (const listener of listeners) listener(state);
  };
  stateGauge.set({ name }, 0);
  breaker.on('open', () => announce('open'));
  breaker.on('halfOpen', () => announce('half_open'));
  breaker.on('close', () => announce('closed'));
  return {
    fire: (...args) => breaker.fire(...args).catch((error: unknown) => Promise.reject(explainRefusal(name, error))),
    get state() {
      return readState();
    },
    onStateChange: (listener) => void listeners.push(listener),
    shutdown: () => breaker.shutdown(),
  };
}

function explainRefusal(name: string, error: unknown): Error {
  if ((error as { code?: unknown }).code === 'EOPENBREAKER') {
    const message = 'Another system is not answering at the moment; we will try again shortly.';
    return new DomainError('unavailable', 'BREAKER_OPEN', message, { context: { target: name } });
  }
  return error instanceof Error ? error : new Error('a call failed', { cause: error });
}
