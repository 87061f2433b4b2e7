import { MONDAY, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await openTestBed();
});
afterEach(() => bed.stop());

type Seen = { status: number; html: string; to: string | null };

async function open(path: string): Promise<Seen> {
  const answer = await fetch(bed.sandbox.url + path, { redirect: 'manual' });
  return { status: answer.status, html: await answer.text(), to: answer.headers.get('location') };
}

async function submit(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Seen> {
  const body = new URLSearchParams(fields);
  const answer = await fetch(bed.sandbox.url + path, { method: 'POST', body, headers, redirect: 'manual' });
  return { status: answer.status, html: await answer.text(), to: answer.headers.get('location') };
}

const PAGE = '/daybook-sandbox/consultation';
const LEO = { name: 'Leo <Park>', email: 'leo@example.com' };
const TUESDAY_TEN = '2026-11-03T09:00:00.000Z';

function startsIn(html: string): string[] {
  return [...html.matchAll(/name="start" value="([^"]+)"/g)].map((match) => match[1] ?? '');
}

test('the profile lists what may be booked, not what is hidden', async () => {
  await bed.call('POST /v2/event-types', {
    body: { lengthInMinutes: 30, title: 'Inner', slug: 'inner', hidden: true },
  });
  const { html } = await open('/daybook-sandbox');
  expect(html).toContain('href="/daybook-sandbox/consultation"');
  expect(html).not.toContain('inner');
});

test('the page offers exactly the free times of a day, of which the first free one is shown unasked', async () => {
  const { html } = await open(PAGE);
  expect(startsIn(html)[0]).toBe('2026-11-02T09:00:00.000Z'); // 07:00 UTC and two hours of notice
  const tuesday = await open(`${PAGE}?date=2026-11-03`);
  expect(startsIn(tuesday.html)).toHaveLength(16);
  await bed.book(TUESDAY_TEN);
  expect(startsIn((await open(`${PAGE}?date=2026-11-03`)).html)).not.toContain(TUESDAY_TEN);
  expect(startsIn((await open(`${PAGE}?date=2026-11-07`)).html)).toEqual([]);
  expect((await open(`${PAGE}?date=2026-99-99&zone=Nowhere&length=7`)).status).toBe(200);
});

test('booking leads to the page of the booking, from which it is moved and cancelled', async () => {
  const booked = await submit(PAGE, { start: TUESDAY_TEN, zone: 'Europe/Lisbon', notes: 'first time', ...LEO });
  expect([booked.status, booked.to]).toEqual([303, expect.stringMatching(/^\/booking\//)]);
  const [first] = bed.sandbox.state.bookings;
  expect(first).toMatchObject({
    start: TUESDAY_TEN,
    status: 'accepted',
    description: 'first time',
    attendees: [{ name: 'Leo <Park>', timeZone: 'Europe/Lisbon' }],
  });
  const shown = await open(booked.to ?? '');
  expect(shown.html).toContain('This meeting is booked.');
  expect(shown.html).toContain('Leo &lt;Park&gt;');
  expect(shown.html).toContain('09:00'); // by the customer's clock
  const move = `${PAGE}?move=${first?.uid}`;
  expect(shown.html).toContain(`href="${move}"`);
  expect(startsIn((await open(`${move}&date=2026-11-03`)).html)).toContain(TUESDAY_TEN);
  const moved = await submit(PAGE, { move: first?.uid ?? '', start: '2026-11-04T09:00:00.000Z', reason: 'ill' });
  const [old, next] = bed.sandbox.state.bookings;
  expect([moved.to, old?.status, old?.rescheduledToUid]).toEqual([`/booking/${next?.uid}`, 'cancelled', next?.uid]);
  expect(next).toMatchObject({ rescheduledByEmail: LEO.email, reschedulingReason: 'ill' });
  const cancelled = await submit(`${moved.to}/cancel`, { reason: 'holidays' });
  expect(cancelled.status).toBe(303);
  expect(next).toMatchObject({ status: 'cancelled', cancelledByEmail: LEO.email, cancellationReason: 'holidays' });
  expect((await open(moved.to ?? '')).html).toContain('This meeting is cancelled.');
});

test('what was typed stays after a refusal, which is said', async () => {
  await bed.book(TUESDAY_TEN);
  const { status, html } = await submit(PAGE, { start: TUESDAY_TEN, ...LEO });
  expect(status).toBe(400);
  expect(html).toMatch(/role="alert">User either already has booking/);
  expect(html).toContain('value="Leo &lt;Park&gt;"');
  expect((await submit(PAGE, { start: 'soon', ...LEO })).status).toBe(400);
  expect((await submit(PAGE, {})).status).toBe(400);
  expect(bed.sandbox.state.bookings).toHaveLength(1);
});

test('several lengths: the chosen one is booked, another one is not offered', async () => {
  await bed.call('PATCH /v2/event-types/9001', { body: { lengthInMinutesOptions: [30, 60] } });
  expect((await open(PAGE)).html).toContain('<option value="60">');
  const typed = { start: TUESDAY_TEN, length: '60', ...LEO };
  const { uid, end } = { uid: (await submit(PAGE, typed)).to, end: bed.sandbox.state.bookings[0]?.end };
  expect([uid, end]).toEqual([expect.stringContaining('/booking/'), '2026-11-03T10:00:00.000Z']);
  expect((await open(`${PAGE}?length=45`)).html).toContain('name="length" value="30"');
});

test('pending ones are confirmed or declined on their page, paid ones paid', async () => {
  await bed.call('PATCH /v2/event-types/9001', { body: { confirmationPolicy: { type: 'always' } } });
  const asked = await submit(PAGE, { start: TUESDAY_TEN, ...LEO });
  expect((await open(asked.to ?? '')).html).toContain('Confirm');
  await submit(`${asked.to}/confirm`, {});
  const other = await submit(PAGE, { start: '2026-11-03T10:00:00.000Z', ...LEO });
  await submit(`${other.to}/decline`, { reason: 'no' });
  await bed.call('PATCH /v2/event-types/9001', { body: { confirmationPolicy: { disabled: true } } });
  await bed.admin('POST /settings', { prices: { consultation: 900 } });
  const owed = await submit(PAGE, { start: '2026-11-03T11:00:00.000Z', ...LEO });
  expect((await open(owed.to ?? '')).html).toContain('Pay');
  await submit(`${owed.to}/pay`, {});
  expect(bed.sandbox.state.bookings.map((booking) => booking.status)).toEqual(['accepted', 'rejected', 'accepted']);
});

test('a booking that is over offers nothing more; what is unknown is not found', async () => {
  const booking = await bed.book(TUESDAY_TEN);
  bed.setNow('2026-11-05T00:00:00Z');
  expect((await open(`/booking/${booking.uid}`)).html).not.toContain('<form');
  bed.setNow(MONDAY);
  for (const path of ['/nobody', '/nobody/consultation', '/daybook-sandbox/none', '/booking/none']) {
    expect((await open(path)).status).toBe(404);
  }
  expect((await submit(`/booking/${booking.uid}/explode`, {})).status).toBe(404);
});

test('forms of another site are refused', async () => {
  const foreign = await submit(PAGE, { start: TUESDAY_TEN, ...LEO }, { origin: 'http://elsewhere.example' });
  expect([foreign.status, bed.sandbox.state.bookings.length]).toEqual([403, 0]);
  const own = await submit(PAGE, { start: TUESDAY_TEN, ...LEO }, { origin: bed.sandbox.url });
  expect(own.status).toBe(303);
});

test('webhooks of what customers do are sent in the set order', async () => {
  await bed.call('POST /v2/webhooks', {
    body: {
      active: true,
      subscriberUrl: 'http://127.0.0.1:9/nobody',
      triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'],
    },
  });
  const { to } = await submit(PAGE, { start: TUESDAY_TEN, ...LEO });
  await submit(`${to}/cancel`, {});
  const { deliveries } = (await bed.admin('GET /state')).body as { deliveries: { trigger: string }[] };
  expect(deliveries.map(({ trigger }) => trigger)).toEqual(['BOOKING_CREATED', 'BOOKING_CANCELLED']);
});
