import { z } from 'zod';
import {
  color,
  durationMinutes,
  durationParameter,
  instant,
  limitParameter,
  override,
  timeZone,
  uuid,
} from './common.ts';

/** Where an appointment stands. */
export const appointmentStatus = z.enum(['scheduled', 'completed', 'no_show', 'cancelled']);

/** How an appointment stands with Cal.com. */
export const syncState = z.enum(['in_step', 'waiting', 'failed', 'different', 'off']);

/** How one appointment stands with Cal.com. */
export const appointmentSync = z
  .object({
    state: syncState,
    calcomBookingUid: z.string().optional(),
    syncedAt: instant.optional(),
    lastError: z.string().optional(),
  })
  .meta({ id: 'AppointmentSync' });

/** The type as an appointment shows it. */
export const appointmentTypeSummary = z
  .object({ id: uuid, name: z.string(), color })
  .meta({ id: 'AppointmentTypeSummary' });

/** The customer as an appointment shows them. */
export const appointmentCustomer = z
  .object({
    id: uuid,
    name: z.string(),
    email: z.string().optional(),
    phone: z.string().optional(),
    timeZone: z.string().optional(),
  })
  .meta({ id: 'AppointmentCustomer' });

/** An appointment. */
export const appointment = z
  .object({
    id: uuid,
    providerId: uuid,
    appointmentType: appointmentTypeSummary,
    customer: appointmentCustomer,
    start: instant,
    end: instant,
    durationMinutes: z.int(),
    status: appointmentStatus,
    notes: z.string(),
    arrivedAt: instant.optional(),
    cancellationReason: z.string().optional(),
    override: z.boolean(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
    sync: appointmentSync,
  })
  .meta({ id: 'Appointment' });

/** One line of an appointment's history. */
export const historyEntry = z
  .object({
    version: z.int(),
    action: z.enum([
      'booked',
      'rescheduled',
      'changed',
      'cancelled',
      'restored',
      'completed',
      'no_show',
      'arrived',
      'expected',
    ]),
    at: instant,
    actor: z.string(),
    reason: z.string().optional(),
    start: instant,
    end: instant,
    status: appointmentStatus,
    override: z.boolean(),
  })
  .meta({ id: 'AppointmentHistoryEntry' });

/** An appointment with its history, oldest line first. */
export const appointmentDetails = appointment
  .extend({ history: z.array(historyEntry) })
  .meta({ id: 'AppointmentDetails' });

const name = z.string().trim().min(1, 'is required').max(200, 'must be at most 200 characters');
const email = z.union([
  z.email('must be an e-mail address').max(254, 'must be at most 254 characters'),
  z.literal('').transform(() => undefined),
]);
const phone = z.string().trim().max(40, 'must be at most 40 characters');
const notes = z.string().max(5000, 'must be at most 5000 characters');
const reason = z.string().trim().max(500, 'must be at most 500 characters');

/** The customer of a booking; matched to a known one by e-mail, then phone, never by name. */
export const customerInput = z
  .strictObject({ name, email: email.optional(), phone: phone.optional(), timeZone: timeZone.optional() })
  .meta({ id: 'CustomerInput' });

/** Body of POST /api/appointments. */
export const bookAppointmentRequest = z
  .strictObject({
    customer: customerInput,
    start: instant,
    durationMinutes: durationMinutes.optional(),
    appointmentTypeId: uuid.optional(),
    providerId: uuid.optional(),
    notes: notes.optional(),
    override: override.optional(),
  })
  .refine((body) => body.durationMinutes !== undefined || body.appointmentTypeId !== undefined, {
    path: ['durationMinutes'],
    message: 'give durationMinutes or appointmentTypeId',
  })
  .meta({ id: 'BookAppointmentRequest' });

/** Body of PUT /api/appointments/{id}; absent fields stay. */
export const updateAppointmentRequest = z
  .strictObject({
    start: instant.optional(),
    durationMinutes: durationMinutes.optional(),
    customer: customerInput.optional(),
    notes: notes.optional(),
    override: override.optional(),
  })
  .refine((body) => Object.keys(body).some((key) => key !== 'override'), {
    path: [],
    message: 'give at least one of start, durationMinutes, customer, notes',
  })
  .meta({ id: 'UpdateAppointmentRequest' });

/** Body of POST /api/appointments/{id}/reschedule. */
export const rescheduleAppointmentRequest = z
  .strictObject({ start: instant, reason: reason.optional(), override: override.optional() })
  .meta({ id: 'RescheduleAppointmentRequest' });

/** Body of POST /api/appointments/{id}/attendance: how the visit went; `expected` takes it back. */
export const recordAttendanceRequest = z
  .strictObject({ attendance: z.enum(['expected', 'arrived', 'completed', 'no_show']) })
  .meta({ id: 'RecordAttendanceRequest' });

/** Query of DELETE /api/appointments/{id}. */
export const cancelAppointmentQuery = z.strictObject({ reason: reason.optional() });

/** Query of GET /api/appointments. Half-open by overlap: those that end after `from` and start before `to`. */
export const listAppointmentsQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(appointmentStatus))
    .optional()
    .meta({ description: 'One status or several, separated by commas.' }),
  providerId: uuid.optional(),
  customerId: uuid.optional(),
  q: z.string().trim().max(200, 'must be at most 200 characters').optional(),
  limit: limitParameter.optional(),
  cursor: z.string().max(500).optional(),
});

/** Answer of GET /api/appointments, chronological. */
export const appointmentPage = z
  .object({ items: z.array(appointment), nextCursor: z.string().optional() })
  .meta({ id: 'AppointmentPage' });

/** Query of GET /api/slots. */
export const listSlotsQuery = z.strictObject({
  from: instant,
  to: instant,
  durationMinutes: durationParameter.optional(),
  appointmentTypeId: uuid.optional(),
  providerId: uuid.optional(),
  rescheduleAppointmentId: uuid.optional().meta({ description: 'An appointment whose own time counts as free.' }),
});

/** Answer of GET /api/slots. */
export const slotList = z
  .object({
    slots: z.array(z.object({ start: instant, end: instant })),
    durationMinutes: z.int(),
    timeZone: z.string(),
  })
  .meta({ id: 'SlotList' });

/** Why a time cannot be booked; the first rule that applies, in this order. */
export const closedRule = z.enum([
  'past',
  'hours',
  'override',
  'appointment',
  'block',
  'hold',
  'buffer',
  'too_short',
  'notice',
  'horizon',
]);

/** A stretch in which no appointment of the asked length can start. */
export const closedTime = z
  .object({
    start: instant,
    end: instant,
    rule: closedRule,
    sourceId: uuid.optional().meta({ description: 'The appointment or block that stands there.' }),
    sourceLabel: z.string().optional().meta({ description: "Customer's name, block's title or the override's date." }),
    amount: z.int().optional().meta({ description: 'Minutes of buffer, notice or length; days of the horizon.' }),
    overridable: z.boolean().meta({ description: 'Whether the owner may book over it.' }),
  })
  .meta({ id: 'ClosedTime' });

/** Query of GET /api/slots/closed. */
export const listClosedTimesQuery = z.strictObject({
  from: instant,
  to: instant,
  durationMinutes: durationParameter.optional(),
  appointmentTypeId: uuid.optional(),
  providerId: uuid.optional(),
});

/** Answer of GET /api/slots/closed, sorted and disjoint. */
export const closedTimeList = z
  .object({ items: z.array(closedTime), timeZone: z.string() })
  .meta({ id: 'ClosedTimeList' });

/** A stretch in which nothing can start. */
export type ClosedTime = z.output<typeof closedTime>;
/** How a visit went. */
export type Attendance = z.output<typeof recordAttendanceRequest>['attendance'];
/** An appointment. */
export type Appointment = z.output<typeof appointment>;
/** An appointment with its history. */
export type AppointmentDetails = z.output<typeof appointmentDetails>;
/** One line of a history. */
export type AppointmentHistoryEntry = z.output<typeof historyEntry>;
/** Where an appointment stands. */
export type AppointmentStatus = z.output<typeof appointmentStatus>;
/** How an appointment stands with Cal.com. */
export type AppointmentSync = z.output<typeof appointmentSync>;
/** A page of appointments. */
export type AppointmentPage = z.output<typeof appointmentPage>;
/** Body of a booking. */
export type BookAppointmentRequest = z.input<typeof bookAppointmentRequest>;
/** Body of a change. */
export type UpdateAppointmentRequest = z.input<typeof updateAppointmentRequest>;
/** Body of a move. */
export type RescheduleAppointmentRequest = z.input<typeof rescheduleAppointmentRequest>;
/** Bookable starts. */
export type SlotList = z.output<typeof slotList>;
