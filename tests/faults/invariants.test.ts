import type { Appointment } from '@daybook/http-contract/appointments';
import type { Booking } from '../calcom/support/both-sides.ts';
import { checkInvariants, type Evidence } from '../support/faults/invariants.ts';
import type { Operation } from '../support/history.ts';

const start = '2027-01-04T09:00:00Z';
const end = '2027-01-04T09:30:00Z';
const [from, to] = [Date.parse(start), Date.parse(end)];
const appointment = (more: Partial<Appointment> = {}): Appointment =>
  ({
    id: 'a',
    status: 'scheduled',
    start,
    end,
    version: 1,
    notes: 'k',
    sync: { state: 'in_step' },
    ...more,
  }) as Appointment;
const operation = (more: Partial<Operation> = {}): Operation => ({
  kind: 'book',
  outcome: 'ok',
  key: 'k',
  appointmentId: 'a',
  start: from,
  end: to,
  version: 1,
  invokedAt: 1,
  completedAt: 2,
  ...more,
});
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
const row = { id: 'a', start: from, end: to, version: 1, history: [1], events: [1] };
const line = { id: 'a', version: 1, state: 'in_step', attempts: 1 };

/** A hundred times of which one in fifty is slow. */
const paced = (usual: number, slow: number): number[] =>
  Array.from({ length: 100 }, (_, index) => (index % 50 === 0 ? slow : usual));
const steady = { before: paced(1, 2), during: paced(1, 2) };

const sound: Evidence = {
  history: [operation()],
  appointments: [appointment()],
  overlapsBySql: 0,
  replays: [{ key: 'k', first: 'a 1', again: 'a 1' }],
  stored: [row],
  unapplied: [],
  ledger: [line],
  fellBack: [],
  bookings: [booking()],
  throttled: 0,
  outageCalls: [0, 10, 20, 900, 2500],
  offPath: { before: [10, 12], during: [11, 14], control: steady, refused: 0 },
  resources: [{ name: 'memory', before: 100, after: 110, allowed: 150 }],
  besidePoison: [5, 900],
  deadlocks: [],
  foreign: [],
  stuck: [],
  leaks: [],
};

describe('the checker of the invariants', () => {
  test('sound evidence has no fault', () => {
    expect(checkInvariants(sound)).toEqual([]);
  });

  test('a machine that was slow by itself is no fault of booking', () => {
    const slow = { before: paced(1, 2), during: paced(1, 20) };
    const offPath = { before: paced(10, 40), during: paced(10, 1000), control: slow, refused: 0 };
    expect(checkInvariants({ ...sound, offPath })).toEqual([]);
  });

  test.each<[string, string, Partial<Evidence>]>([
    ['I1', 'PostgreSQL finds an overlap', { overlapsBySql: 1 }],
    [
      'I1',
      'the list shows an overlap',
      {
        history: [operation(), operation({ key: 'l', appointmentId: 'b' })],
        appointments: [appointment(), appointment({ id: 'b', notes: 'l' })],
      },
    ],
    ['I2', 'a confirmed booking is gone', { appointments: [] }],
    ['I2', 'an appointment nobody asked for stands', { history: [] }],
    [
      'I2',
      'a confirmed booking stands at another time',
      { appointments: [appointment({ start: '2027-01-04T09:05:00Z' })] },
    ],
    [
      'I2',
      'the final state is older than what was confirmed',
      { history: [operation(), operation({ kind: 'reschedule', version: 2, invokedAt: 3, completedAt: 4 })] },
    ],
    [
      'I2',
      'a version went back in time',
      {
        history: [
          operation({ version: 2 }),
          operation({ kind: 'reschedule', version: 1, invokedAt: 3, completedAt: 4 }),
        ],
        appointments: [appointment({ version: 2 })],
      },
    ],
    ['I3', 'one key made two appointments', { appointments: [appointment(), appointment({ id: 'b' })] }],
    ['I3', 'one key was answered in two ways', { replays: [{ key: 'k', first: 'a 1', again: 'b 1' }] }],
    ['I4', 'an outcome was never learnt', { history: [operation({ outcome: 'unknown' })] }],
    ['I5', 'an event is missing', { stored: [{ ...row, events: [] }] }],
    ['I5', 'an event stands twice', { stored: [{ ...row, events: [1, 1] }] }],
    ['I5', 'versions have a gap', { stored: [{ ...row, version: 3, history: [1, 2, 3], events: [1, 3] }] }],
    ['I5', 'history lacks a line', { stored: [{ ...row, history: [] }] }],
    ['I6', 'an event was never applied', { unapplied: ['e'] }],
    ['I6', 'calendar sync does not know an appointment', { ledger: [] }],
    ['I6', 'calendar sync stays behind', { stored: [{ ...row, version: 2, history: [1, 2], events: [1, 2] }] }],
    ['I6', 'an applied version fell', { fellBack: ['a fell from 2 to 1'] }],
    ['I7', 'a booking is missing there', { bookings: [] }],
    ['I7', 'a booking stands twice there', { bookings: [booking(), booking({ uid: 'v' })] }],
    ['I7', 'an orphan stands there', { bookings: [booking(), booking({ uid: 'v', metadata: { daybookId: 'z' } })] }],
    ['I7', 'a booking stands at another instant', { bookings: [booking({ start: '2027-01-04T08:00:00Z' })] }],
    ['I8', 'more calls than granted', { throttled: 1 }],
    ['I8', 'attempts without end', { ledger: [{ ...line, attempts: 9 }] }],
    ['I8', 'probed without a pause while it answers nothing', { outageCalls: [0, 10, 20, 900, 1100] }],
    [
      'I9',
      'booking waited for a part it does not need',
      { offPath: { before: [10], during: [3000], control: steady, refused: 0 } },
    ],
    [
      'I9',
      'booking failed for a part it does not need',
      { offPath: { before: [10], during: [10], control: steady, refused: 1 } },
    ],
    [
      'I9',
      'some bookings waited, most did not',
      { offPath: { before: paced(10, 40), during: paced(10, 4000), control: steady, refused: 0 } },
    ],
    ['I10', 'memory is kept', { resources: [{ name: 'memory', before: 100, after: 151, allowed: 150 }] }],
    ['I10', 'callers are left in line', { resources: [{ name: 'in line', before: 0, after: 2, allowed: 0 }] }],
    ['I11', 'an answer of somebody else', { foreign: ['the answer to k held l'] }],
    ['I12', 'an instant without UTC', { appointments: [appointment({ start: '2027-01-04T10:00:00+01:00' })] }],
    ['I12', 'stored at another instant', { stored: [{ ...row, start: from + 3_600_000 }] }],
    ['I12', 'another length', { history: [operation({ end: to + 3_600_000 })] }],
    ['I13', 'work is left', { stuck: ['2 events wait in the outbox'] }],
    ['I13', 'an event waited behind one that nobody can read', { besidePoison: [5, 30_000] }],
    ['I13', 'transactions waited for each other', { deadlocks: ['deadlock detected'] }],
    ['I13', 'an appointment is left waiting', { ledger: [{ ...line, state: 'waiting' }] }],
    ['I14', 'a secret in a log', { leaks: ['scheduling wrote the access token'] }],
  ])('%s: %s', (invariant, _what, broken) => {
    const faults = checkInvariants({ ...sound, ...broken });
    expect(faults.map((fault) => fault.split(' ')[0])).toContain(invariant);
  });
});
