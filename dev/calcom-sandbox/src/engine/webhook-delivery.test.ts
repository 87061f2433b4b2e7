import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTestBed } from '../testing/client.ts';
import type { Json, TestBed } from '../testing/client.ts';

type Received = { headers: IncomingHttpHeaders; raw: string; bookingsThen: number };

let bed: TestBed;
let receiver: Server;
let received: Received[];
let url: string;

beforeEach(async () => {
  bed = await openTestBed();
  received = [];
  receiver = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const bookingsThen = bed.sandbox.state.bookings.length;
      received.push({ headers: req.headers, raw: Buffer.concat(chunks).toString('utf8'), bookingsThen });
      res.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await bed.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const TRIGGERS = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_RESCHEDULED',
  'BOOKING_CANCELLED',
  'BOOKING_REJECTED',
  'BOOKING_NO_SHOW_UPDATED',
];

async function subscribe(more: Record<string, unknown> = {}): Promise<Json> {
  const body = { active: true, subscriberUrl: url, triggers: TRIGGERS, secret: 's3cret', ...more };
  const answer = await bed.call('POST /v2/webhooks', { body });
  expect(answer.status).toBe(201);
  return answer.body.data;
}

async function until(count: number): Promise<void> {
  const deadline = Date.now() + 4000;
  while (received.length < count) {
    if (Date.now() > deadline) throw new Error(`only ${received.length} of ${count} deliveries came`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const parsed = (): Json[] => received.map(({ raw }): unknown => JSON.parse(raw));

test('a creation is signed over the exact bytes and sent before the reply', async () => {
  await subscribe();
  const booking = await bed.book('2026-11-03T09:00:00Z', { metadata: { daybookId: 'bk_1' } });
  expect(received).toHaveLength(1);
  const [{ headers, raw }] = received as [Received];
  expect(headers['x-cal-signature-256']).toBe(createHmac('sha256', 's3cret').update(raw).digest('hex'));
  expect([headers['content-type'], headers['x-cal-webhook-version']]).toEqual(['application/json', '2021-10-20']);
  const { triggerEvent, payload } = parsed()[0];
  expect([triggerEvent, payload.uid, payload.bookingId]).toEqual(['BOOKING_CREATED', booking.uid, booking.id]);
  expect(payload).toMatchObject({
    startTime: '2026-11-03T09:00:00Z',
    length: 30,
    metadata: { daybookId: 'bk_1' },
    status: 'ACCEPTED',
  });
  expect(payload.organizer.utcOffset).toBe(60);
});

test('moves name old and new, cancels have no metadata, no cancel is sent for the old uid', async () => {
  await subscribe({ secret: undefined });
  const first = await bed.book('2026-11-03T09:00:00Z', { metadata: { a: 1 } });
  const second = (
    await bed.call(`POST /v2/bookings/${first.uid}/reschedule`, { body: { start: '2026-11-03T10:00:00Z' } })
  ).body.data;
  await bed.call(`POST /v2/bookings/${second.uid}/cancel`, { body: { cancellationReason: 'ill' } });
  const [, moved, cancelled] = parsed();
  expect(parsed().map(({ triggerEvent }) => triggerEvent as string)).toEqual([
    'BOOKING_CREATED',
    'BOOKING_RESCHEDULED',
    'BOOKING_CANCELLED',
  ]);
  expect(moved.payload).toMatchObject({
    uid: second.uid,
    rescheduleUid: first.uid,
    rescheduleStartTime: '2026-11-03T09:00:00Z',
    metadata: { a: 1 },
  });
  expect(cancelled.payload).toMatchObject({
    uid: second.uid,
    startTime: '2026-11-03T10:00:00+00:00',
    cancellationReason: 'ill',
    status: 'CANCELLED',
  });
  expect(cancelled.payload).not.toHaveProperty('metadata');
  expect(received[0]?.headers['x-cal-signature-256']).toBe('no-secret-provided');
});

test('a request, its confirmation without our metadata, a rejection and an absence', async () => {
  await subscribe();
  const type = {
    lengthInMinutes: 30,
    title: 'Ask',
    slug: 'ask',
    minimumBookingNotice: 0,
    confirmationPolicy: { type: 'always' },
  };
  const eventTypeId = (await bed.call('POST /v2/event-types', { body: type })).body.data.id as number;
  const one = await bed.book('2026-11-03T09:00:00Z', { eventTypeId, metadata: { a: 1 } });
  const two = await bed.book('2026-11-03T10:00:00Z', { eventTypeId });
  await bed.call(`POST /v2/bookings/${one.uid}/confirm`);
  await bed.call(`POST /v2/bookings/${two.uid}/decline`, { body: { reason: 'full' } });
  bed.setNow('2026-11-03T09:10:00.000Z');
  await bed.call(`POST /v2/bookings/${one.uid}/mark-absent`, {
    body: { attendees: [{ email: 'leo@example.com', absent: true }] },
  });
  const [asked, , confirmed, rejected, absent] = parsed();
  expect(asked).toMatchObject({
    triggerEvent: 'BOOKING_REQUESTED',
    payload: { status: 'PENDING', metadata: { a: 1 } },
  });
  expect(confirmed).toMatchObject({ triggerEvent: 'BOOKING_CREATED', payload: { uid: one.uid, metadata: {} } });
  expect(rejected).toMatchObject({
    triggerEvent: 'BOOKING_REJECTED',
    payload: { status: 'REJECTED', rejectionReason: 'full' },
  });
  expect(Object.keys(absent.payload)).toEqual(['message', 'attendees', 'bookingUid', 'bookingId']);
});

test('can be sent before the change is saved, dropped, doubled, delayed and out of order', async () => {
  await subscribe();
  await bed.admin('POST /settings', { webhooks: { timing: 'before_commit' } });
  await bed.book('2026-11-03T09:00:00Z');
  expect(received[0]?.bookingsThen).toBe(0);
  await bed.admin('POST /settings', { webhooks: { timing: 'after_reply', drop: 1 } });
  await bed.book('2026-11-03T10:00:00Z');
  await bed.admin('POST /settings', { webhooks: { drop: 0, duplicate: 1, delayMs: 20 } });
  await bed.book('2026-11-03T11:00:00Z');
  await until(3);
  expect(received[1]?.raw).toBe(received[2]?.raw);
  await bed.admin('POST /settings', { webhooks: { duplicate: 0, delayMs: 0, reorder: true, timing: 'before_reply' } });
  await bed.book('2026-11-03T12:00:00Z');
  await bed.book('2026-11-03T13:00:00Z');
  await until(5);
  expect(parsed().map(({ payload }) => (payload.startTime as string).slice(11, 13))).toEqual([
    '09',
    '11',
    '11',
    '13',
    '12',
  ]);
  const deliveries = (await bed.admin('GET /state')).body.deliveries as { outcome: number | string }[];
  expect(deliveries.map((delivery) => delivery.outcome)).toContain('dropped');
});

test('a template is filled in; without JSON the type changes', async () => {
  await subscribe({ payloadTemplate: '{"t":"{{triggerEvent}}","who":"{{attendees.0.email}}"}' });
  await subscribe({ subscriberUrl: `${url}/form`, payloadTemplate: 'uid={{uid}}&x={{nothing}}' });
  const { uid } = await bed.book('2026-11-03T09:00:00Z');
  const raws = received.map(({ raw, headers }) => [raw, headers['content-type']]);
  expect(raws).toContainEqual(['{"t":"BOOKING_CREATED","who":"leo@example.com"}', 'application/json']);
  expect(raws).toContainEqual([`uid=${uid}&x=`, 'application/x-www-form-urlencoded']);
});

test('an unreachable or inactive subscriber does not disturb the booking', async () => {
  await subscribe({ subscriberUrl: 'http://127.0.0.1:1/none' });
  await subscribe({ active: false });
  await bed.book('2026-11-03T09:00:00Z');
  expect(received).toHaveLength(0);
});

test('subscriptions: same URL 409, hosted takes public HTTPS only, a wrong trigger is refused', async () => {
  const hook = await subscribe();
  expect(hook.id).toMatch(/^[0-9a-f-]{36}$/);
  const body = { active: true, subscriberUrl: url, triggers: TRIGGERS };
  expect((await bed.call('POST /v2/webhooks', { body })).status).toBe(409);
  expect((await bed.call('POST /v2/webhooks', { body: { ...body, triggers: ['BOOKING_CONFIRMED'] } })).status).toBe(
    400,
  );
  expect((await bed.call('GET /v2/webhooks/none')).status).toBe(404);
  await bed.admin('POST /settings', { profile: 'hosted' });
  const refused = await bed.call('POST /v2/webhooks', { body: { ...body, subscriberUrl: `${url}/2` } });
  expect([refused.status, refused.body.error.message]).toEqual([
    400,
    expect.stringMatching(/^Webhook URL is not allowed: /),
  ]);
});
