import { DomainError } from '@daybook/runtime/errors';
import type { TargetFault } from '../target.ts';
import { faultFromAnswer, faultFromThrown, waitIn } from './errors.ts';

const envelope = (code: string, message: string, details?: unknown): unknown => ({
  status: 'error',
  timestamp: '2026-05-04T08:00:00.000Z',
  path: '/v2/bookings',
  error: { code, message, details },
});
const notAvailable = 'User either already has booking at this time or is not available';

const cases: [string, number, unknown, TargetFault][] = [
  ['Nest envelope: taken', 400, envelope('BadRequestException', notAvailable), refused('not_available')],
  [
    'booking core, no envelope: lost race',
    409,
    { statusCode: 409, message: 'booking_conflict_error' },
    refused('not_available'),
  ],
  [
    'internal name of taken',
    400,
    { statusCode: 400, message: 'no_available_users_found_error' },
    refused('not_available'),
  ],
  ['past', 400, envelope('BadRequestException', 'Attempting to book a meeting in the past.'), refused('past')],
  ['ended', 400, { statusCode: 400, message: 'Cannot cancel a booking that has already ended' }, refused('past')],
  [
    'already cancelled',
    400,
    envelope('B', "Can't cancel booking with uid=x because it has been cancelled already"),
    refused('gone'),
  ],
  ['unknown booking', 404, envelope('NotFoundException', 'Booking with uid=abc not found'), refused('gone')],
  ['event type gone', 404, envelope('NotFoundException', 'Event type with id 4 not found.'), refused('setup_missing')],
  [
    'wrong version: route unknown',
    404,
    envelope('NotFoundException', 'Cannot POST /v2/bookings/x/reschedule'),
    { kind: 'garbage' },
  ],
  ['HTML 404 of a proxy', 404, undefined, { kind: 'garbage' }],
  [
    'validation',
    400,
    envelope('BadRequestException', 'Bad Request Exception', { errors: [{ property: 'attendee' }] }),
    refused('invalid'),
  ],
  ['zod', 400, envelope('BAD_REQUEST', 'attendee.email - invalid,'), refused('invalid')],
  [
    'bad key',
    401,
    envelope('UnauthorizedException', 'ApiAuthStrategy - api key - Your api key is not valid'),
    { kind: 'unauthorized' },
  ],
  [
    'guard',
    403,
    envelope('ForbiddenException', 'PermissionsGuard - no authentication provided'),
    { kind: 'unauthorized' },
  ],
  ['blocked attendee, raw', 403, { statusCode: 403, message: 'Forbidden' }, refused('forbidden')],
  ['uncaught', 500, { statusCode: 500, message: 'Internal server error' }, { kind: 'unavailable', effect: 'answered' }],
  ['HTML 502', 502, undefined, { kind: 'unavailable', effect: 'possible' }],
];

function refused(reason: Extract<TargetFault, { kind: 'refused' }>['reason']): TargetFault {
  return { kind: 'refused', reason };
}

describe('what an answer of Cal.com means', () => {
  test.each(cases)('%s', (_name, status, body, fault) => {
    expect(faultFromAnswer({ status, headers: new Headers(), body }).fault).toEqual(fault);
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'x-ratelimit-reset-default': '12' }, 12_000],
    [{ 'x-ratelimit-reset-booking-writes': '12' }, 12_000],
    [{}, 60_000],
    [{ 'retry-after': '86400' }, 900_000],
    [{ 'retry-after': '1e300' }, 900_000],
    // An instant that has passed says nothing; one far ahead is held to the longest wait.
    [{ 'retry-after': '1700000000' }, 60_000],
    [{ 'x-ratelimit-reset-default': '9999999999' }, 900_000],
    [{ 'retry-after': '9999999999999' }, 900_000],
  ])('a 429 with %j pauses for %d ms', (headers, retryAfterMs) => {
    const fault = faultFromAnswer({ status: 429, headers: new Headers(headers), body: undefined });
    expect(fault.fault).toEqual({ kind: 'throttled', retryAfterMs });
  });

  test('a 429 may tell the date on which to go on', () => {
    const wait = (ms: number): TargetFault => {
      const headers = new Headers({ 'retry-after': new Date(Date.now() + ms).toUTCString() });
      return faultFromAnswer({ status: 429, headers, body: undefined }).fault;
    };
    const soon = wait(20_000) as Extract<TargetFault, { kind: 'throttled' }>;
    expect(Math.abs(soon.retryAfterMs - 20_000)).toBeLessThan(1500);
    // A date that has passed says nothing; one far ahead is held to the longest wait.
    expect(wait(-60_000)).toEqual({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(wait(86_400_000)).toEqual({ kind: 'throttled', retryAfterMs: 900_000 });
  });

  test('a wait told as the instant of the reset, in seconds or milliseconds, lasts until then', () => {
    const now = 1_800_000_000_500;
    expect(waitIn('1800000030', now)).toBe(29_500);
    expect(waitIn('1800000030000', now)).toBe(29_500);
    expect(waitIn('1800000000', now)).toBeUndefined();
  });

  test('words for the owner hold no address of a customer', () => {
    const error = faultFromAnswer({
      status: 400,
      headers: new Headers(),
      body: envelope('BadRequestException', 'attendee leo@example.com is wrong'),
    });
    expect(error.words).not.toContain('leo@example.com');
  });
});

describe('what a thrown fault means', () => {
  test('a refused connection was never sent', () => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
    expect(faultFromThrown(error).fault).toEqual({ kind: 'unavailable', effect: 'none' });
  });
  test('an open breaker was never sent', () => {
    const error = new DomainError('unavailable', 'BREAKER_OPEN', 'open');
    expect(faultFromThrown(error).fault).toEqual({ kind: 'unavailable', effect: 'none' });
  });
  test.each(['ECONNRESET', 'UND_ERR_SOCKET'])('%s may have taken effect', (code) => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
    expect(faultFromThrown(error).fault).toEqual({ kind: 'unavailable', effect: 'possible' });
  });
  test('a timeout may have taken effect', () => {
    expect(faultFromThrown(new DomainError('timeout', 'UPSTREAM_TIMEOUT', 't')).fault).toEqual({
      kind: 'unavailable',
      effect: 'possible',
    });
  });
});
