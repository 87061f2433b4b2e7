import { ATTENDEE, openTestBed } from '../testing/client.ts';
import type { Answer, TestBed } from '../testing/client.ts';

const TEN = '2026-11-03T09:00:00.000Z'; // Tuesday, 10:00 in Luxembourg

let bed: TestBed;
let group: number;
beforeEach(async () => {
  bed = await openTestBed();
  const seats = { seatsPerTimeSlot: 2, showAttendeeInfo: true, showAvailabilityCount: true };
  const body = { lengthInMinutes: 30, title: 'Group', slug: 'group', seats };
  group = (await bed.call('POST /v2/event-types', { body })).body.data.id as number;
});
afterEach(() => bed.stop());

function take(name: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const attendee = { name, email: `${name.toLowerCase()}@example.com`, timeZone: 'Europe/Lisbon' };
  return bed.call('POST /v2/bookings', { body: { start: TEN, eventTypeId: group, attendee, ...more } });
}

describe('seats', () => {
  test('two people share one booking, each with a seat, metadata and answers of their own; a third is refused raw', async () => {
    const first = (await take('Ann', { metadata: { a: '1' } })).body.data;
    const second = (await take('Ben', { metadata: { b: '2' } })).body.data;
    expect(second.uid).toBe(first.uid);
    expect(second.seatUid).not.toBe(first.seatUid);
    expect(second.attendees).toMatchObject([
      {
        name: 'Ann',
        seatUid: first.seatUid,
        metadata: { a: '1' },
        bookingFieldsResponses: { email: 'ann@example.com' },
      },
      { name: 'Ben', seatUid: second.seatUid, metadata: { b: '2' } },
    ]);
    expect(second.metadata).toEqual({});
    const third = await take('Cid');
    expect([third.status, third.body]).toEqual([409, { statusCode: 409, message: 'booking_seats_full_error' }]);
  });

  test('the same person twice is refused', async () => {
    await take('Ann');
    expect((await take('Ann')).body.message).toBe('already_signed_up_for_this_booking_error');
  });

  test('slots count seats; a full time is gone', async () => {
    const at = async (): Promise<unknown> => {
      const range = 'start=2026-11-03&end=2026-11-03';
      const { data } = (await bed.call(`GET /v2/slots?eventTypeId=${group}&${range}`)).body;
      return (data['2026-11-03'] as { start: string }[]).find((slot) => slot.start === TEN);
    };
    expect(await at()).toEqual({ start: TEN, seatsBooked: 0, seatsRemaining: 2, seatsTotal: 2 });
    const { uid } = (await take('Ann')).body.data;
    expect(await at()).toEqual({ start: TEN, seatsBooked: 1, seatsRemaining: 1, seatsTotal: 2, bookingUid: uid });
    await take('Ben');
    expect(await at()).toBeUndefined();
  });

  test('a move must say whose seat', async () => {
    const { uid } = (await take('Ann')).body.data;
    const body = { start: '2026-11-03T14:00:00.000Z' };
    const moved = await bed.call(`POST /v2/bookings/${uid}/reschedule`, { body });
    expect([moved.status, /seatUid/.test(JSON.stringify(moved.body))]).toEqual([400, true]);
  });

  const LATER = '2026-11-03T14:00:00.000Z';
  const moveSeat = (uid: string, seatUid: string, start = LATER): Promise<Answer> =>
    bed.call(`POST /v2/bookings/${uid}/reschedule`, { key: null, body: { start, seatUid } });
  const read = async (uid: string): Promise<{ status: string; attendees: unknown[]; rescheduledToUid?: string }> =>
    (await bed.call(`GET /v2/bookings/${uid}`)).body.data as Awaited<ReturnType<typeof read>>;

  test('a seat moves alone into a booking of its own, keeps its uid, and leaves the others where they are', async () => {
    const ann = (await take('Ann')).body.data;
    const ben = (await take('Ben')).body.data;
    const moved = await moveSeat(ann.uid, ben.seatUid);
    expect(moved.status).toBe(201);
    expect(moved.body.data).toMatchObject({
      start: LATER,
      status: 'accepted',
      seatUid: ben.seatUid,
      rescheduledFromUid: ann.uid,
      icsUid: ann.icsUid,
      attendees: [{ name: 'Ben', seatUid: ben.seatUid }],
    });
    expect(moved.body.data.uid).not.toBe(ann.uid);
    const left = await read(ann.uid);
    expect(left).toMatchObject({ status: 'accepted', attendees: [{ name: 'Ann' }] });
    expect(left.rescheduledToUid).toBeUndefined();
    expect((await moveSeat(ann.uid, ben.seatUid)).status).toBe(404);
  });

  test('a seat joins those who share the time it moves to, unless that is full', async () => {
    const ann = (await take('Ann')).body.data;
    const cid = (await take('Cid', { start: LATER })).body.data;
    const joined = await moveSeat(ann.uid, ann.seatUid);
    expect(joined.body.data).toMatchObject({ uid: cid.uid, attendees: [{ name: 'Cid' }, { name: 'Ann' }] });
    // Nobody is left, and no booking took its place.
    expect(await read(ann.uid)).toMatchObject({ status: 'cancelled' });
    expect((await read(ann.uid)).rescheduledToUid).toBeUndefined();
    const dan = (await take('Dan')).body.data;
    expect((await moveSeat(dan.uid, dan.seatUid)).body).toEqual({
      statusCode: 409,
      message: 'booking_seats_full_error',
    });
    expect((await read(dan.uid)).status).toBe('accepted');
  });

  test('with its last seat a booking moves; the old one is cancelled and names the new one', async () => {
    const ann = (await take('Ann')).body.data;
    const { uid } = (await moveSeat(ann.uid, ann.seatUid)).body.data;
    expect(await read(ann.uid)).toMatchObject({ status: 'cancelled', rescheduledToUid: uid });
    const taken = await moveSeat(uid, ann.seatUid, '2026-11-03T03:00:00.000Z');
    expect(taken.status).toBe(400);
    expect((await read(uid)).attendees).toHaveLength(1);
  });

  test('the webhook of a moved seat tells of that seat alone', async () => {
    const ann = (await take('Ann')).body.data;
    const ben = (await take('Ben')).body.data;
    const triggers = ['BOOKING_RESCHEDULED'];
    await bed.call('POST /v2/webhooks', {
      body: { active: true, subscriberUrl: 'http://127.0.0.1:9/nobody', triggers },
    });
    await moveSeat(ann.uid, ben.seatUid);
    const { deliveries } = (await bed.admin('GET /state')).body as {
      deliveries: { trigger: string }[];
    };
    expect(deliveries.map(({ trigger }) => trigger)).toEqual(triggers);
  });

  test('a seat is given up by its uid, the booking goes with the last; the host cancels all with a reason', async () => {
    const ann = (await take('Ann')).body.data;
    const ben = (await take('Ben')).body.data;
    const path = `POST /v2/bookings/${ann.uid}/cancel`;
    expect((await bed.call(path, { key: null, body: {} })).status).toBe(400);
    const left = await bed.call(path, { key: null, body: { seatUid: ann.seatUid } });
    expect(left.body.data).toMatchObject({ status: 'accepted', attendees: [{ name: 'Ben' }] });
    expect((await bed.call(path, { key: null, body: { seatUid: ann.seatUid } })).status).toBe(404);
    expect((await bed.call(path, { body: { cancellationReason: 'closed' } })).body.data.status).toBe('cancelled');
    expect((await bed.call(path, { key: null, body: { seatUid: ben.seatUid } })).status).toBe(400);
  });
});

describe('payment', () => {
  beforeEach(async () => {
    expect((await bed.admin('POST /settings', { prices: { consultation: 5000 } })).status).toBe(200);
  });

  test('a booking that costs something waits for its money, takes no time meanwhile, and is accepted once paid', async () => {
    expect((await bed.call('GET /v2/event-types/9001')).body.data.price).toBe(5000);
    const booking = await bed.book(TEN);
    expect(booking.status).toBe('pending');
    const range = 'start=2026-11-03&end=2026-11-03';
    const slots = async (): Promise<number> =>
      ((await bed.call(`GET /v2/slots?eventTypeId=9001&${range}`)).body.data['2026-11-03'] as unknown[]).length;
    const before = await slots();
    const paid = await bed.admin(`POST /bookings/${booking.uid}/pay`);
    expect(paid.body.data.status).toBe('accepted');
    expect(await slots()).toBe(before - 1);
    expect((await bed.admin(`POST /bookings/${booking.uid}/pay`)).status).toBe(400);
  });

  test('the webhooks: payment asked for, then paid, then created without our metadata', async () => {
    const triggers = ['BOOKING_PAYMENT_INITIATED', 'BOOKING_PAID', 'BOOKING_CREATED'];
    await bed.call('POST /v2/webhooks', {
      body: { active: true, subscriberUrl: 'http://127.0.0.1:9/nobody', triggers },
    });
    const booking = await bed.book(TEN, { metadata: { daybookId: 'x' } });
    await bed.admin(`POST /bookings/${booking.uid}/pay`);
    const { deliveries } = (await bed.admin('GET /state')).body as { deliveries: { trigger: string }[] };
    expect(deliveries.map(({ trigger }) => trigger)).toEqual(triggers);
  });
});

describe('other behaviours set by knobs', () => {
  test('older servers give a moved booking the default length', async () => {
    await bed.call('PATCH /v2/event-types/9001', { body: { lengthInMinutesOptions: [30, 60] } });
    const booking = await bed.book(TEN, { lengthInMinutes: 60 });
    await bed.admin('POST /settings', { movesKeepLength: false });
    const moved = await bed.call(`POST /v2/bookings/${booking.uid}/reschedule`, {
      body: { start: '2026-11-04T09:00:00Z' },
    });
    expect(moved.body.data.duration).toBe(30);
  });

  test('a blocked person is refused raw', async () => {
    await bed.admin('POST /settings', { blockedAttendees: [ATTENDEE.email] });
    const answer = await bed.call('POST /v2/bookings', { body: { start: TEN, eventTypeId: 9001, attendee: ATTENDEE } });
    expect([answer.status, answer.body.statusCode, answer.body.error]).toEqual([403, 403, undefined]);
  });

  test('the rate limit goes by the name it is given', async () => {
    await bed.admin('POST /settings', { rateLimitName: 'Short' });
    const { headers } = await bed.call('GET /v2/me');
    expect(headers.get('x-ratelimit-limit-short')).toBe('100000');
    expect(headers.get('x-ratelimit-limit-default')).toBeNull();
  });
});

test('ten thousand bookings do not make the next one slow', async () => {
  const every = { days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] };
  const hours = { availability: [{ ...every, startTime: '00:00', endTime: '23:59' }] };
  await bed.call('PATCH /v2/schedules/771', { body: hours });
  const [model] = [await bed.book(TEN)];
  const stored = bed.sandbox.state.bookings.find((booking) => booking.uid === model.uid);
  for (let i = 0; i < 10_000; i += 1) {
    const start = new Date(Date.parse('2027-01-01T00:00:00Z') + i * 1_800_000);
    const end = new Date(start.getTime() + 1_800_000).toISOString();
    const copy = { uid: `copy-${i}`, uniqueKey: null, start: start.toISOString(), end };
    if (stored !== undefined) bed.sandbox.state.bookings.push({ ...structuredClone(stored), ...copy });
  }
  const took: number[] = [];
  for (let i = 1; i <= 10; i += 1) {
    const begun = performance.now();
    await bed.book(new Date(Date.parse(TEN) + i * 86_400_000).toISOString());
    took.push(performance.now() - begun);
  }
  // The quickest, because a busy machine slows some; it takes a few milliseconds when bookings far away are left out.
  expect(Math.min(...took)).toBeLessThan(100);
}, 60_000);
