import { z } from 'zod';
import type { AvailabilityRequest, TargetAttendee, TheirAttendee, TheirBooking } from '../target.ts';
import { garbage } from './errors.ts';

const instant = z.string().transform((text, context) => {
  const value = Date.parse(text);
  if (!Number.isNaN(value)) return value;
  context.addIssue({ code: 'custom', message: 'no instant' });
  return z.NEVER;
});

const text = z.string().nullish().catch(undefined);

const attendeeSchema = z.object({
  name: text,
  email: text,
  displayEmail: text,
  phoneNumber: text,
  timeZone: text,
  absent: z.boolean().nullish().catch(undefined),
  seatUid: text,
});

const bookingSchema = z.object({
  uid: z.string().min(1),
  icsUid: text,
  // What waits for a host to take it (instant meetings of hosted Cal.com) waits like what awaits a confirmation.
  status: z
    .enum(['accepted', 'pending', 'cancelled', 'rejected', 'awaiting_host'])
    .transform((status) => (status === 'awaiting_host' ? 'pending' : status)),
  start: instant,
  end: instant,
  createdAt: instant.optional().catch(undefined),
  updatedAt: instant.optional().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  rescheduledToUid: text,
  rescheduledFromUid: text,
  hosts: z
    .array(z.object({ id: z.union([z.number(), z.string()]) }))
    .nullish()
    .catch(undefined),
  attendees: z.array(attendeeSchema).nullish().catch(undefined),
  eventTypeId: z.number().nullish().catch(undefined),
  eventType: z.object({ id: z.number().nullish(), slug: z.string().nullish() }).nullish().catch(undefined),
  cancellationReason: text,
  rejectionReason: text,
  reschedulingReason: text,
  bookingFieldsResponses: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});

/** A booking as Cal.com shows it; whether we host it is for who knows our account to say. */
export type CalcomBooking = Omit<TheirBooking, 'hostedByUs'> & { hostIds: readonly string[] };

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
  title: z.string().nullish(),
  lengthInMinutes: z.number().int(),
  lengthInMinutesOptions: z.array(z.number().int()).nullish(),
  slotInterval: z.number().nullish(),
  // Its documented type is a list, what is sent is an object.
  bookingWindow: z.unknown(),
  confirmationPolicy: z.unknown(),
  seats: z.unknown(),
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

/** Reads one booking out of an envelope; the uid of a series is answered with all of it. */
export function readBooking(body: unknown, uid?: string): CalcomBooking {
  const read = readData(z.union([bookingSchema, z.array(bookingSchema).min(1)]), body, 'a booking');
  const all = Array.isArray(read) ? read : [read];
  return toBooking(all.find((booking) => booking.uid === uid) ?? all[0]!);
}

/** The addresses of a booking's attendees as the API wants them back. */
export function readAttendeeAddresses(body: unknown): string[] {
  const schema = z.object({ attendees: z.array(z.object({ email: z.string() })) });
  return readData(schema, body, 'a booking').attendees.map(({ email }) => email);
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
  const notes = raw.bookingFieldsResponses?.['notes'];
  return {
    uid: raw.uid,
    start: raw.start,
    minutes: Math.round((raw.end - raw.start) / 60_000),
    active: raw.status === 'accepted' || raw.status === 'pending',
    createdAt: raw.createdAt ?? 0,
    updatedAt: raw.updatedAt,
    status: raw.status,
    appointmentId: typeof id === 'string' ? id.toLowerCase() : '',
    movedTo: raw.rescheduledToUid ?? '',
    movedFrom: raw.rescheduledFromUid ?? '',
    chainId: filled(raw.icsUid) ?? raw.uid,
    hostIds: (raw.hosts ?? []).map((host) => String(host.id)),
    attendees: (raw.attendees ?? []).map(toTheirAttendee),
    seated: (raw.attendees ?? []).some(({ seatUid }) => filled(seatUid) !== undefined),
    eventTypeId: String(raw.eventType?.id ?? raw.eventTypeId ?? ''),
    eventTypeSlug: raw.eventType?.slug ?? '',
    notes: typeof notes === 'string' ? notes : '',
    reason: filled(raw.cancellationReason) ?? filled(raw.rejectionReason) ?? filled(raw.reschedulingReason) ?? '',
  };
}

function filled(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text;
}

/** Who books by telephone gets an address there that nobody reads. */
function toTheirAttendee(raw: z.infer<typeof attendeeSchema>): TheirAttendee {
  const email = filled(raw.displayEmail) ?? filled(raw.email) ?? '';
  return {
    name: raw.name ?? '',
    email: email.endsWith('@sms.cal.com') ? '' : email,
    phone: raw.phoneNumber ?? '',
    timeZone: raw.timeZone ?? '',
    absent: raw.absent === true,
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
