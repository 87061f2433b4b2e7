import { createBreaker } from './breaker.ts';
import type { Breaker, BreakerState } from './breaker.ts';
import { registry } from './metrics.ts';
import { until } from './testing.ts';

class Outage extends Error {}
type Mode = 'ok' | 'outage' | 'refusal' | 'hang';
type Guarded = {
  breaker: Breaker<[], string>;
  states: BreakerState[];
  calls(): number;
  signals: AbortSignal[];
  mode: Mode;
};

let made: Guarded[] = [];
afterEach(() => {
  for (const { breaker } of made) breaker.shutdown();
  made = [];
});

function guard(name: string, resetTimeoutMs = 60_000): Guarded {
  let calls = 0;
  const signals: AbortSignal[] = [];
  const call = (signal: AbortSignal): Promise<string> => {
    calls += 1;
    signals.push(signal);
    if (guarded.mode === 'outage') return Promise.reject(new Outage('away'));
    if (guarded.mode === 'refusal') return Promise.reject(new Error('400'));
    if (guarded.mode === 'ok') return Promise.resolve('fine');
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  };
  const breaker = createBreaker(name, call, {
    timeoutMs: 100,
    resetTimeoutMs,
    isAvailabilityFault: (error) => error instanceof Outage,
  });
  const states: BreakerState[] = [];
  breaker.onStateChange((state) => states.push(state));
  const guarded: Guarded = { breaker, states, calls: () => calls, signals, mode: 'ok' };
  made.push(guarded);
  return guarded;
}

async function fireTimes(guarded: Guarded, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) await guarded.breaker.fire().catch(() => undefined);
}

test('one failure opens nothing; five of five do, and then no call is made', async () => {
  const guarded = guard('opens');
  guarded.mode = 'outage';
  await expect(guarded.breaker.fire()).rejects.toThrow('away');
  expect(guarded.breaker.state).toBe('closed');
  await fireTimes(guarded, 4);
  expect(guarded.breaker.state).toBe('open');
  await expect(guarded.breaker.fire()).rejects.toMatchObject({ kind: 'unavailable', code: 'BREAKER_OPEN' });
  expect(guarded.calls()).toBe(5);
  expect(await registry.metrics()).toContain('daybook_breaker_state{name="opens"} 2');
});

test('refusals by a healthy target never open it', async () => {
  const guarded = guard('refusals');
  guarded.mode = 'refusal';
  await fireTimes(guarded, 50);
  expect(guarded.breaker.state).toBe('closed');
  expect(guarded.calls()).toBe(50);
});

test('half open lets exactly one probe through, whose failure opens it again and whose success closes it', async () => {
  const guarded = guard('probes', 150);
  guarded.mode = 'outage';
  await fireTimes(guarded, 5);
  guarded.mode = 'hang';
  await until(() => guarded.breaker.state === 'half_open', { what: 'half open' });
  const before = guarded.calls();
  const attempts = Array.from({ length: 10 }, () => guarded.breaker.fire().catch((error: unknown) => error));
  const results = await Promise.all(attempts);
  expect(guarded.calls() - before).toBe(1);
  expect(results.filter((result) => (result as { code?: string }).code === 'BREAKER_OPEN')).toHaveLength(9);
  expect(guarded.breaker.state).toBe('open');
  guarded.mode = 'ok';
  await until(() => guarded.breaker.state === 'half_open', { what: 'half open again' });
  await expect(guarded.breaker.fire()).resolves.toBe('fine');
  expect(guarded.breaker.state).toBe('closed');
  expect(guarded.states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
});

test('a timeout aborts the call, says timeout and counts as a fault', async () => {
  const guarded = guard('times out');
  guarded.mode = 'hang';
  await expect(guarded.breaker.fire()).rejects.toMatchObject({ kind: 'timeout', code: 'UPSTREAM_TIMEOUT' });
  expect(guarded.signals[0]?.aborted).toBe(true);
  await fireTimes(guarded, 4);
  expect(guarded.breaker.state).toBe('open');
});
