import type { PlannedAppointment, WantedThere } from '../db/plan-repository.ts';
import { makePlan, type FoundThere, type StandingThere } from './make-plan.ts';

const own = { hiddenSlug: 'daybook', alwaysOpen: 'Always open' };
const HOUR = 3_600_000;
const offer = {
  name: 'Visit',
  slug: 'visit',
  durations: [30],
  bufferBefore: 0,
  bufferAfter: 0,
  notice: 0,
  horizonDays: 60,
  slotStep: 15,
  archived: false,
};

function appointment(id: string, start: number, rest: Partial<PlannedAppointment> = {}): PlannedAppointment {
  return { appointmentId: id, start, minutes: 60, customerName: id, hasAddress: true, standingUid: '', ...rest };
}

function booking(uid: string, start: number, rest: Partial<StandingThere> = {}): StandingThere {
  return { uid, start, minutes: 60, title: uid, appointmentId: '', ...rest };
}

function plan(ours: Partial<WantedThere>, there: Partial<FoundThere>): [string, string, string][] {
  const steps = makePlan(
    { appointments: [], types: [], schedules: [], ...ours },
    {
      eventTypes: [{ id: '1', slug: 'daybook' }],
      schedules: [{ id: '1', name: 'Always open' }],
      bookings: [],
      ...there,
    },
    own,
  );
  return steps.map(({ action, ourId, theirId }) => [action, ourId, theirId]);
}

test('what carries our id is adopted, what is known makes no line, the rest is made', () => {
  const appointments = [appointment('a', 0), appointment('b', HOUR, { standingUid: 'u2' }), appointment('c', 2 * HOUR)];
  const bookings = [booking('u1', 0, { appointmentId: 'a' }), booking('u2', HOUR, { appointmentId: 'b' })];
  expect(plan({ appointments }, { bookings })).toEqual([
    ['adopt_booking', 'a', 'u1'],
    ['create_booking', 'c', ''],
  ]);
});

test('a booking of theirs is taken in where the time is free, and a clash where it is not; neighbours do not clash', () => {
  const appointments = [appointment('a', 0)];
  const bookings = [booking('clashing', HOUR / 2), booking('after', HOUR), booking('before', -HOUR)];
  expect(plan({ appointments }, { bookings })).toEqual([
    ['clash', 'a', 'clashing'],
    ['take_in_booking', '', 'before'],
    ['take_in_booking', '', 'after'],
    ['create_booking', 'a', ''],
  ]);
});

test('event types and schedules are adopted by slug and name, made where absent, and never for what is archived', () => {
  const types = [
    { id: 't1', offer, eventTypeId: '' },
    { id: 't2', offer: { ...offer, slug: 'new' }, eventTypeId: '' },
    { id: 't3', offer: { ...offer, slug: 'gone', archived: true }, eventTypeId: '' },
    { id: 't4', offer: { ...offer, slug: 'renamed' }, eventTypeId: '9' },
    { id: 't5', offer: { ...offer, slug: 'daybook' }, eventTypeId: '' },
  ];
  const eventTypes = [
    { id: '1', slug: 'daybook' },
    { id: '7', slug: 'visit' },
    { id: '9', slug: 'theirs' },
  ];
  const schedules = [{ providerId: 'p', name: 'Hours', scheduleId: '' }];
  expect(plan({ types, schedules }, { eventTypes, schedules: [] })).toEqual([
    ['adopt_event_type', 't1', '7'],
    ['create_event_type', 't2', ''],
    ['create_event_type', 't5', ''],
    ['create_schedule', 'p', ''],
    ['create_schedule', '', ''],
  ]);
});
