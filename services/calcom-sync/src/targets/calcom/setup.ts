import type { CalcomClient } from './client.ts';
import {
  readEventType,
  readEventTypes,
  readMe,
  readSchedule,
  readSchedules,
  sameHours,
  toScheduleBody,
  type CalcomEventType,
  type CalcomMe,
  type CalcomSchedule,
} from './mapping.ts';

/** The slug of the hidden event type all our bookings use; it is unique per account, so it is how we find it again. */
export const EVENT_TYPE_SLUG = 'daybook';
/** The schedule that never refuses: Daybook has decided already. */
export const ALWAYS_OPEN_NAME = 'Daybook bookings (always open)';
/** Added up front, so that the common lengths cost no call later. */
const COMMON_LENGTHS = [10, 15, 20, 30, 40, 45, 50, 60, 75, 90, 120];
const DEFAULT_LENGTH = 30;

/** What bookings need at Cal.com. */
export type CalcomSetup = { me: CalcomMe; eventTypeId: number; lengths: Set<number>; scheduleId: number };

/** Finds or makes the always-open schedule and the hidden event type, and mends them if somebody changed them. */
export async function prepareSetup(client: CalcomClient): Promise<CalcomSetup> {
  const me = readMe(await client.send({ method: 'GET', resource: 'me', path: '/me' }));
  const schedule = await ensureSchedule(client, { id: '', name: ALWAYS_OPEN_NAME, ...alwaysOpen });
  const eventType = await ensureEventType(client, schedule.id);
  return { me, eventTypeId: eventType.id, lengths: lengthsOf(eventType), scheduleId: schedule.id };
}

/** Adds a length to the event type before it is used; Cal.com refuses lengths that are not listed. */
export async function addLength(client: CalcomClient, setup: CalcomSetup, minutes: number): Promise<void> {
  if (setup.lengths.has(minutes)) return;
  const path = `/event-types/${setup.eventTypeId}`;
  const current = lengthsOf(readEventType(await client.send({ method: 'GET', resource: 'eventTypes', path })));
  const options = [...current, minutes].sort((a, b) => a - b);
  const body = { lengthInMinutesOptions: [...new Set(options)] };
  const changed = readEventType(await client.send({ method: 'PATCH', resource: 'eventTypes', path, body }));
  for (const length of lengthsOf(changed)) setup.lengths.add(length);
  setup.lengths.add(minutes);
}

type Hours = { id: string; name: string } & ReturnType<typeof toScheduleBody>;

const alwaysOpen = toScheduleBody({
  timeZone: 'UTC',
  weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 0, endMinute: 1440 })),
  dates: [],
});

/** Makes a schedule show exactly these hours: found by id or name, made if absent, written only if it differs. */
export async function ensureSchedule(client: CalcomClient, hours: Hours): Promise<{ id: number; written: boolean }> {
  const { timeZone, availability, overrides } = hours;
  const all = readSchedules(await client.send({ method: 'GET', resource: 'schedules', path: '/schedules' }));
  const known = findSchedule(all, hours);
  if (!known) {
    const body = { name: hours.name, timeZone, isDefault: false, availability, overrides };
    const made = readSchedule(await client.send({ method: 'POST', resource: 'schedules', path: '/schedules', body }));
    return { id: made.id, written: true };
  }
  if (sameHours(known, hours)) return { id: known.id, written: false };
  const body = { timeZone, availability, overrides };
  await client.send({ method: 'PATCH', resource: 'schedules', path: `/schedules/${known.id}`, body });
  return { id: known.id, written: true };
}

function findSchedule(all: readonly CalcomSchedule[], { id, name }: Hours): CalcomSchedule | undefined {
  return all.find((schedule) => String(schedule.id) === id) ?? all.find((schedule) => schedule.name === name);
}

async function ensureEventType(client: CalcomClient, scheduleId: number): Promise<CalcomEventType> {
  const all = readEventTypes(await client.send({ method: 'GET', resource: 'eventTypes', path: '/event-types' }));
  const known = all.find((eventType) => eventType.slug === EVENT_TYPE_SLUG);
  if (!known) {
    const body = {
      ...ourSettings(scheduleId),
      title: 'Daybook',
      slug: EVENT_TYPE_SLUG,
      description: 'Made by Daybook to show its appointments. Please do not change or delete it.',
      lengthInMinutes: DEFAULT_LENGTH,
      lengthInMinutesOptions: COMMON_LENGTHS,
    };
    return readEventType(await client.send({ method: 'POST', resource: 'eventTypes', path: '/event-types', body }));
  }
  if (isAsNeeded(known, scheduleId)) return known;
  const path = `/event-types/${known.id}`;
  const body = {
    ...ourSettings(scheduleId),
    lengthInMinutesOptions: [...new Set([...COMMON_LENGTHS, ...lengthsOf(known)])].sort((a, b) => a - b),
  };
  return readEventType(await client.send({ method: 'PATCH', resource: 'eventTypes', path, body }));
}

function ourSettings(scheduleId: number) {
  return {
    hidden: true,
    scheduleId,
    minimumBookingNotice: 0,
    beforeEventBuffer: 0,
    afterEventBuffer: 0,
    disableGuests: true,
    confirmationPolicy: { disabled: true },
    bookingWindow: { disabled: true },
    seats: { disabled: true },
    locations: [{ type: 'address', address: 'At the practice', public: true }],
  };
}

function isAsNeeded(eventType: CalcomEventType, scheduleId: number): boolean {
  return (
    eventType.scheduleId === scheduleId &&
    eventType.hidden === true &&
    (eventType.minimumBookingNotice ?? 0) === 0 &&
    (eventType.beforeEventBuffer ?? 0) === 0 &&
    (eventType.afterEventBuffer ?? 0) === 0 &&
    (eventType.lengthInMinutesOptions?.length ?? 0) > 1 &&
    [eventType.bookingWindow, eventType.confirmationPolicy, eventType.seats].every(isOff)
  );
}

/** A rule that is absent or said to be disabled; the window's documented type is a list, what is sent is an object. */
function isOff(rule: unknown): boolean {
  const told: unknown = Array.isArray(rule) ? rule[0] : rule;
  if (typeof told !== 'object' || told === null) return true;
  return (told as { disabled?: unknown }).disabled === true;
}

function lengthsOf(eventType: CalcomEventType): Set<number> {
  return new Set([eventType.lengthInMinutes, ...(eventType.lengthInMinutesOptions ?? [])]);
}
