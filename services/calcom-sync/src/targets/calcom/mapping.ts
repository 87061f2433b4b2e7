import { z } from 'zod';
import type { AvailabilityRequest, TargetAttendee, TargetBooking } from '../target.ts';
import { garbage } from './errors.ts';

const instant = z.string().transform((text, context) => {
  const value = Date.parse(text);
  if (!Number.isNaN(value)) return value;
  context.addIssue({ code: 'custom', message: 'no instant' });
  return z.NEVER;
});

const bookingSchema = z.object({
  uid: z.string().min(1),
  status: z.string(),
  start: instant,
  end: instant,
  createdAt: instant.optional().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  rescheduledToUid: z.string().nullish(),
  rescheduledFromUid: z.string().nullish(),
});

/** A booking as Cal.com shows it, with the two links of its chain. */
export type CalcomBooking = TargetBooking & { appointmentId: string; movedTo: string; movedFrom: string };

const scheduleSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  timeZone: z.string().nullish(),
  availability: z.array(z.object({ days: z.array(z.string()), startTime: z.string(), endTime: z.string() })).nullish(),
  overrides: z.array(z.object({ date: z.string(), startTime: z.string(), endTime: z.string() })).nullish(),
});

/** A schedule as Cal.com shows it. */
export type CalcomSchedule = z.infer<typeof scheduleSchema>;

const eventTypeSchema = z.object({
  id: z.number().int(),
  slug: z.string(),
  lengthInMinutes: z.number().int(),
  lengthInMinutesOptions: z.array(z.number().int()).nullish(),
  scheduleId: z.number().int().nullish(),
  hidden: z.boolean().nullish(),
  minimumBookingNotice: z.number().nullish(),
  beforeEventBuffer: z.number().nullish(),
  afterEventBuffer: z.number().nullish(),
});

/** An event type as Cal.com shows it, as far as we use it. */
export type CalcomEventType = z.infer<typeof eventTypeSchema>;

const meSchema = z.object({
  id: z.number().int(),
  username: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string(),
  timeZone: z.string(),
});

/** The account behind the key. */
export type CalcomMe = z.infer<typeof meSchema>;

function readData<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = z.object({ status: z.literal('success'), data: schema }).safeParse(body);
  if (!parsed.success) throw garbage(`${what} that cannot be read`);
  return parsed.data.data;
}

/** Reads one booking out of an envelope. */
export function readBooking(body: unknown): CalcomBooking {
  return toBooking(readData(bookingSchema, body, 'a booking'));
}

/** Reads a page of bookings; rows that cannot be read (seats, series of others) are no bookings of ours. */
export function readBookings(body: unknown): { rows: number; bookings: CalcomBooking[] } {
  const rows = readData(z.array(z.unknown()), body, 'a list of bookings');
  const parsed = rows.map((row) => bookingSchema.safeParse(row));
  return { rows: rows.length, bookings: parsed.flatMap((row) => (row.success ? [toBooking(row.data)] : [])) };
}

/** Reads one schedule. */
export function readSchedule(body: unknown): CalcomSchedule {
  return readData(scheduleSchema, body, 'a schedule');
}

/** Reads the list of own schedules. */
export function readSchedules(body: unknown): CalcomSchedule[] {
  return readData(z.array(scheduleSchema), body, 'a list of schedules');
}

/** Reads one event type. */
export function readEventType(body: unknown): CalcomEventType {
  return readData(eventTypeSchema, body, 'an event type');
}

/** Reads the list of own event types; foreign ones that cannot be read are passed over. */
export function readEventTypes(body: unknown): CalcomEventType[] {
  const rows = readData(z.array(z.unknown()), body, 'a list of event types');
  return rows.flatMap((row) => {
    const parsed = eventTypeSchema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Reads who we are. */
export function readMe(body: unknown): CalcomMe {
  return readData(meSchema, body, 'an account');
}

function toBooking(raw: z.infer<typeof bookingSchema>): CalcomBooking {
  const id = raw.metadata?.['daybookId'];
  return {
    uid: raw.uid,
    start: raw.start,
    minutes: Math.round((raw.end - raw.start) / 60_000),
    active: raw.status === 'accepted' || raw.status === 'pending',
    createdAt: raw.createdAt ?? 0,
    appointmentId: typeof id === 'string' ? id : '',
    movedTo: raw.rescheduledToUid ?? '',
    movedFrom: raw.rescheduledFromUid ?? '',
  };
}

/** How customers without an address, or all of them, appear to Cal.com. */
export type AttendeePolicy = { mode: 'real' | 'placeholder'; placeholderDomain: string };

/** The attendee of a booking. Cal.com mails attendees by itself, so a placeholder address is one nobody reads. */
export function toAttendee(attendee: TargetAttendee, policy: AttendeePolicy, fallbackZone: string) {
  const placeholder = `customer-${attendee.customerId}@${policy.placeholderDomain}`;
  return {
    name: attendee.name === '' ? 'Customer' : attendee.name,
    email: policy.mode === 'placeholder' || attendee.email === '' ? placeholder : attendee.email,
    timeZone: attendee.timeZone === '' ? fallbackZone : attendee.timeZone,
  };
}

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** The hours in Cal.com's shape: days by name, 24:00 as 23:59, a closed date as 00:00 to 00:00. */
export function toScheduleBody(request: Pick<AvailabilityRequest, 'timeZone' | 'weekly' | 'dates'>) {
  return {
    timeZone: request.timeZone,
    availability: request.weekly.flatMap(({ weekday, startMinute, endMinute }) => {
      const times = clockTimes(startMinute, endMinute);
      return times ? [{ days: [dayNames[weekday - 1] ?? 'Monday'], ...times }] : [];
    }),
    overrides: request.dates.flatMap(({ date, windows }) => {
      const rows = windows.flatMap(({ startMinute, endMinute }) => clockTimes(startMinute, endMinute) ?? []);
      return (rows.length > 0 ? rows : [{ startTime: '00:00', endTime: '00:00' }]).map((times) => ({ date, ...times }));
    }),
  };
}

/** The last minute of a day alone cannot be said there (23:59 to 23:59 would mean closed), so it is left out. */
function clockTimes(startMinute: number, endMinute: number): { startTime: string; endTime: string } | undefined {
  const end = Math.min(endMinute, 1439);
  return startMinute < end ? { startTime: clockTime(startMinute), endTime: clockTime(end) } : undefined;
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

type ScheduleShape = Pick<CalcomSchedule, 'timeZone' | 'availability' | 'overrides'>;

/** Whether two schedules mean the same hours; the order of rows and the grouping of days say nothing. */
export function sameHours(a: ScheduleShape, b: ScheduleShape): boolean {
  return hoursKey(a) === hoursKey(b);
}

function hoursKey({ timeZone, availability, overrides }: ScheduleShape): string {
  const weekly = (availability ?? []).flatMap(({ days, startTime, endTime }) =>
    days.map((day) => `${day} ${startTime.slice(0, 5)} ${endTime.slice(0, 5)}`),
  );
  const dates = (overrides ?? []).map(
    ({ date, startTime, endTime }) => `${date.slice(0, 10)} ${startTime.slice(0, 5)} ${endTime.slice(0, 5)}`,
  );
  return JSON.stringify([timeZone, weekly.sort(), dates.sort()]);
}
