import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/appointments';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { AppointmentHistoryEntry__Output } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentHistoryEntry';
import type { AppointmentStatus__Output } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentStatus';
import type { AppointmentSync__Output } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentSync';
import type { BookAppointmentRequest } from '@daybook/protos/gen/daybook/scheduling/v1/BookAppointmentRequest';
import type { Customer__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Customer';
import type { CustomerInput } from '@daybook/protos/gen/daybook/scheduling/v1/CustomerInput';
import type { GetAppointmentResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/GetAppointmentResponse';
import type { ListAppointmentsRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ListAppointmentsRequest';
import type { SyncState__Output } from '@daybook/protos/gen/daybook/scheduling/v1/SyncState';
import type { UpdateAppointmentRequest } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateAppointmentRequest';
import {
  instantToJson,
  instantToProto,
  optionalInstant,
  optionalInstantToProto,
  optionalText,
  required,
} from './instants.ts';

const statusToProto = {
  scheduled: 'APPOINTMENT_STATUS_SCHEDULED',
  completed: 'APPOINTMENT_STATUS_COMPLETED',
  no_show: 'APPOINTMENT_STATUS_NO_SHOW',
  cancelled: 'APPOINTMENT_STATUS_CANCELLED',
} as const;

const statusToJson = {
  APPOINTMENT_STATUS_SCHEDULED: 'scheduled',
  APPOINTMENT_STATUS_COMPLETED: 'completed',
  APPOINTMENT_STATUS_NO_SHOW: 'no_show',
  APPOINTMENT_STATUS_CANCELLED: 'cancelled',
} as const;

const syncStateJson = {
  SYNC_STATE_UNSPECIFIED: 'off',
  SYNC_STATE_OFF: 'off',
  SYNC_STATE_WAITING: 'waiting',
  SYNC_STATE_IN_STEP: 'in_step',
  SYNC_STATE_FAILED: 'failed',
  SYNC_STATE_DIFFERENT: 'different',
} as const;

const historyActions = [
  'booked',
  'rescheduled',
  'changed',
  'cancelled',
  'restored',
  'completed',
  'no_show',
  'arrived',
  'expected',
] as const;

/** How a visit went, as scheduling names it. */
export const attendanceToProto = {
  expected: 'ATTENDANCE_EXPECTED',
  arrived: 'ATTENDANCE_ARRIVED',
  completed: 'ATTENDANCE_COMPLETED',
  no_show: 'ATTENDANCE_NO_SHOW',
} as const satisfies Record<contract.Attendance, string>;

function mapStatus(status: AppointmentStatus__Output): contract.AppointmentStatus {
  if (status === 'APPOINTMENT_STATUS_UNSPECIFIED') throw new Error('an appointment without a status');
  return statusToJson[status];
}

/** The word the public surface uses for a sync state. */
export function mapSyncState(state: SyncState__Output): contract.AppointmentSync['state'] {
  return syncStateJson[state];
}

function mapSync(sync: AppointmentSync__Output | null): contract.AppointmentSync {
  if (!sync) return { state: 'off' };
  return {
    state: mapSyncState(sync.state),
    ...optionalText('calcomBookingUid', sync.externalUid),
    ...optionalInstant('syncedAt', sync.syncedAt),
    ...optionalText('lastError', sync.lastError),
  };
}

function mapAppointmentCustomer(customer: Customer__Output): contract.Appointment['customer'] {
  return {
    id: customer.id,
    name: customer.name,
    ...optionalText('email', customer.email),
    ...optionalText('phone', customer.phone),
    ...optionalText('timeZone', customer.timeZone),
  };
}

/** An appointment as the public surface shows it; all times RFC 3339 in UTC. */
export function mapAppointment(appointment: Appointment__Output): contract.Appointment {
  const type = required(appointment.appointmentType);
  return {
    id: appointment.id,
    providerId: appointment.providerId,
    appointmentType: { id: type.id, name: type.name, color: type.color },
    customer: mapAppointmentCustomer(required(appointment.customer)),
    start: instantToJson(appointment.start),
    end: instantToJson(appointment.end),
    durationMinutes: appointment.durationMinutes,
    status: mapStatus(appointment.status),
    notes: appointment.notes,
    ...optionalInstant('arrivedAt', appointment.arrivedAt),
    ...optionalText('cancellationReason', appointment.cancellationReason),
    override: appointment.override,
    version: appointment.version,
    createdAt: instantToJson(appointment.createdAt),
    updatedAt: instantToJson(appointment.updatedAt),
    sync: mapSync(appointment.sync),
  };
}

/** One line of a history. */
function mapHistoryEntry(entry: AppointmentHistoryEntry__Output): contract.AppointmentHistoryEntry {
  const action = historyActions.find((known) => known === entry.action);
  if (!action) throw new Error('a history entry with an unknown action');
  return {
    version: entry.version,
    action,
    at: instantToJson(entry.at),
    actor: entry.actor,
    ...optionalText('reason', entry.reason),
    start: instantToJson(entry.start),
    end: instantToJson(entry.end),
    status: mapStatus(entry.status),
    override: entry.override,
  };
}

type CustomerBody = z.output<typeof contract.customerInput>;

/** Who comes, as scheduling takes it. */
export function customerToProto(customer: CustomerBody): CustomerInput {
  return {
    name: customer.name,
    email: customer.email ?? '',
    phone: customer.phone ?? '',
    timeZone: customer.timeZone ?? '',
  };
}

/** A booking as the command scheduling takes. */
export function bookToProto(
  body: z.output<typeof contract.bookAppointmentRequest>,
  idempotencyKey: string,
): BookAppointmentRequest {
  return {
    providerId: body.providerId ?? '',
    appointmentTypeId: body.appointmentTypeId ?? '',
    durationMinutes: body.durationMinutes ?? 0,
    start: instantToProto(body.start),
    customer: customerToProto(body.customer),
    notes: body.notes ?? '',
    override: body.override ?? false,
    idempotencyKey,
  };
}

/** A change as the command scheduling takes; `expectedVersion` 0 means no check. */
export function updateToProto(
  id: string,
  body: z.output<typeof contract.updateAppointmentRequest>,
  expectedVersion: number,
  idempotencyKey: string,
): UpdateAppointmentRequest {
  return {
    id,
    expectedVersion,
    start: optionalInstantToProto(body.start),
    durationMinutes: body.durationMinutes ?? 0,
    customer: body.customer ? customerToProto(body.customer) : null,
    ...(body.notes === undefined ? {} : { notes: body.notes }),
    override: body.override ?? false,
    idempotencyKey,
  };
}

/** Filters of the list as scheduling takes them. */
export function listAppointmentsToProto(
  query: z.output<typeof contract.listAppointmentsQuery>,
): ListAppointmentsRequest {
  return {
    from: optionalInstantToProto(query.from),
    to: optionalInstantToProto(query.to),
    statuses: (query.status ?? []).map((status) => statusToProto[status]),
    providerIds: query.providerId === undefined ? [] : [query.providerId],
    query: query.q ?? '',
    limit: query.limit ?? 0,
    cursor: query.cursor ?? '',
    customerId: query.customerId ?? '',
  };
}

/** An appointment with its history. */
export function mapAppointmentDetails(answer: GetAppointmentResponse__Output): contract.AppointmentDetails {
  return { ...mapAppointment(required(answer.appointment)), history: answer.history.map(mapHistoryEntry) };
}
