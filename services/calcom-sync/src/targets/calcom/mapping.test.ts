import { TargetError } from '../target.ts';
import { readBooking, readBookings, sameHours, toAttendee, toScheduleBody } from './mapping.ts';

const booking = {
  uid: '7Kx2mQvP9sTzR4bWcN8hJd',
  status: 'accepted',
  start: '2026-05-04T09:00:00.000Z',
  end: '2026-05-04T09:30:00.000Z',
  createdAt: '2026-04-20T10:11:12.000Z',
  metadata: { daybookId: 'a1' },
  somethingNew: { nested: true },
};

describe('reading bookings', () => {
  test('a booking with keys we do not know is read', () => {
    expect(readBooking({ status: 'success', data: booking })).toMatchObject({
      uid: booking.uid,
      start: Date.parse(booking.start),
      minutes: 30,
      active: true,
      appointmentId: 'a1',
    });
  });
  test('what waits for a host to take it waits', () => {
    expect(readBooking({ status: 'success', data: { ...booking, status: 'awaiting_host' } }).status).toBe('pending');
  });

  test('the uid of a series is answered with all of it, of which the one asked for is read', () => {
    const second = { ...booking, uid: 'second' };
    expect(readBooking({ status: 'success', data: [booking, second] }, 'second').uid).toBe('second');
  });
  test.each([
    ['no uid', { ...booking, uid: undefined }],
    ['a start that is no instant', { ...booking, start: 'soon' }],
    ['an empty list', []],
    ['nothing', null],
  ])('%s is garbage, not a crash', (_name, data) => {
    expect(() => readBooking({ status: 'success', data })).toThrow(TargetError);
  });
  test('a page keeps what can be read and counts all rows', () => {
    const page = readBookings({ status: 'success', data: [booking, { uid: 7 }, [booking]] });
    expect(page.rows).toBe(3);
    expect(page.bookings).toHaveLength(1);
  });
});

describe('the attendee', () => {
  const leo = { customerId: 'c1', name: 'Leo', email: 'leo@example.com', timeZone: 'Europe/Lisbon' };
  const domain = 'customers.daybook.invalid';
  test('has the real address where the connection gets real ones', () => {
    expect(toAttendee(leo, { mode: 'real', placeholderDomain: domain }, 'UTC').email).toBe('leo@example.com');
  });
  test.each([
    ['unknown', { ...leo, email: '' }, 'real' as const],
    ['kept back', leo, 'placeholder' as const],
  ])('has a placeholder when the address is %s', (_name, attendee, mode) => {
    expect(toAttendee(attendee, { mode, placeholderDomain: domain }, 'UTC').email).toBe(`customer-c1@${domain}`);
  });
  test("has the practice's zone when its own is unknown", () => {
    const policy = { mode: 'real' as const, placeholderDomain: domain };
    expect(toAttendee({ ...leo, timeZone: '' }, policy, 'Europe/Madrid').timeZone).toBe('Europe/Madrid');
  });
});

describe('hours', () => {
  test('24:00 becomes 23:59, a closed date 00:00 to 00:00', () => {
    const body = toScheduleBody({
      timeZone: 'Asia/Kathmandu',
      weekly: [{ weekday: 7, startMinute: 1080, endMinute: 1440 }],
      dates: [
        { date: '2026-12-24', windows: [] },
        { date: '2026-12-31', windows: [{ startMinute: 540, endMinute: 720 }] },
      ],
    });
    expect(body.availability).toEqual([{ days: ['Sunday'], startTime: '18:00', endTime: '23:59' }]);
    expect(body.overrides).toEqual([
      { date: '2026-12-24', startTime: '00:00', endTime: '00:00' },
      { date: '2026-12-31', startTime: '09:00', endTime: '12:00' },
    ]);
  });
  test('the order of rows and the grouping of days say nothing, a minute does', () => {
    const row = { startTime: '09:00', endTime: '14:00' };
    const ours = {
      timeZone: 'UTC',
      availability: [
        { days: ['Monday'], ...row },
        { days: ['Tuesday'], ...row },
      ],
      overrides: [],
    };
    const theirs = { timeZone: 'UTC', availability: [{ days: ['Tuesday', 'Monday'], ...row }], overrides: null };
    expect(sameHours(ours, theirs)).toBe(true);
    const later = [{ days: ['Tuesday', 'Monday'], startTime: '09:01', endTime: '14:00' }];
    expect(sameHours(ours, { ...theirs, availability: later })).toBe(false);
  });
});
