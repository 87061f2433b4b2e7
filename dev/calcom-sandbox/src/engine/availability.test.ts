import { ATTENDEE, openTestBed } from '../testing/client.ts';
import type { TestBed } from '../testing/client.ts';
import { workingIntervals } from './availability.ts';
import type { Schedule } from './types.ts';

const ALL_DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function schedule(more: Partial<Schedule>): Schedule {
  const availability = [{ days: ALL_DAYS, startTime: '09:00', endTime: '17:00' }];
  return { id: 1, ownerId: 1, name: 'Test', timeZone: 'Europe/Luxembourg', availability, overrides: [], ...more };
}

function hoursOn(date: string, given: Schedule): string[] {
  const from = Date.parse(`${date}T00:00:00Z`);
  return workingIntervals(given, from, from + 86_400_000)
    .filter((hours) => hours.end > from && hours.start < from + 86_400_000)
    .map(
      (hours) =>
        `${new Date(hours.start).toISOString().slice(0, 16)}/${new Date(hours.end).toISOString().slice(0, 16)}`,
    );
}

test.each([
  ['the Friday before the clocks go back', '2026-10-23', '2026-10-23T07:00/2026-10-23T15:00'],
  ['the Monday after', '2026-10-26', '2026-10-26T08:00/2026-10-26T16:00'],
  ['the Friday before the clocks go forward', '2027-03-26', '2027-03-26T08:00/2027-03-26T16:00'],
  ['the Monday after', '2027-03-29', '2027-03-29T07:00/2027-03-29T15:00'],
])('hours follow the wall clock: %s', (_name, date, expected) => {
  expect(hoursOn(date, schedule({}))).toEqual([expected]);
});

test('hours across the night of a clock change are an hour longer or shorter', () => {
  const night = schedule({ availability: [{ days: ALL_DAYS, startTime: '00:00', endTime: '06:00' }] });
  expect(hoursOn('2026-10-25', night)[0]).toBe('2026-10-24T22:00/2026-10-25T05:00');
  expect(hoursOn('2027-03-28', night)[0]).toBe('2027-03-27T23:00/2027-03-28T04:00');
});

test('a start inside the gap moves to after it', () => {
  const gap = schedule({ availability: [{ days: ['Sunday'], startTime: '02:30', endTime: '05:00' }] });
  expect(hoursOn('2027-03-28', gap)).toEqual(['2027-03-28T01:30/2027-03-28T03:00']);
});

test('an override replaces the day; equal start and end closes it; several rows are allowed', () => {
  const overrides = [
    { date: '2026-11-03', startTime: '00:00', endTime: '00:00' },
    { date: '2026-11-04', startTime: '10:00', endTime: '11:00' },
    { date: '2026-11-04', startTime: '13:00', endTime: '14:00' },
  ];
  expect(hoursOn('2026-11-03', schedule({ overrides }))).toEqual([]);
  expect(hoursOn('2026-11-04', schedule({ overrides }))).toEqual([
    '2026-11-04T09:00/2026-11-04T10:00',
    '2026-11-04T12:00/2026-11-04T13:00',
  ]);
});

test('23:59 is the end of the day, so that days join at midnight', () => {
  const open = schedule({ availability: [{ days: ALL_DAYS, startTime: '00:00', endTime: '23:59' }] });
  const from = Date.parse('2026-11-03T00:00:00Z');
  expect(workingIntervals(open, from, from + 86_400_000)).toHaveLength(1);
});

describe('slots', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await openTestBed();
  });
  afterAll(() => bed.stop());

  const starts = async (query: string): Promise<string[]> => {
    const { body } = await bed.call(`GET /v2/slots?${query}`);
    return Object.values(body.data as Record<string, { start: string }[]>).flatMap((day) =>
      day.map((slot) => slot.start),
    );
  };

  test('are grouped by the local date of the asked zone and leave out what is taken, reserved or too soon', async () => {
    await bed.book('2026-11-03T09:00:00Z');
    await bed.call('POST /v2/slots/reservations', { body: { eventTypeId: 9001, slotStart: '2026-11-03T10:00:00Z' } });
    const all = await starts('eventTypeId=9001&start=2026-11-03&end=2026-11-03&timeZone=Europe/Luxembourg');
    expect(all).toHaveLength(14);
    expect(all[0]).toBe('2026-11-03T09:00:00.000+01:00');
    expect(all).not.toContain('2026-11-03T10:00:00.000+01:00');
    expect(all).not.toContain('2026-11-03T11:00:00.000+01:00');
    expect((await starts('eventTypeId=9001&start=2026-11-02&end=2026-11-02'))[0]).toBe('2026-11-02T09:00:00.000Z');
    expect(await starts('eventTypeId=9001&start=2026-11-07&end=2026-11-08')).toEqual([]);
  });

  test('a reservation of a taken time is 422, an anonymous caller may not choose its duration', async () => {
    const body = { eventTypeId: 9001, slotStart: '2026-11-03T10:00:00Z' };
    expect((await bed.call('POST /v2/slots/reservations', { body })).status).toBe(422);
    const choosing = { body: { ...body, slotStart: '2026-11-04T10:00:00Z', reservationDuration: 9 }, key: null };
    expect((await bed.call('POST /v2/slots/reservations', choosing)).status).toBe(401);
    expect((await bed.book('2026-11-03T10:00:00Z', { attendee: ATTENDEE })).status).toBe('accepted');
  });

  test('a booking that is to move frees its own time', async () => {
    const { uid } = await bed.book('2026-11-05T09:00:00Z');
    const query = 'eventTypeSlug=consultation&username=daybook-sandbox&start=2026-11-05&end=2026-11-05';
    expect(await starts(query)).not.toContain('2026-11-05T09:00:00.000Z');
    expect(await starts(`${query}&bookingUidToReschedule=${uid}`)).toContain('2026-11-05T09:00:00.000Z');
  });

  test('a wrong range, zone or event type is refused', async () => {
    const wrong = await bed.call('GET /v2/slots?eventTypeId=9001&start=2026-11-05&end=2026-11-04');
    expect([wrong.status, wrong.body.error.message]).toEqual([400, expect.stringMatching(/^Invalid time range given/)]);
    expect((await bed.call('GET /v2/slots?eventTypeId=9001&start=2026-11-05&end=2026-11-05&timeZone=X')).status).toBe(
      400,
    );
    expect((await bed.call('GET /v2/slots?eventTypeId=1&start=2026-11-05&end=2026-11-05')).status).toBe(404);
  });
});
