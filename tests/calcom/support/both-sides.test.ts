import type { Appointment } from '@daybook/http-contract/appointments';
import { differences, type Booking } from './both-sides.ts';

const start = '2027-01-04T09:00:00.000Z';
const end = '2027-01-04T09:30:00.000Z';
const appointment = (more: Partial<Appointment> = {}): Appointment =>
  ({
    id: 'a',
    start: '2027-01-04T09:00:00Z',
    end,
    status: 'scheduled',
    sync: { state: 'in_step' },
    ...more,
  }) as Appointment;
const booking = (more: Partial<Booking> = {}): Booking => ({
  uid: 'u',
  status: 'accepted',
  start,
  end,
  createdAt: start,
  metadata: { daybookId: 'a' },
  attendees: [{ name: 'N', email: 'e', absent: false }],
  eventType: { id: 1, slug: 's' },
  ...more,
});

describe('the comparison of both sides', () => {
  test('equal sides have no differences, whatever else lies cancelled there', () => {
    expect(differences([appointment()], [booking(), booking({ uid: 'v', status: 'cancelled' })])).toEqual([]);
    expect(differences([appointment({ status: 'cancelled' })], [])).toEqual([]);
    const made = appointment({ sync: { state: 'in_step', calcomBookingUid: 'u' } });
    expect(differences([made], [booking({ metadata: {} })])).toEqual([]);
    const missed = [{ name: 'N', email: 'e', absent: true }];
    expect(differences([appointment({ status: 'no_show' })], [booking({ attendees: missed })])).toEqual([]);
  });

  test.each([
    ['missing there', [appointment()], []],
    ['standing there only', [appointment({ status: 'cancelled' })], [booking()]],
    ['unknown here', [], [booking()]],
    ['of another id', [appointment({ id: 'b' })], [booking()]],
    ['doubled', [appointment()], [booking(), booking({ uid: 'v' })]],
    ['at another time', [appointment()], [booking({ start: '2027-01-04T09:05:00.000Z' })]],
    ['longer there', [appointment()], [booking({ end: '2027-01-04T09:45:00.000Z' })]],
    ['missed here only', [appointment({ status: 'no_show' })], [booking()]],
  ])('what is %s is noticed', (_name, ours, theirs) => {
    expect(differences(ours, theirs)).not.toEqual([]);
  });
});
