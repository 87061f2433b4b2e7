import { RateBudget } from './rate-limit.ts';

function headers(limit: number, remaining: number, reset: number): Headers {
  return new Headers({
    'X-RateLimit-Limit-Default': String(limit),
    'X-RateLimit-Remaining-Default': String(remaining),
    'X-RateLimit-Reset-Default': String(reset),
  });
}

describe('the rate budget', () => {
  test('waits until the told reset once nothing is left, and goes on after it', () => {
    let now = 1_000_000;
    const budget = new RateBudget(() => now);
    budget.spend();
    budget.learn(headers(120, 0, 30));
    expect(budget.waitMs()).toBeGreaterThanOrEqual(30_000);
    now += budget.waitMs();
    expect(budget.waitMs()).toBe(0);
    budget.spend();
    expect(budget.waitMs()).toBe(0);
  });

  test('without headers it stays under the documented limit', () => {
    const budget = new RateBudget(() => 1_000_000);
    let calls = 0;
    while (budget.waitMs() === 0) {
      budget.spend();
      calls += 1;
    }
    expect(calls).toBe(100);
  });

  test('the headers are known by their beginning, whatever limit they are named after', () => {
    const budget = new RateBudget(() => 5);
    const told = { Limit: '50', Remaining: '0', Reset: '20' };
    budget.learn(
      new Headers(Object.entries(told).map(([name, value]) => [`X-RateLimit-${name}-Booking-Writes`, value])),
    );
    expect(budget.waitMs()).toBe(21_000);
  });

  test('a 429 pauses', () => {
    const budget = new RateBudget(() => 5);
    budget.pause(7000);
    expect(budget.waitMs()).toBe(7000);
  });

  test('a successor keeps to what its predecessor knew, while it is still true', () => {
    let now = 1_000_000;
    const successor = new RateBudget(() => now);
    successor.restore({ remaining: 0, resetInMs: 4000 });
    expect(successor.waitMs()).toBe(4000);
    now += 10_000;
    const late = new RateBudget(() => now);
    late.restore({ remaining: 0, resetInMs: -6000 });
    expect(late.waitMs()).toBe(0);
  });

  describe('is not led astray by what a server makes up', () => {
    const now = 1_800_000_000_000;
    const longest = 15 * 60_000;

    test('a reset told as an instant is that instant by the clock there, whatever ours says', () => {
      const budget = new RateBudget(() => 5);
      const told = headers(100, 0, now / 1000 + 20);
      told.set('date', new Date(now).toUTCString());
      budget.learn(told);
      expect(budget.waitMs()).toBe(21_000);
    });

    test.each([86_400, 1e15, 9_999_999_999, 1e300])('a reset of %d is held to fifteen minutes', (reset) => {
      const budget = new RateBudget(() => now);
      budget.learn(headers(100, 0, reset));
      expect(budget.waitMs()).toBe(longest);
      expect(budget.snapshot().resetInMs).toBe(longest);
    });

    test('a pause is held to fifteen minutes', () => {
      const budget = new RateBudget(() => now);
      budget.pause(1e12);
      expect(budget.waitMs()).toBe(longest);
    });

    test('a predecessor that believed in a reset in 2080 is not believed', () => {
      const budget = new RateBudget(() => now);
      budget.restore({ remaining: 0, resetInMs: 1e12 });
      expect(budget.waitMs()).toBe(longest);
      budget.restore({ remaining: 1.5, resetInMs: 1000 });
      expect(budget.snapshot().remaining).toBe(1);
    });

    test.each([
      [0.4, 0],
      [7.9, 7],
      [1e10, 1_000_000],
    ])('%d calls left are counted as %d, which the ledger can keep', (told, kept) => {
      const budget = new RateBudget(() => now);
      budget.learn(headers(1e10, told, 30));
      expect(budget.snapshot().remaining).toBe(kept);
    });

    test('a limit that is no whole number is counted as one', () => {
      const budget = new RateBudget(() => now);
      budget.learn(headers(50.5, 1, 0));
      const later = new RateBudget(() => now + 100_000);
      later.learn(headers(50.5, 1, 0));
      later.restore({ remaining: 0, resetInMs: 0 });
      expect(Number.isInteger(later.snapshot().remaining)).toBe(true);
      budget.spend();
      expect(Number.isInteger(budget.snapshot().remaining)).toBe(true);
    });
  });
});
