import { ATTENDEE, MONDAY, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';

const TEN = '2026-11-03T09:00:00.000Z'; // Tuesday, 10:00 in Luxembourg
const ELEVEN = '2026-11-03T10:00:00.000Z';
const NOT_AVAILABLE = 'User either already has booking at this time or is not available';

let bed: TestBed;
beforeEach(async () => {
  bed = await openTestBed();
});
afterEach(() => bed.stop());

async function makeEventType(more: Record<string, unknown>): Promise<number> {
  const body = { lengthInMinutes: 30, title: 'Special', slug: 'special', minimumBookingNotice: 0, ...more };
  const answer = await bed.call('POST /v2/event-types', { body });
  expect(answer.status).toBe(201);
  return answer.body.data.id as number;
}

async function tryToBook(start: string, more: Record<string, unknown> = {}): Promise<[number, string]> {
  const answer = await bed.call('POST /v2/bookings', {
    body: { start, eventTypeId: 9001, attendee: ATTENDEE, ...more },
  });
  return [answer.status, (answer.body.error?.message ?? answer.body.message ?? answer.body.data?.status) as string];
}

describe('create', () => {
  test('an accepted booking has a 22-character base-58 uid, the next id and its metadata', async () => {
    const booking = await bed.book(TEN, { metadata: { daybookId: 'bk_1' } });
    expect(booking).toMatchObject({
      id: 55012,
      status: 'accepted',
      start: TEN,
      duration: 30,
      metadata: { daybookId: 'bk_1' },
    });
    expect(booking.uid).toMatch(/^[1-9A-HJ-NP-Za-km-z]{22}$/);
    expect((await bed.book(ELEVEN)).id).toBe(55013);
  });

  test('the same seed gives the same uids, another seed others', async () => {
    const [again, other] = [await openTestBed({ seed: 1 }), await openTestBed({ seed: 2 })];
    const uids = [(await bed.book(TEN)).uid, (await again.book(TEN)).uid, (await other.book(TEN)).uid];
    expect(uids[0]).toBe(uids[1]);
    expect(uids[2]).not.toBe(uids[0]);
    await Promise.all([again.stop(), other.stop()]);
  });

  test('text without an offset is read as UTC, text with one is converted', async () => {
    expect((await bed.book('2026-11-03T09:00:00')).start).toBe(TEN);
    expect((await bed.book('2026-11-03T11:00:00+01:00')).start).toBe(ELEVEN);
  });

  test('a taken time, a time outside the hours and one that sticks out are not available', async () => {
    await bed.book(TEN);
    expect(await tryToBook(TEN)).toEqual([400, NOT_AVAILABLE]);
    expect(await tryToBook('2026-11-03T09:29:00Z')).toEqual([400, NOT_AVAILABLE]);
    expect(await tryToBook('2026-11-03T15:45:00Z')).toEqual([400, NOT_AVAILABLE]);
    expect(await tryToBook('2026-11-07T10:00:00Z')).toEqual([400, NOT_AVAILABLE]);
    expect((await tryToBook('2026-11-03T09:30:00Z'))[0]).toBe(201);
    expect((await tryToBook('2026-11-03T15:30:00Z'))[0]).toBe(201);
  });

  test('the past, the notice and the window have their own texts', async () => {
    expect(await tryToBook('2026-11-01T10:00:00Z')).toEqual([400, 'Attempting to book a meeting in the past.']);
    expect((await tryToBook('2026-11-02T08:30:00Z'))[1]).toMatch(
      /^The event type can't be booked at the "start" time provided/,
    );
    const eventTypeId = await makeEventType({ bookingWindow: { type: 'calendarDays', value: 7, rolling: true } });
    expect((await tryToBook('2026-11-09T10:00:00Z', { eventTypeId }))[0]).toBe(201);
    expect((await tryToBook('2026-11-10T10:00:00Z', { eventTypeId }))[1]).toMatch(/^The event type can't be booked/);
  });

  test('unknown event types and users are 404', async () => {
    expect(await tryToBook(TEN, { eventTypeId: 1 })).toEqual([404, 'Event type with id 1 not found.']);
    const bySlug = { eventTypeId: undefined, eventTypeSlug: 'consultation' };
    expect(await tryToBook(TEN, { ...bySlug, username: 'nobody' })).toEqual([
      404,
      'User with username nobody not found',
    ]);
    expect((await tryToBook(TEN, { ...bySlug, username: 'daybook-sandbox' }))[0]).toBe(201);
  });

  test('a length must be offered by the event type', async () => {
    expect((await tryToBook(TEN, { lengthInMinutes: 30 }))[0]).toBe(400);
    const eventTypeId = await makeEventType({ lengthInMinutesOptions: [30, 45] });
    expect((await tryToBook(TEN, { eventTypeId, lengthInMinutes: 60 }))[0]).toBe(400);
    expect((await bed.book(TEN, { eventTypeId, lengthInMinutes: 45 })).end).toBe('2026-11-03T09:45:00.000Z');
  });

  test('a location must be configured; an address is taken from the event type', async () => {
    const eventTypeId = await makeEventType({
      locations: [{ type: 'address', address: 'Main street 1', public: true }],
    });
    expect((await tryToBook(TEN, { eventTypeId, location: { type: 'attendeePhone', phone: '+35226123456' } }))[0]).toBe(
      400,
    );
    expect((await bed.book(TEN, { eventTypeId, location: { type: 'address' } })).location).toBe('Main street 1');
  });

  test('a required custom field must be answered', async () => {
    const eventTypeId = await makeEventType({
      bookingFields: [{ type: 'text', slug: 'room', label: 'Room', required: true }],
    });
    expect((await tryToBook(TEN, { eventTypeId }))[1]).toMatch(/^Missing required booking field response: room /);
    expect((await tryToBook(TEN, { eventTypeId, bookingFieldsResponses: { room: '4' } }))[0]).toBe(201);
  });

  test('buffers of neighbours add up', async () => {
    const eventTypeId = await makeEventType({ beforeEventBuffer: 10, afterEventBuffer: 5 });
    await bed.book(TEN, { eventTypeId });
    expect((await tryToBook('2026-11-03T09:40:00Z', { eventTypeId }))[0]).toBe(400);
    expect((await tryToBook('2026-11-03T09:34:00Z'))[0]).toBe(400);
    expect((await tryToBook('2026-11-03T09:45:00Z', { eventTypeId }))[0]).toBe(201);
  });

  test('a waiting booking does not block others, and a repeat answers the first', async () => {
    const eventTypeId = await makeEventType({
      confirmationPolicy: { type: 'always', blockUnconfirmedBookingsInBooker: false },
    });
    const first = await bed.book(TEN, { eventTypeId });
    const repeat = await bed.book(TEN, { eventTypeId });
    expect([first.status, repeat.uid]).toEqual(['pending', first.uid]);
    expect((await tryToBook(TEN))[0]).toBe(201);
    const confirmed = await bed.call(`POST /v2/bookings/${first.uid}/confirm`);
    expect([confirmed.status, confirmed.body.error.code]).toEqual([400, 'TRPCError']);
  });

  test('a limit per day is kept', async () => {
    const eventTypeId = await makeEventType({ bookingLimitsCount: { day: 1 } });
    await bed.book(TEN, { eventTypeId });
    expect((await tryToBook(ELEVEN, { eventTypeId }))[0]).toBe(400);
    expect((await tryToBook('2026-11-04T10:00:00Z', { eventTypeId }))[0]).toBe(201);
  });

  test.each([
    [{ foo: 1 }, 'foo property is wrong,property foo should not exist '],
    [{ start: 'soon' }, 'start property is wrong,start must be a valid ISO 8601 date string '],
    [{ allowConflicts: true }, 'allowConflicts property is wrong,property allowConflicts should not exist '],
    [
      { attendee: { ...ATTENDEE, timeZone: 'Mars/Base', nick: 'L' } },
      'attendee property is wrong, nick property is wrong,property nick should not exist , timeZone property is wrong,timeZone must be a valid IANA time-zone ',
    ],
    [
      { attendee: { name: 'L', timeZone: 'UTC' } },
      'attendee property is wrong,either email or phoneNumber must be given ',
    ],
  ])('the strict body refuses %j in words', async (more, words) => {
    expect(await tryToBook(TEN, more)).toEqual([400, words]);
    expect(bed.sandbox.state.bookings).toHaveLength(0);
  });

  test('metadata is bounded', async () => {
    expect((await tryToBook(TEN, { metadata: { a: 'x'.repeat(501) } }))[0]).toBe(400);
    expect(
      (await tryToBook(TEN, { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 1])) }))[0],
    ).toBe(400);
    expect((await tryToBook(TEN, { metadata: { a: 'x'.repeat(500), b: true, c: 2 } }))[0]).toBe(201);
  });
});

describe('host overrides on the hosted profile', () => {
  test('conflicts pass the availability check but an equal start and end meets the unique key', async () => {
    await bed.admin('POST /settings', { profile: 'hosted' });
    const version = '2026-02-25';
    const body = { eventTypeId: 9001, attendee: ATTENDEE, allowConflicts: true };
    await bed.book(TEN);
    const same = await bed.call('POST /v2/bookings', { version, body: { ...body, start: TEN } });
    expect([same.status, same.body]).toEqual([409, { statusCode: 409, message: 'booking_conflict_error' }]);
    const night = await bed.call('POST /v2/bookings', { version, body: { ...body, start: '2026-11-03T22:00:00Z' } });
    expect(night.status).toBe(201);
    const old = await bed.call('POST /v2/bookings', { body: { ...body, start: '2026-11-04T22:00:00Z' } });
    expect(old.status).toBe(400);
    const anonymous = await bed.call('POST /v2/bookings', {
      version,
      key: null,
      body: { ...body, start: '2026-11-04T22:00:00Z' },
    });
    expect(anonymous.status).toBe(400);
  });
});

describe('reschedule', () => {
  test('makes a new booking, links both ways and keeps what belongs to the visit', async () => {
    const eventTypeId = await makeEventType({ lengthInMinutesOptions: [30, 45] });
    const first = await bed.book(TEN, { eventTypeId, lengthInMinutes: 45, metadata: { daybookId: 'bk_1' } });
    const second = (await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: ELEVEN } })).body.data;
    const third = (
      await bed.call(`POST /v2/bookings/${second.uid}/reschedule`, { body: { start: '2026-11-03T10:15:00Z' } })
    ).body.data;
    expect(third).toMatchObject({
      status: 'accepted',
      rescheduledFromUid: second.uid,
      icsUid: first.icsUid,
      duration: 45,
      metadata: { daybookId: 'bk_1' },
    });
    const chain = [first.uid, second.uid].map((uid: string) => bed.call(`GET /v2/bookings/${uid}`, { key: null }));
    expect(
      (await Promise.all(chain)).map(({ body }): unknown[] => [body.data.status, body.data.rescheduledToUid]),
    ).toEqual([
      ['cancelled', second.uid],
      ['cancelled', third.uid],
    ]);
    expect((await tryToBook(TEN))[0]).toBe(201);
  });

  test('an old uid is refused and the newer one named', async () => {
    const first = await bed.book(TEN);
    const second = (await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: ELEVEN } })).body.data;
    const again = await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: ELEVEN } });
    expect(again.status).toBe(400);
    expect(again.body.error.message).toMatch(/^Can't reschedule booking with uid=\w+ because it has been cancelled/);
    expect(again.body.error.message).toContain(second.uid);
    const cancel = await bed.call(`POST /v2/bookings/${first.uid}/cancel`, { body: { cancellationReason: 'x' } });
    expect(cancel.body.error.message).toContain('because it has been cancelled already');
  });

  test('may overlap itself, may not overlap others', async () => {
    const first = await bed.book(TEN);
    await bed.book('2026-11-03T09:45:00Z');
    expect(
      (await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: '2026-11-03T09:20:00Z' } })).status,
    ).toBe(400);
    expect(
      (await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: '2026-11-03T09:10:00Z' } })).status,
    ).toBe(201);
  });

  test('under a confirmation policy only the owner moves without asking again', async () => {
    const eventTypeId = await makeEventType({ confirmationPolicy: { type: 'always' } });
    const asked = await bed.book(TEN, { eventTypeId });
    await bed.call(`POST /v2/bookings/${asked.uid}/confirm`);
    const byOwner = { start: ELEVEN, rescheduledBy: 'sandbox@daybook.example' };
    const moved = (await bed.call(`POST /v2/bookings/${asked.uid}/reschedule`, { body: byOwner })).body.data;
    const again = (await bed.call(`POST /v2/bookings/${moved.uid}/reschedule`, { body: { start: TEN } })).body.data;
    expect([moved.status, again.status]).toEqual(['accepted', 'pending']);
  });

  test('an unknown uid is 404 and disabled rescheduling is a raw 400', async () => {
    const missing = await bed.call('POST /v2/bookings/none/reschedule', { body: { start: TEN } });
    expect([missing.status, missing.body.error.message]).toEqual([
      404,
      'Booking with uid=none was not found in the database',
    ]);
    const eventTypeId = await makeEventType({ disableRescheduling: { disabled: true } });
    const booking = await bed.book(TEN, { eventTypeId });
    const refused = await bed.call(`POST /v2/bookings/${booking.uid}/reschedule`, { body: { start: ELEVEN } });
    expect([refused.status, refused.body.statusCode]).toEqual([400, 400]);
  });
});

describe('cancel', () => {
  test('the host must give a reason, others need none', async () => {
    const [one, two] = [await bed.book(TEN), await bed.book(ELEVEN)];
    const refused = await bed.call(`POST /v2/bookings/${one.uid}/cancel`, { body: {} });
    expect([refused.status, refused.body]).toEqual([
      400,
      { statusCode: 400, message: 'Cancellation reason is required' },
    ]);
    const done = await bed.call(`POST /v2/bookings/${one.uid}/cancel`, { body: { cancellationReason: 'ill' } });
    expect(done.body.data).toMatchObject({ uid: one.uid, status: 'cancelled', cancellationReason: 'ill' });
    expect((await bed.call(`POST /v2/bookings/${two.uid}/cancel`, { key: null, body: {} })).status).toBe(200);
    expect((await tryToBook(TEN))[0]).toBe(201);
  });

  test('guards: already cancelled, ended, forbidden, unknown', async () => {
    const booking = await bed.book(TEN);
    const reason = { body: { cancellationReason: 'x' } };
    await bed.call(`POST /v2/bookings/${booking.uid}/cancel`, reason);
    const again = await bed.call(`POST /v2/bookings/${booking.uid}/cancel`, reason);
    expect(again.body.error.message).toMatch(
      /^Can't cancel booking with uid=\w+ because it has been cancelled already/,
    );
    const missing = await bed.call('POST /v2/bookings/none/cancel', reason);
    expect([missing.status, missing.body.error.message]).toEqual([404, 'Booking with uid=none not found']);
    const eventTypeId = await makeEventType({ disableCancelling: { disabled: true } });
    const fixed = await bed.book(ELEVEN, { eventTypeId });
    expect((await bed.call(`POST /v2/bookings/${fixed.uid}/cancel`, reason)).body.statusCode).toBe(400);
    const ended = await bed.book('2026-11-03T12:00:00Z');
    bed.setNow('2026-11-03T12:30:00.000Z');
    expect((await bed.call(`POST /v2/bookings/${ended.uid}/cancel`, reason)).body).toEqual({
      statusCode: 400,
      message: 'Cannot cancel a booking that has already ended',
    });
  });
});

describe('decisions', () => {
  test('confirm once, decline only what waits, mark absent only after the start', async () => {
    const eventTypeId = await makeEventType({ confirmationPolicy: { type: 'always' } });
    const asked = await bed.book(TEN, { eventTypeId });
    expect((await bed.call(`POST /v2/bookings/${asked.uid}/confirm`)).body.data.status).toBe('accepted');
    const again = await bed.call(`POST /v2/bookings/${asked.uid}/confirm`);
    expect(again.body.error).toEqual({ code: 'TRPCError', message: 'Booking already confirmed' });
    const other = await bed.book(ELEVEN, { eventTypeId });
    const declined = await bed.call(`POST /v2/bookings/${other.uid}/decline`, { body: { reason: 'full' } });
    expect(declined.body.data.status).toBe('rejected');
    const mark = { body: { host: true, attendees: [{ email: ATTENDEE.email, absent: true }] } };
    expect((await bed.call(`POST /v2/bookings/${asked.uid}/mark-absent`, mark)).status).toBe(400);
    bed.setNow('2026-11-03T09:05:00.000Z');
    const marked = (await bed.call(`POST /v2/bookings/${asked.uid}/mark-absent`, mark)).body.data;
    expect([marked.absentHost, marked.attendees[0].absent]).toEqual([true, true]);
    expect((await bed.call(`POST /v2/bookings/${asked.uid}/confirm`, { key: null })).status).toBe(401);
    bed.setNow(MONDAY);
  });
});
