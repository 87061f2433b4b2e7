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

  test('a 429 pauses', () => {
    const budget = new RateBudget(() => 5);
    budget.pause(7000);
    expect(budget.waitMs()).toBe(7000);
  });

  test('a successor keeps to what its predecessor knew, while it is still true', () => {
    let now = 1_000_000;
    const successor = new RateBudget(() => now);
    successor.restore({ remaining: 0, resetAt: now + 4000 });
    expect(successor.waitMs()).toBe(4000);
    now += 10_000;
    const late = new RateBudget(() => now);
    late.restore({ remaining: 0, resetAt: now - 6000 });
    expect(late.waitMs()).toBe(0);
  });
});
