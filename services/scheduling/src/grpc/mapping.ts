import type { Appointment as ProtoAppointment } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { Attendance__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Attendance';
import type { AppointmentHistoryEntry } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentHistoryEntry';
import type { AppointmentStatus__Output } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentStatus';
import type {
  AppointmentType as ProtoType,
  AppointmentType__Output,
} from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentType';
import type { Availability } from '@daybook/protos/gen/daybook/scheduling/v1/Availability';
import type { Block as ProtoBlock } from '@daybook/protos/gen/daybook/scheduling/v1/Block';
import type { BookAppointmentRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/BookAppointmentRequest';
import type { CancelAppointmentRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CancelAppointmentRequest';
import type { CreateBlockRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CreateBlockRequest';
import type { CustomerInput__Output } from '@daybook/protos/gen/daybook/scheduling/v1/CustomerInput';
import type { Interval as ProtoInterval } from '@daybook/protos/gen/daybook/scheduling/v1/Interval';
import type { ListAppointmentsRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListAppointmentsRequest';
import type { ListSlotsRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListSlotsRequest';
import type { RecordAttendanceRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/RecordAttendanceRequest';
import type { ReplaceAvailabilityRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ReplaceAvailabilityRequest';
import type { RescheduleAppointmentRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/RescheduleAppointmentRequest';
import type { UpdateAppointmentRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/UpdateAppointmentRequest';
import { ValidationError } from '@daybook/runtime/errors';
import type { AppointmentView } from '../app/appointment-view.ts';
import type { BookAppointment } from '../app/book-appointment.ts';
import type { CancelAppointment } from '../app/cancel-appointment.ts';
import type { CreateBlock } from '../app/create-block.ts';
import type { ListAppointments } from '../app/list-appointments.ts';
import type { ListSlots } from '../app/list-slots.ts';
import type { RecordAttendance } from '../app/record-attendance.ts';
import type { ReplaceAvailability } from '../app/replace-availability.ts';
import type { RescheduleAppointment } from '../app/reschedule-appointment.ts';
import type { UpdateAppointment } from '../app/update-appointment.ts';
import type { AppointmentStatus, HistoryEntry } from '../domain/appointment.ts';
import type { Attendance } from '../domain/attendance.ts';
import type { AppointmentType, AppointmentTypeInput } from '../domain/appointment-type.ts';
import type { AvailabilityRules } from '../domain/availability.ts';
import type { Block } from '../domain/block.ts';
import type { CustomerDetails } from '../domain/customer.ts';
import type { Interval } from '../domain/interval.ts';
import type { SyncState } from '../domain/sync-state.ts';
import { readId, readInstant, readOptionalId, writeInstant, writeOptionalInstant } from './fields.ts';

const statusNames = {
  scheduled: 'APPOINTMENT_STATUS_SCHEDULED',
  completed: 'APPOINTMENT_STATUS_COMPLETED',
  no_show: 'APPOINTMENT_STATUS_NO_SHOW',
  cancelled: 'APPOINTMENT_STATUS_CANCELLED',
} as const satisfies Record<AppointmentStatus, AppointmentStatus__Output>;

const syncNames = {
  off: 'SYNC_STATE_OFF',
  waiting: 'SYNC_STATE_WAITING',
  in_step: 'SYNC_STATE_IN_STEP',
  failed: 'SYNC_STATE_FAILED',
  different: 'SYNC_STATE_DIFFERENT',
} as const satisfies Record<SyncState, string>;

function readStatus(name: AppointmentStatus__Output): AppointmentStatus {
  const found = Object.entries(statusNames).find(([, proto]) => proto === name);
  if (found) return found[0] as AppointmentStatus;
  throw new ValidationError([{ pointer: '/status', message: 'Name a known status.' }]);
}

const attendanceNames = {
  ATTENDANCE_EXPECTED: 'expected',
  ATTENDANCE_ARRIVED: 'arrived',
  ATTENDANCE_COMPLETED: 'completed',
  ATTENDANCE_NO_SHOW: 'no_show',
} as const satisfies Partial<Record<Attendance__Output, Attendance>>;

/** How a visit went. @throws ValidationError when it is not said */
export function readAttendance(name: Attendance__Output): Attendance {
  if (name !== 'ATTENDANCE_UNSPECIFIED' && name in attendanceNames) return attendanceNames[name];
  throw new ValidationError([{ pointer: '/attendance', message: 'Say how the visit went.' }]);
}

/** A request as the use case takes it. */
export function readAttendanceRecord(request: RecordAttendanceRequest__Output): RecordAttendance {
  const { expectedVersion } = request;
  return { id: readId(request.id, '/id'), attendance: readAttendance(request.attendance), expectedVersion };
}

/** Who comes, as somebody said; undefined when nobody did. */
export function readCustomer(customer: CustomerInput__Output | null): CustomerDetails | undefined {
  if (!customer) return undefined;
  const { name, email, phone, timeZone } = customer;
  return { name, email, phone, timeZone };
}

/** A request as the use case takes it. */
export function readBooking(request: BookAppointmentRequest__Output): BookAppointment {
  return {
    providerId: readOptionalId(request.providerId, '/providerId'),
    appointmentTypeId: readOptionalId(request.appointmentTypeId, '/appointmentTypeId'),
    durationMinutes: request.durationMinutes,
    start: readInstant(request.start, '/start'),
    customer: readCustomer(request.customer),
    notes: request.notes,
    override: request.override,
    idempotencyKey: request.idempotencyKey,
  };
}

/** A request as the use case takes it. */
export function readUpdate(request: UpdateAppointmentRequest__Output): UpdateAppointment {
  return {
    id: readId(request.id, '/id'),
    expectedVersion: request.expectedVersion,
    start: readInstant(request.start, '/start'),
    durationMinutes: request.durationMinutes,
    customer: readCustomer(request.customer),
    // The loader's marker of an optional field says whether it was sent; an empty text clears.
    notes: request._notes === 'notes' ? request.notes : undefined,
    override: request.override,
    idempotencyKey: request.idempotencyKey,
  };
}

/** A request as the use case takes it. */
export function readReschedule(request: RescheduleAppointmentRequest__Output): RescheduleAppointment {
  return {
    id: readId(request.id, '/id'),
    start: readInstant(request.start, '/start'),
    reason: request.reason,
    expectedVersion: request.expectedVersion,
    override: request.override,
    idempotencyKey: request.idempotencyKey,
  };
}

/** A request as the use case takes it. */
export function readCancellation(request: CancelAppointmentRequest__Output): CancelAppointment {
  return { id: readId(request.id, '/id'), reason: request.reason, expectedVersion: request.expectedVersion };
}

/** A request as the use case takes it. */
export function readAppointmentFilter(request: ListAppointmentsRequest__Output): ListAppointments {
  return {
    from: readInstant(request.from, '/from'),
    to: readInstant(request.to, '/to'),
    statuses: request.statuses.map(readStatus),
    providerIds: request.providerIds.map((id) => readId(id, '/providerId')),
    customerId: readOptionalId(request.customerId, '/customerId'),
    words: request.query,
    limit: request.limit,
    cursor: request.cursor,
  };
}

/** A request as the use case takes it. */
export function readClosedQuestion(
  request: Omit<ListSlotsRequest__Output, 'rescheduleAppointmentId'>,
): Omit<ListSlots, 'rescheduleAppointmentId'> {
  return {
    providerId: readOptionalId(request.providerId, '/providerId'),
    appointmentTypeId: readOptionalId(request.appointmentTypeId, '/appointmentTypeId'),
    durationMinutes: request.durationMinutes,
    from: readInstant(request.from, '/from'),
    to: readInstant(request.to, '/to'),
  };
}

/** A request as the use case takes it. */
export function readSlotQuestion(request: ListSlotsRequest__Output): ListSlots {
  return {
    ...readClosedQuestion(request),
    rescheduleAppointmentId: readOptionalId(request.rescheduleAppointmentId, '/rescheduleAppointmentId'),
  };
}

/** A request as the use case takes it; an absent last day means a single day. */
export function readAvailability(request: ReplaceAvailabilityRequest__Output): ReplaceAvailability {
  return {
    providerId: readOptionalId(request.providerId, '/providerId'),
    expectedVersion: request.expectedVersion,
    rules: readRules(request),
  };
}

/** A rule set as a request carries it, not yet judged. */
export function readRules(
  request: Pick<ReplaceAvailabilityRequest__Output, 'timeZone' | 'weekly' | 'overrides'>,
): AvailabilityRules {
  return {
    timeZone: request.timeZone,
    weekly: request.weekly.map(({ weekday, startMinute, endMinute }) => ({ weekday, startMinute, endMinute })),
    overrides: request.overrides.map(({ date, endDate, intervals }) => ({
      date,
      endDate: endDate === '' ? date : endDate,
      intervals: intervals.map(({ startMinute, endMinute }) => ({ startMinute, endMinute })),
    })),
  };
}

/** A request as the use case takes it. */
export function readBlock(request: CreateBlockRequest__Output): CreateBlock {
  return {
    providerId: readOptionalId(request.providerId, '/providerId'),
    start: readInstant(request.start, '/start'),
    end: readInstant(request.end, '/end'),
    title: request.title,
  };
}

/** What a person set on a type. @throws ValidationError when the message is missing */
export function readType(type: AppointmentType__Output | null): AppointmentTypeInput {
  if (!type) throw new ValidationError([{ pointer: '', message: 'Give an appointment type.' }]);
  return {
    name: type.name,
    slug: type.slug,
    durationsMinutes: type.durationsMinutes,
    bufferBeforeMinutes: type.bufferBeforeMinutes,
    bufferAfterMinutes: type.bufferAfterMinutes,
    minimumNoticeMinutes: type.minimumNoticeMinutes,
    horizonDays: type.horizonDays,
    slotStepMinutes: type.slotStepMinutes,
    color: type.color,
    archived: type.archived,
  };
}

/** A type as the wire carries it. */
export function writeType(type: AppointmentType): ProtoType {
  return { ...type, durationsMinutes: [...type.durationsMinutes] };
}

/** An appointment with its mark as the wire carries it. */
export function writeAppointment(view: AppointmentView): ProtoAppointment {
  const { type, start, end, status, arrivedAt, createdAt, updatedAt, sync, ...rest } = view;
  return {
    ...rest,
    appointmentType: writeType(type),
    start: writeInstant(start),
    end: writeInstant(end),
    durationMinutes: Math.round((end - start) / 60_000),
    status: statusNames[status],
    arrivedAt: writeOptionalInstant(arrivedAt),
    createdAt: writeInstant(createdAt),
    updatedAt: writeInstant(updatedAt),
    sync: {
      state: syncNames[sync.state],
      externalUid: sync.externalUid,
      syncedAt: writeOptionalInstant(sync.syncedAt),
      lastError: sync.lastError,
    },
  };
}

/** A history line as the wire carries it. */
export function writeHistoryEntry(entry: HistoryEntry): AppointmentHistoryEntry {
  return {
    ...entry,
    at: writeInstant(entry.at),
    start: writeInstant(entry.start),
    end: writeInstant(entry.end),
    status: statusNames[entry.status],
  };
}

/** A rule set as the wire carries it. */
export function writeAvailability(stored: {
  provider: { id: string; organizationId: string };
  availability: AvailabilityRules;
  version: number;
}): Availability {
  const { provider, availability, version } = stored;
  return {
    providerId: provider.id,
    organizationId: provider.organizationId,
    version,
    timeZone: availability.timeZone,
    weekly: availability.weekly.map((window) => ({ ...window })),
    overrides: availability.overrides.map((override) => ({
      ...override,
      intervals: override.intervals.map((window) => ({ ...window })),
    })),
  };
}

/** A stretch of time as the wire carries it. */
export function writeInterval(interval: Interval): ProtoInterval {
  return { start: writeInstant(interval.start), end: writeInstant(interval.end) };
}

/** A block as the wire carries it. */
export function writeBlock(block: Block): ProtoBlock {
  return { ...block, start: writeInstant(block.start), end: writeInstant(block.end) };
}
