import fc from 'fast-check';
import { countFailure, emptyCounter, judgeAttempt } from './throttle.ts';
import type { ThrottleCounters, ThrottleScope } from './throttle.ts';

const scopes: ThrottleScope[] = ['account_address', 'address', 'global'];
const nothing: ThrottleCounters = { account_address: emptyCounter, address: emptyCounter, global: emptyCounter };
const start = Date.parse('2026-03-29T00:00:00Z');

/** Pauses between tries, from a machine's to a forgetful person's. */
const pauses = fc.array(
  fc.oneof(fc.nat(100), fc.nat(5_000), fc.nat(3_600_000), fc.constantFrom(999, 1000, 1001, 3_600_000, 43_200_000)),
  { minLength: 1, maxLength: 150 },
);

function attack(counters: ThrottleCounters, now: Date): ThrottleCounters {
  if (!judgeAttempt(counters, now).allowed) return counters;
  const entries = scopes.map((scope) => [scope, countFailure(scope, counters[scope], now)] as const);
  return Object.fromEntries(entries) as ThrottleCounters;
}

test('whatever strangers do from one address, the owner at another is let in within ten seconds', () => {
  fc.assert(
    fc.property(pauses, (tries) => {
      let attacker = nothing;
      let now = start;
      for (const pause of tries) {
        now += pause;
        attacker = attack(attacker, new Date(now));
      }
      const owner = { ...nothing, global: attacker.global };
      const first = judgeAttempt(owner, new Date(now));
      if (first.allowed) return;
      expect(first.retryAfterSeconds).toBeLessThanOrEqual(10);
      const waited = { ...owner, address: { ...emptyCounter, admittedFrom: first.ticket ?? null } };
      expect(judgeAttempt(waited, new Date(now + first.retryAfterSeconds * 1000))).toEqual({ allowed: true });
    }),
    { numRuns: 200 },
  );
});

test('a machine that never stops gets at most 25 tries in an hour on one account from one address', () => {
  fc.assert(
    fc.property(fc.integer({ min: 50, max: 2_000 }), (pause) => {
      let counters = nothing;
      let made = 0;
      for (let now = start; now < start + 3_600_000; now += pause) {
        const next = attack(counters, new Date(now));
        if (next !== counters) made += 1;
        counters = next;
      }
      expect(made).toBeLessThanOrEqual(25);
    }),
    { numRuns: 100 },
  );
});

test('who waits as long as asked is let in, and no wait is longer than fifteen minutes', () => {
  fc.assert(
    fc.property(pauses, (tries) => {
      let counters = nothing;
      let now = start;
      for (const pause of tries) {
        now += pause;
        const verdict = judgeAttempt(counters, new Date(now));
        if (!verdict.allowed) {
          expect(verdict.retryAfterSeconds).toBeGreaterThan(0);
          expect(verdict.retryAfterSeconds).toBeLessThanOrEqual(900);
          now += verdict.retryAfterSeconds * 1000;
          expect(judgeAttempt(counters, new Date(now)).allowed || verdict.ticket !== undefined).toBe(true);
        }
        counters = attack(counters, new Date(now));
      }
    }),
    { numRuns: 200 },
  );
});
