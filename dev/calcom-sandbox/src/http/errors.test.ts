import { ATTENDEE, MONDAY, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';
import { ApiFailure, databaseFailure, renderFailure, zodFailure } from './errors.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.stop());

test('a framework refusal has the envelope with class name, path and time', async () => {
  const answer = await bed.call('GET /v2/schedules/5');
  const message = 'Schedule with ID=5 does not exist.';
  expect([answer.status, answer.body]).toEqual([
    404,
    {
      status: 'error',
      timestamp: MONDAY,
      path: '/v2/schedules/5',
      error: { code: 'NotFoundException', message, details: { message, error: 'Not Found', statusCode: 404 } },
    },
  ]);
  expect((await bed.call('DELETE /v2/schedules/5')).status).toBe(400);
});

test('global validation lists the properties; unknown keys are dropped in silence', async () => {
  const answer = await bed.call('POST /v2/schedules', { body: { name: 1, timeZone: 'Nowhere', isDefault: 'yes' } });
  expect([answer.status, answer.body.error.message]).toEqual([400, 'Bad Request Exception']);
  expect((answer.body.error.details.errors as { property: string }[]).map((e) => e.property)).toEqual([
    'name',
    'timeZone',
    'isDefault',
  ]);
  const night = { days: ['Monday'], startTime: '09:00', endTime: '24:00' };
  const body = { name: 'A', timeZone: 'UTC', isDefault: false };
  expect((await bed.call('POST /v2/schedules', { body: { ...body, availability: [night] } })).status).toBe(400);
  expect((await bed.call('POST /v2/schedules', { body: { ...body, nonsense: 1 } })).status).toBe(201);
});

test('raw, procedure and database refusals have their own forms', async () => {
  const booking = await bed.book('2026-11-03T09:00:00Z');
  const raw = await bed.call(`POST /v2/bookings/${booking.uid}/cancel`, { body: {} });
  expect(Object.keys(raw.body)).toEqual(['statusCode', 'message']);
  const procedure = await bed.call(`POST /v2/bookings/${booking.uid}/confirm`);
  expect(procedure.body.error).toEqual({ code: 'TRPCError', message: 'Booking already confirmed' });
  await bed.admin('POST /settings', { apiKeys: [{ key: 'cal_sandbox' }, { key: 'cal_two', username: 'two' }] });
  const taken = await bed.call('PATCH /v2/me', { body: { email: 'two@sandbox.example' } });
  expect([taken.status, Object.keys(taken.body.error), taken.body.error.code]).toEqual([
    409,
    ['code', 'message'],
    'CONFLICT',
  ]);
});

test('schema refusals list path and text', () => {
  const body = renderFailure(zodFailure([{ path: 'a', text: 'bad' }]), '/v2/x', new Date(MONDAY));
  expect(body).toMatchObject({ error: { code: 'BAD_REQUEST', message: 'a - bad,' } });
  const codes = ([400, 404, 409, 500] as const).map((status) => databaseFailure(status, 'x').failure);
  expect(codes.map((failure) => (failure.enveloped ? failure.error['code'] : ''))).toEqual([
    'BAD_REQUEST',
    'NOT_FOUND',
    'CONFLICT',
    'INTERNAL_SERVER_ERROR',
  ]);
  expect(new ApiFailure(400, 'x', { enveloped: false, body: {} }).status).toBe(400);
});

test('an unreadable body and an unknown path', async () => {
  const unreadable = await fetch(`${bed.sandbox.apiUrl}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cal-api-version': '2024-08-13' },
    body: '{"start":',
  });
  expect(unreadable.status).toBe(400);
  expect(((await unreadable.json()) as { error: { code: string } }).error.code).toBe('BadRequestException');
  const unknown = await bed.call('GET /v2/teams?x=1');
  expect([unknown.status, unknown.body.error.message]).toEqual([404, 'Cannot GET /v2/teams?x=1']);
});

describe('credentials', () => {
  test('none: 401 where needed, 403 on the booking list, nothing on public operations', async () => {
    const me = await bed.call('GET /v2/me', { key: null });
    expect([me.status, me.body.error.code]).toEqual([401, 'UnauthorizedException']);
    expect(me.body.error.message).toMatch(/^ApiAuthStrategy - No authentication method provided/);
    const list = await bed.call('GET /v2/bookings', { key: null });
    expect([list.status, list.body.error.code]).toEqual([403, 'ForbiddenException']);
    expect(list.body.error.message).toMatch(/^PermissionsGuard - no authentication provided/);
    const body = { start: '2026-11-04T09:00:00Z', eventTypeId: 9001, attendee: ATTENDEE };
    expect((await bed.call('POST /v2/bookings', { key: null, body })).status).toBe(201);
  });

  test('an invalid one is 401 everywhere; an expired one says so', async () => {
    for (const line of ['GET /v2/me', 'GET /v2/bookings/none', 'GET /v2/event-types']) {
      const answer = await bed.call(line, { key: 'cal_wrong' });
      expect([answer.status, answer.body.error.message]).toEqual([
        401,
        'ApiAuthStrategy - api key - Your api key is not valid',
      ]);
    }
    await bed.admin('POST /settings', {
      apiKeys: [
        { key: 'cal_sandbox' },
        { key: 'cal_old', expiresAt: '2026-11-02T06:59:59Z' },
        { key: 'cal_new', expiresAt: '2026-11-02T07:00:01Z' },
      ],
    });
    expect((await bed.call('GET /v2/me', { key: 'cal_old' })).body.error.message).toContain('expired');
    expect((await bed.call('GET /v2/me', { key: 'cal_new' })).status).toBe(200);
  });

  test('what belongs to somebody else is 403', async () => {
    await bed.admin('POST /settings', { apiKeys: [{ key: 'cal_sandbox' }, { key: 'cal_three', username: 'three' }] });
    const schedule = await bed.call('GET /v2/schedules/771', { key: 'cal_three' });
    expect([schedule.status, schedule.body.error.message]).toEqual([
      403,
      expect.stringMatching(/^User with ID=\d+ does not own schedule with ID=771$/),
    ]);
    expect((await bed.call('GET /v2/event-types/9001', { key: 'cal_three' })).status).toBe(403);
  });
});

describe('event types', () => {
  test('slugs are unique and slugified, foreign schedules are 404', async () => {
    const body = { lengthInMinutes: 30, title: 'Été', slug: 'Un Été' };
    const made = await bed.call('POST /v2/event-types', { body });
    expect(made.body.data.slug).toBe('un-ete');
    const again = await bed.call('POST /v2/event-types', { body });
    expect([again.status, again.body.error.message]).toEqual([400, 'User already has an event type with this slug.']);
    expect((await bed.call('POST /v2/event-types', { body: { ...body, slug: 'x', scheduleId: 9 } })).status).toBe(404);
    expect(
      (await bed.call('POST /v2/event-types', { body: { ...body, slug: 'y', lengthInMinutesOptions: [15] } })).status,
    ).toBe(400);
    expect((await bed.call('GET /v2/event-types/1')).status).toBe(404);
  });
});
