import { MONDAY, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';
import { createRateLimiter } from './rate-limit.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await openTestBed({ rateLimitPerMinute: 3 });
});
afterEach(() => bed.stop());

test('headers count down, the answer over the limit is the throttler and the block lasts 60 seconds', async () => {
  const at = (seconds: number): void => bed.setNow(new Date(Date.parse(MONDAY) + seconds * 1000).toISOString());
  const ask = (key = 'cal_sandbox'): ReturnType<TestBed['call']> => bed.call('GET /v2/me', { key });
  const first = await ask();
  const name = (part: string): string => `x-ratelimit-${part}-default`;
  expect(['limit', 'remaining', 'reset'].map((part) => first.headers.get(name(part)))).toEqual(['3', '2', '60']);
  at(10);
  await ask();
  expect((await ask()).headers.get(name('remaining'))).toBe('0');
  at(20);
  const over = await ask();
  expect(over.status).toBe(429);
  expect(over.body.error).toEqual({
    code: 'ThrottlerException',
    message: 'CustomThrottlerGuard - Too many requests. Please try again later.',
    details: 'CustomThrottlerGuard - Too many requests. Please try again later.',
  });
  expect(over.headers.get(name('reset'))).toBe('60');
  expect(over.headers.get('retry-after')).toBeNull();
  at(79);
  expect((await ask()).status).toBe(429);
  at(80);
  expect((await ask()).status).toBe(200);
});

test('callers are counted apart', () => {
  const limiter = createRateLimiter();
  expect(
    [limiter.check('a', 1, 0), limiter.check('a', 1, 0), limiter.check('b', 1, 0)].map((verdict) => verdict.allowed),
  ).toEqual([true, false, true]);
});
