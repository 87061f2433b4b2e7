import { fromTimestamp } from '@daybook/protos/instant';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { AppointmentType__Output } from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentType';
import type { Availability__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Availability';
import type { SchedulingEvent__Output } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import type { OursStatus, Presence, Wanted } from '../domain/calendar-link.ts';
import type { TypeOffer } from '../domain/type-offer.ts';
import type { Change } from '../engine/desired-state.ts';

/** What a scheduling event means for a calendar; kinds we do not know, or that do not concern one, mean nothing. */
export function toChange(event: SchedulingEvent__Output): Change {
  const at = event.occurredAt ? fromTimestamp(event.occurredAt) : new Date();
  const appointment =
    event.appointmentBooked?.appointment ??
    event.appointmentRescheduled?.appointment ??
    event.appointmentChanged?.appointment ??
    event.appointmentCancelled?.appointment;
  if (appointment) return toAppointmentChange(event, appointment, at);
  const availability = event.availabilityChanged?.availability;
  if (availability) return toHoursChange(event, availability, at);
  const { organizationId, customerChanged } = event;
  if (customerChanged?.erased)
    return { kind: 'erased', organizationId, appointmentIds: customerChanged.appointmentIds };
  const type = event.appointmentTypeChanged?.appointmentType;
  return type ? toTypeChange(event, type, at) : { kind: 'nothing' };
}

function toTypeChange(event: SchedulingEvent__Output, type: AppointmentType__Output, at: Date): Change {
  const { organizationId, aggregateVersion: version } = event;
  return { kind: 'type', organizationId, appointmentTypeId: type.id, version, at, offer: toOffer(type) };
}

function toOffer(type: AppointmentType__Output): TypeOffer {
  return {
    name: type.name,
    slug: type.slug,
    durations: type.durationsMinutes,
    bufferBefore: type.bufferBeforeMinutes,
    bufferAfter: type.bufferAfterMinutes,
    notice: type.minimumNoticeMinutes,
    horizonDays: type.horizonDays,
    slotStep: type.slotStepMinutes,
    archived: type.archived,
  };
}

function toAppointmentChange(event: SchedulingEvent__Output, appointment: Appointment__Output, at: Date): Change {
  const wanted = toWanted(appointment, event.aggregateVersion);
  if (!wanted) return { kind: 'nothing' };
  const type = appointment.appointmentType;
  return {
    kind: 'appointment',
    organizationId: event.organizationId,
    providerId: appointment.providerId,
    appointmentId: appointment.id,
    at,
    wanted,
    ...(type?.slug ? { type: { version: type.version, offer: toOffer(type) } } : {}),
  };
}

/** What an appointment as scheduling tells it wants of a calendar; undefined for one without a time. */
export function toWanted(appointment: Appointment__Output, version: number): Wanted | undefined {
  const { customer } = appointment;
  if (!appointment.start) return undefined;
  return {
    version,
    presence: presenceOf(appointment.status),
    status: statusOf(appointment.status),
    appointmentTypeId: appointment.appointmentType?.id ?? '',
    start: fromTimestamp(appointment.start).getTime(),
    minutes: appointment.durationMinutes,
    attendee: {
      customerId: customer?.id ?? appointment.id,
      name: customer?.name ?? '',
      email: customer?.email ?? '',
      timeZone: customer?.timeZone ?? '',
    },
  };
}

function statusOf(status: Appointment__Output['status']): OursStatus {
  if (status === 'APPOINTMENT_STATUS_CANCELLED') return 'cancelled';
  if (status === 'APPOINTMENT_STATUS_NO_SHOW') return 'no_show';
  return status === 'APPOINTMENT_STATUS_COMPLETED' ? 'completed' : 'scheduled';
}

/** What took place, or was missed, stays as the calendar has it. */
function presenceOf(status: Appointment__Output['status']): Presence {
  if (status === 'APPOINTMENT_STATUS_CANCELLED') return 'absent';
  return status === 'APPOINTMENT_STATUS_SCHEDULED' ? 'present' : 'as_is';
}

function toHoursChange(event: SchedulingEvent__Output, availability: Availability__Output, at: Date): Change {
  const { version, timeZone, weekly, overrides } = availability;
  return {
    kind: 'hours',
    organizationId: event.organizationId,
    providerId: availability.providerId,
    at,
    hours: {
      version,
      timeZone,
      weekly: weekly.map(({ weekday, startMinute, endMinute }) => ({ weekday, startMinute, endMinute })),
      overrides: overrides.map(({ date, endDate, intervals }) => ({
        date,
        endDate: endDate === '' ? date : endDate,
        intervals: intervals.map(({ startMinute, endMinute }) => ({ startMinute, endMinute })),
      })),
    },
  };
}
