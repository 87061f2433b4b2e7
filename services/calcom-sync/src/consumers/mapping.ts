import { fromTimestamp } from '@daybook/protos/instant';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { Availability__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Availability';
import type { SchedulingEvent__Output } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import type { Presence } from '../domain/calendar-link.ts';
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
  return availability ? toHoursChange(event, availability, at) : { kind: 'nothing' };
}

function toAppointmentChange(event: SchedulingEvent__Output, appointment: Appointment__Output, at: Date): Change {
  const { customer } = appointment;
  if (!appointment.start) return { kind: 'nothing' };
  return {
    kind: 'appointment',
    organizationId: event.organizationId,
    providerId: appointment.providerId,
    appointmentId: appointment.id,
    at,
    wanted: {
      version: event.aggregateVersion,
      presence: presenceOf(appointment.status),
      start: fromTimestamp(appointment.start).getTime(),
      minutes: appointment.durationMinutes,
      attendee: {
        customerId: customer?.id ?? appointment.id,
        name: customer?.name ?? '',
        email: customer?.email ?? '',
        timeZone: customer?.timeZone ?? '',
      },
    },
  };
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
