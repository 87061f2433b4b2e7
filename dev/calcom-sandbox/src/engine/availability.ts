import { accountOf, scheduleOf } from './store.ts';
import type { Booking, EventType, OverrideRow, SandboxState, Schedule } from './types.ts';

/** A half-open stretch of time in epoch milliseconds. */
export type Interval = { start: number; end: number };

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MINUTE = 60_000;

/** Joins overlapping and touching intervals; answers them in order. */
export function mergeIntervals(intervals: Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && next.start <= last.end) last.end = Math.max(last.end, next.end);
    else merged.push({ ...next });
  }
  return merged;
}

function wallClockToEpoch(date: Temporal.PlainDate, clock: string, zone: string): number {
  // 23:59 is how a day's end is written, because 24:00 is refused.
  const whole = clock === '23:59';
  const day = whole ? date.add({ days: 1 }) : date;
  const time = Temporal.PlainTime.from(whole ? '00:00' : clock);
  return day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** The wall-clock hours of one date: its overrides when there are any, else the weekly rows of its weekday. */
export function hoursOfDate(schedule: Schedule, date: Temporal.PlainDate): { startTime: string; endTime: string }[] {
  const key = date.toString();
  const overrides: OverrideRow[] = schedule.overrides.filter((row) => row.date === key);
  if (overrides.length > 0) return overrides;
  const weekday = DAY_NAMES[date.dayOfWeek - 1] ?? '';
  return schedule.availability.filter((row) => row.days.includes(weekday));
}

/** Working hours that touch [from, to), in epoch milliseconds, by the clock of the schedule's zone. */
export function workingIntervals(schedule: Schedule, from: number, to: number): Interval[] {
  const zone = schedule.timeZone;
  const first = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .subtract({ days: 1 });
  const last = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO(zone).toPlainDate().add({ days: 1 });
  const intervals: Interval[] = [];
  for (let date = first; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    for (const row of hoursOfDate(schedule, date)) {
      const start = wallClockToEpoch(date, row.startTime, zone);
      const end = wallClockToEpoch(date, row.endTime, zone);
      if (row.startTime < row.endTime && start < end) intervals.push({ start, end });
    }
  }
  return mergeIntervals(intervals);
}

function blocksTime(state: SandboxState, booking: Booking): boolean {
  if (booking.status === 'accepted') return true;
  if (booking.status !== 'pending') return false;
  const eventType = state.eventTypes.find((type) => type.id === booking.eventTypeId);
  return eventType?.confirmationPolicy['blockUnconfirmedBookingsInBooker'] === true;
}

/** The longest reach of any event type's buffers, in milliseconds. */
function longestBuffer(state: SandboxState): number {
  return 2 * MINUTE * Math.max(0, ...state.eventTypes.map((type) => type.beforeEventBuffer + type.afterEventBuffer));
}

/**
 * The host's busy time as one event type sees it: neighbours' buffers and its own add up. With `near` only what could touch that
 * stretch is looked at, which matters when there are many bookings.
 */
export function busyIntervals(
  state: SandboxState,
  eventType: EventType,
  ignore: { uid?: string | undefined; near?: Interval } = {},
): Interval[] {
  const host = accountOf(state, eventType.ownerId);
  const reach = longestBuffer(state);
  const { near, uid } = ignore;
  // Instants are stored with milliseconds in UTC, so that they compare as text.
  const from = near === undefined ? '' : new Date(near.start - reach).toISOString();
  const to = near === undefined ? '~' : new Date(near.end + reach).toISOString();
  return state.bookings
    .filter((booking) => booking.start < to && from < booking.end && booking.uid !== uid && blocksTime(state, booking))
    .filter((booking) => booking.hostId === host.id || booking.attendees.some((guest) => guest.email === host.email))
    .map((booking) => {
      const other = state.eventTypes.find((type) => type.id === booking.eventTypeId);
      const before = (other?.beforeEventBuffer ?? 0) + eventType.afterEventBuffer;
      const after = (other?.afterEventBuffer ?? 0) + eventType.beforeEventBuffer;
      return { start: Date.parse(booking.start) - before * MINUTE, end: Date.parse(booking.end) + after * MINUTE };
    });
}

/** How many people one time of an event type takes; null when its bookings have no seats. */
export function seatsOf(eventType: EventType): number | null {
  const seats = eventType.seats['seatsPerTimeSlot'];
  return typeof seats === 'number' ? seats : null;
}

/** Whether a booking of this event type can take one more person. */
export function hasOpenSeat(eventType: EventType, booking: Booking): boolean {
  const seats = seatsOf(eventType);
  return (
    seats !== null &&
    booking.status === 'accepted' &&
    booking.eventTypeId === eventType.id &&
    booking.attendees.length < seats
  );
}

function zoneOf(state: SandboxState, eventType: EventType): string {
  return scheduleOf(state, eventType)?.timeZone ?? accountOf(state, eventType.ownerId).timeZone;
}

function dateIn(zone: string, epoch: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone).toPlainDate();
}

function lastBusinessDay(today: Temporal.PlainDate, count: number): Temporal.PlainDate {
  let date = today;
  for (let left = count; left > 0;) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek <= 5) left -= 1;
  }
  return date;
}

/** Whether a start lies inside the event type's booking window, by dates in the host's zone. */
export function isWithinWindow(state: SandboxState, eventType: EventType, start: number, now: number): boolean {
  const { type, value } = eventType.bookingWindow;
  const zone = zoneOf(state, eventType);
  const date = dateIn(zone, start);
  const today = dateIn(zone, now);
  if (type === 'range' && Array.isArray(value)) {
    const key = date.toString();
    return key >= String(value[0]).slice(0, 10) && key <= String(value[1]).slice(0, 10);
  }
  if (typeof value !== 'number') return true;
  const last = type === 'businessDays' ? lastBusinessDay(today, value) : today.add({ days: value });
  return Temporal.PlainDate.compare(date, last) <= 0;
}

/** Whether a start keeps the minimum notice. */
export function keepsNotice(eventType: EventType, start: number, now: number): boolean {
  return start >= now + eventType.minimumBookingNotice * MINUTE;
}

function periodOf(date: Temporal.PlainDate, unit: string): string {
  if (unit === 'day') return date.toString();
  if (unit === 'week') return `${date.yearOfWeek}-W${date.weekOfYear}`;
  return unit === 'month' ? date.toString().slice(0, 7) : String(date.year);
}

/** Whether one more booking keeps the count and duration limits of the event type. */
export function keepsLimits(state: SandboxState, eventType: EventType, during: Interval, ignoreUid?: string): boolean {
  const limits = { ...eventType.bookingLimitsCount, ...eventType.bookingLimitsDuration };
  if (!Object.values(limits).some((limit) => typeof limit === 'number')) return true;
  const zone = zoneOf(state, eventType);
  const date = dateIn(zone, during.start);
  const own = state.bookings.filter(
    (b) => b.eventTypeId === eventType.id && b.uid !== ignoreUid && (b.status === 'accepted' || b.status === 'pending'),
  );
  return ['day', 'week', 'month', 'year'].every((unit) => {
    const period = periodOf(date, unit);
    const same = own.filter((b) => periodOf(dateIn(zone, Date.parse(b.start)), unit) === period);
    const count = eventType.bookingLimitsCount[unit];
    const minutes = eventType.bookingLimitsDuration[unit];
    const used = same.reduce((sum, b) => sum + (Date.parse(b.end) - Date.parse(b.start)) / MINUTE, 0);
    if (typeof count === 'number' && same.length + 1 > count) return false;
    return typeof minutes !== 'number' || used + (during.end - during.start) / MINUTE <= minutes;
  });
}

/** Whether the host's hours hold the whole interval and nothing of his is in the way. */
export function isFree(state: SandboxState, eventType: EventType, during: Interval, ignoreUid?: string): boolean {
  const schedule = scheduleOf(state, eventType);
  if (schedule === undefined) return false;
  const inside = workingIntervals(schedule, during.start, during.end).some(
    (hours) => hours.start <= during.start && during.end <= hours.end,
  );
  if (!inside) return false;
  return !busyIntervals(state, eventType, { uid: ignoreUid, near: during }).some(
    (busy) => during.start < busy.end && busy.start < during.end,
  );
}

/** What `listSlots` is asked; instants are epoch milliseconds, `length` minutes. */
export type SlotQuery = { from: number; to: number; now: number; length: number; ignoreUid?: string | undefined };

/** Bookable starts of an event type in [from, to], in order, on its grid. */
export function listSlots(state: SandboxState, eventType: EventType, query: SlotQuery): Interval[] {
  const schedule = scheduleOf(state, eventType);
  if (schedule === undefined) return [];
  const near = { start: query.from, end: query.to + query.length * MINUTE };
  const busy = busyIntervals(state, eventType, { uid: query.ignoreUid, near });
  const shared = new Set(
    state.bookings.filter((booking) => hasOpenSeat(eventType, booking)).map((booking) => Date.parse(booking.start)),
  );
  const step = (eventType.slotInterval ?? query.length) * MINUTE;
  const slots: Interval[] = [];
  for (const hours of workingIntervals(schedule, query.from, query.to)) {
    for (let start = hours.start + eventType.offsetStart * MINUTE; start <= query.to; start += step) {
      const slot = { start, end: start + query.length * MINUTE };
      if (slot.end > hours.end) break;
      if (start < query.from || !keepsNotice(eventType, start, query.now)) continue;
      if (!isWithinWindow(state, eventType, start, query.now)) continue;
      if (!shared.has(start) && busy.some((taken) => slot.start < taken.end && taken.start < slot.end)) continue;
      if (keepsLimits(state, eventType, slot, query.ignoreUid)) slots.push(slot);
    }
  }
  return slots;
}
