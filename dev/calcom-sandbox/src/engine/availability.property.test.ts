import fc from 'fast-check';
import { isFree, listSlots, mergeIntervals, workingIntervals } from './availability.ts';
import { uniqueKeyOf } from './bookings.ts';
import { seedState } from './seed.ts';
import type { Booking, EventType, SandboxState, Schedule } from './types.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const ZONES = [
  'Europe/Luxembourg',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Santiago',
  'UTC',
];
/** Weeks with a clock change in one of the zones, and an ordinary one. */
const WEEKS = ['2026-10-22', '2027-03-25', '2026-10-30', '2027-03-11', '2027-04-01', '2026-09-03', '2026-06-10'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const clock = fc.integer({ min: 0, max: 287 }).map((step) => {
  const minutes = step * 5;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
});
const end = fc.oneof({ weight: 4, arbitrary: clock }, { weight: 1, arbitrary: fc.constant('23:59') });
const scheduleArbitrary: fc.Arbitrary<Schedule> = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    availability: fc.array(
      fc.record({
        days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
        startTime: clock,
        endTime: end,
      }),
      { maxLength: 4 },
    ),
    week: fc.constantFrom(...WEEKS),
    overrideDay: fc.nat(6),
    override: fc.option(fc.record({ startTime: clock, endTime: end })),
  })
  .map(({ timeZone, availability, week, overrideDay, override }) => {
    const date = new Date(Date.parse(week) + overrideDay * DAY).toISOString().slice(0, 10);
    const overrides = override === null ? [] : [{ date, ...override }];
    return { id: 771, ownerId: 4012, name: week, timeZone, availability, overrides };
  });

/** The same rule by the clock face: an instant is inside when its local date and time are inside a row. */
function isInsideByClockFace(schedule: Schedule, epoch: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(schedule.timeZone);
  const date = local.toPlainDate().toString();
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const overrides = schedule.overrides.filter((row) => row.date === date);
  const weekly = schedule.availability.filter((row) => row.days.includes(WEEKDAYS[local.dayOfWeek - 1] ?? ''));
  return (overrides.length > 0 ? overrides : weekly).some(
    (row) => row.startTime < row.endTime && row.startTime <= time && (row.endTime === '23:59' || time < row.endTime),
  );
}

function offsetIsSteady(schedule: Schedule, epoch: number): boolean {
  const at = (instant: number): number =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(schedule.timeZone).offsetNanoseconds;
  return at(epoch - DAY) === at(epoch + DAY);
}

function stateWith(schedule: Schedule, taken: { start: number; minutes: number }[]): [SandboxState, EventType] {
  const state = seedState(new Date('2026-01-01T00:00:00Z'), 1);
  state.schedules = [schedule];
  const eventType = state.eventTypes[0];
  if (eventType === undefined) throw new Error('the seed has an event type');
  eventType.minimumBookingNotice = 0;
  const { bookings } = state;
  for (const { start, minutes } of taken) bookings.push(bookingAt(start, minutes, bookings.length));
  return [state, eventType];
}

function bookingAt(start: number, minutes: number, index: number): Booking {
  const times = {
    start: new Date(start).toISOString(),
    end: new Date(start + minutes * MINUTE).toISOString(),
    hostId: 4012,
  };
  return {
    ...times,
    id: index,
    uid: `u${index}`,
    icsUid: '',
    eventTypeId: 9001,
    eventTypeSlug: '',
    title: '',
    description: '',
    status: 'accepted',
    cancellationReason: '',
    cancelledByEmail: '',
    location: '',
    absentHost: false,
    createdAt: times.start,
    updatedAt: times.start,
    metadata: {},
    attendees: [],
    guests: [],
    bookingFieldsResponses: {},
    uniqueKey: uniqueKeyOf(times),
  };
}

test('hours are what the clock on the wall says, away from the hours of a clock change', () => {
  fc.assert(
    fc.property(scheduleArbitrary, fc.nat(7 * 288), (schedule, step) => {
      const epoch = Date.parse(schedule.name) + step * 5 * MINUTE;
      fc.pre(offsetIsSteady(schedule, epoch));
      const inside = workingIntervals(schedule, epoch, epoch).some(
        (hours) => hours.start <= epoch && epoch < hours.end,
      );
      expect(inside).toBe(isInsideByClockFace(schedule, epoch));
    }),
    { numRuns: 300 },
  );
});

test('every listed slot can be booked, lies in the range and no two on the grid are equal', () => {
  const taken = fc.array(fc.record({ step: fc.nat(4 * 96), minutes: fc.constantFrom(15, 30, 50) }), { maxLength: 6 });
  fc.assert(
    fc.property(scheduleArbitrary, taken, fc.constantFrom(15, 30, 60), (schedule, busy, length) => {
      const from = Date.parse(schedule.name);
      const to = from + 4 * DAY;
      const bookings = busy.map(({ step, minutes }) => ({ start: from + step * 15 * MINUTE, minutes }));
      const [state, eventType] = stateWith(schedule, bookings);
      const slots = listSlots(state, eventType, { from, to, now: from - 30 * DAY, length });
      const wrong = slots.filter(
        (slot) =>
          slot.start < from ||
          slot.start > to ||
          slot.end - slot.start !== length * MINUTE ||
          !isFree(state, eventType, slot),
      );
      expect(wrong).toEqual([]);
      expect(new Set(slots.map((slot) => slot.start)).size).toBe(slots.length);
    }),
    { numRuns: 100 },
  );
});

test('merged intervals are apart, in order and cover the same minutes', () => {
  const interval = fc
    .tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }))
    .map(([start, size]) => ({ start, end: start + size }));
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
      const merged = mergeIntervals(intervals);
      merged.forEach((one, index) => expect(index === 0 || (merged[index - 1]?.end ?? 0) < one.start).toBe(true));
      const covers = (list: { start: number; end: number }[], at: number): boolean =>
        list.some((i) => i.start <= at && at < i.end);
      const differing = Array.from({ length: 81 }, (_, at) => at).filter(
        (at) => covers(merged, at) !== covers(intervals, at),
      );
      expect(differing).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
