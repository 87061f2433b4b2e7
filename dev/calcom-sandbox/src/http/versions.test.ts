import { ATTENDEE, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.stop());

const body = { start: '2026-11-03T09:00:00Z', eventTypeId: 9001, attendee: ATTENDEE };
const WRONG = [null, '2024-04-15', '"2024-08-13"', '2030-01-01', '2024-08-13x'];

test.each(WRONG)('version %s of a booking create is refused with the older body in the errors', async (version) => {
  const answer = await bed.call('POST /v2/bookings', { version, body });
  expect(answer.status).toBe(400);
  expect((answer.body.error.details.errors as { property: string }[]).map((e) => e.property)).toEqual([
    'start',
    'eventTypeId',
    'timeZone',
    'language',
    'metadata',
  ]);
  expect(bed.sandbox.state.bookings).toHaveLength(0);
});

test('slots and reschedule do not exist in the older version', async () => {
  const slots = await bed.call('GET /v2/slots?eventTypeId=9001', { version: null });
  expect([slots.status, slots.body.error.message]).toEqual([404, 'Cannot GET /v2/slots?eventTypeId=9001']);
  const moved = await bed.call('POST /v2/bookings/x/reschedule', { version: '2024-09-04', body });
  expect([moved.status, moved.body.error.message]).toEqual([404, 'Cannot POST /v2/bookings/x/reschedule']);
});

test('event types, schedules and bookings come back in another shape', async () => {
  expect(Object.keys((await bed.call('GET /v2/event-types', { version: null })).body.data)).toEqual([
    'eventTypeGroups',
    'profiles',
  ]);
  expect((await bed.call('GET /v2/schedules/771', { version: null })).body.data).not.toHaveProperty('availability');
  expect((await bed.call('GET /v2/bookings', { version: null })).body.data).toHaveProperty('bookings');
});

test('both schedule versions are taken, me and webhooks take any or none', async () => {
  for (const version of ['2024-06-11', '2024-06-14']) {
    expect((await bed.call('GET /v2/schedules/771', { version })).body.data).toHaveProperty('availability');
  }
  for (const version of [null, '2024-08-13', 'x']) {
    expect((await bed.call('GET /v2/me', { version })).status).toBe(200);
    expect((await bed.call('GET /v2/webhooks', { version })).status).toBe(200);
  }
});

test('the versions of 2026 exist on the hosted profile only', async () => {
  const version = '2026-02-25';
  expect((await bed.call('POST /v2/bookings', { version, body })).status).toBe(400);
  await bed.admin('POST /settings', { profile: 'hosted' });
  expect((await bed.call('POST /v2/bookings', { version, body })).status).toBe(201);
  await bed.admin('POST /settings', { profile: 'diy' });
});

test('the rewritten prefix reaches the same operations', async () => {
  expect((await bed.call('GET /api/v2/me')).body.data.username).toBe('daybook-sandbox');
});
