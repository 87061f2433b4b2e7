import {
  forgetRevocationAfter,
  idleEnd,
  isSessionOpen,
  judgeSpentToken,
  openSessionAt,
  trimUserAgent,
} from './session.ts';

const day = 86_400_000;
const fiveMinutes = 300_000;
const lifetimes = { accessMs: 600_000, idleMs: 8 * day, absoluteMs: 30 * day };
const start = new Date('2026-03-01T10:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);

test('a session ends after eight idle days and after thirty in any case', () => {
  const { expiresAt, absoluteExpiresAt } = openSessionAt(start, lifetimes);
  expect(expiresAt).toEqual(new Date('2026-03-09T10:00:00Z'));
  expect(absoluteExpiresAt).toEqual(new Date('2026-03-31T10:00:00Z'));
  expect(idleEnd(after(25 * day), absoluteExpiresAt, lifetimes)).toEqual(absoluteExpiresAt);
  expect(idleEnd(after(10 * day), absoluteExpiresAt, lifetimes)).toEqual(after(18 * day));
});

test('its end itself is outside', () => {
  expect(isSessionOpen({ expiresAt: after(1), revokedAt: null }, start)).toBe(true);
  expect(isSessionOpen({ expiresAt: start, revokedAt: null }, start)).toBe(false);
  expect(isSessionOpen({ expiresAt: after(day), revokedAt: start }, start)).toBe(false);
});

test.each([
  [-50, 'repeat'],
  [0, 'repeat'],
  [9_999, 'repeat'],
  [10_000, 'reuse'],
  [day, 'reuse'],
] as const)('a spent token %i ms later is a %s', (ms, verdict) => {
  expect(judgeSpentToken(start, after(ms))).toBe(verdict);
});

test('a revocation is kept longer than any token it concerns can live, even one of a replica five minutes ahead', () => {
  expect(forgetRevocationAfter(start, 600_000).getTime()).toBeGreaterThan(after(605_000 + fiveMinutes).getTime());
});

test('a user agent is kept short and on one line', () => {
  expect(trimUserAgent('a\r\nb')).toBe('a  b');
  expect([...trimUserAgent('😀'.repeat(400))]).toHaveLength(300);
  expect(trimUserAgent('\ud800')).toBe('\ufffd');
});
