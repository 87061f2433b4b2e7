import { countFailure, delayAfterFailures, emptyCounter, failuresAt, judgeAttempt } from './throttle.ts';
import { turnSeconds, type ThrottleCounter, type ThrottleCounters, type ThrottleScope } from './throttle.ts';

const start = new Date('2026-10-25T00:30:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

function counters(part: Partial<ThrottleCounters> = {}): ThrottleCounters {
  return { account_address: emptyCounter, address: emptyCounter, global: emptyCounter, ...part };
}

function failTimes(scope: ThrottleScope, times: number): ThrottleCounter {
  let counter = emptyCounter;
  for (let time = 0; time < times; time += 1) counter = countFailure(scope, counter, start);
  return counter;
}

test.each([
  ['account_address', 1, 0],
  ['account_address', 4, 0],
  ['account_address', 5, 1],
  ['account_address', 6, 2],
  ['account_address', 10, 32],
  ['account_address', 14, 512],
  ['account_address', 15, 900],
  ['account_address', 5000, 900],
  ['address', 19, 0],
  ['address', 20, 1],
  ['address', 25, 32],
  ['address', 100, 900],
  ['global', 1_000_000, 0],
] as const)('%s: the delay after failure %i is %i s', (scope, failures, seconds) => {
  expect(delayAfterFailures(scope, failures)).toBe(seconds);
});

test.each([
  [0, 0],
  [49.9, 0],
  [50, 1],
  [99, 1],
  [100, 2],
  [200, 4],
  [400, 8],
  [800, 10],
  [1e9, 10],
])('with %d failures in all, a new address waits %i s', (failures, seconds) => {
  expect(turnSeconds(failures)).toBe(seconds);
});

test('blocked tries are refused until the second the delay is over', () => {
  const blocked = counters({ account_address: failTimes('account_address', 7) });
  expect(judgeAttempt(blocked, start)).toEqual({ allowed: false, retryAfterSeconds: 4 });
  expect(judgeAttempt(blocked, after(3.999))).toEqual({ allowed: false, retryAfterSeconds: 1 });
  expect(judgeAttempt(blocked, after(4))).toEqual({ allowed: true });
});

test('the longer of two delays counts', () => {
  const both = counters({ account_address: failTimes('account_address', 6), address: failTimes('address', 24) });
  expect(judgeAttempt(both, start)).toEqual({ allowed: false, retryAfterSeconds: 16 });
});

test('failures are forgotten after quiet: twelve hours by account and address, one hour by address', () => {
  const pair = failTimes('account_address', 9);
  expect(failuresAt('account_address', pair, after(12 * 3600 - 1))).toBe(9);
  expect(failuresAt('account_address', pair, after(12 * 3600))).toBe(0);
  const address = failTimes('address', 9);
  expect(failuresAt('address', address, after(3599))).toBe(9);
  expect(failuresAt('address', address, after(3600))).toBe(0);
});

test('the count of all failures halves every five minutes', () => {
  const all = failTimes('global', 80);
  expect(failuresAt('global', all, after(300))).toBeCloseTo(40);
  expect(failuresAt('global', all, after(3000))).toBeLessThan(0.1);
});

test('under attack from many addresses a new one waits its turn once and is then let in', () => {
  const global = failTimes('global', 250);
  const first = judgeAttempt(counters({ global }), start);
  expect(first).toEqual({ allowed: false, retryAfterSeconds: 4, ticket: after(4) });
  const waiting = { ...emptyCounter, admittedFrom: after(4) };
  expect(judgeAttempt(counters({ global, address: waiting }), after(1))).toEqual({
    allowed: false,
    retryAfterSeconds: 3,
  });
  expect(judgeAttempt(counters({ global, address: waiting }), after(4))).toEqual({ allowed: true });
  expect(judgeAttempt(counters({ global: failTimes('global', 9999), address: waiting }), after(603))).toEqual({
    allowed: true,
  });
});

test('a turn that was not taken for ten minutes is lost, and asked for anew', () => {
  const global = failTimes('global', 100_000);
  const address = { ...emptyCounter, admittedFrom: after(4) };
  expect(judgeAttempt(counters({ global, address }), after(603.999))).toEqual({ allowed: true });
  expect(judgeAttempt(counters({ global, address }), after(604))).toMatchObject({
    allowed: false,
    retryAfterSeconds: 10,
    ticket: after(614),
  });
});

test('a free failure blocks nothing, and leaves no mark of a block', () => {
  expect(failTimes('account_address', 4).blockedUntil).toBeNull();
  expect(failTimes('account_address', 5).blockedUntil).toEqual(after(1));
});
