import type { Appointment } from '@daybook/http-contract/appointments';
import type { Interval } from '@daybook/http-contract/availability';
import type { AppointmentType, Block } from '@daybook/http-contract/practice';
import type { EventInput } from '@fullcalendar/react';
import type { CalendarEntry } from './calendar-hand.ts';

/** What stands in the calendar. */
export type CalendarContent = {
  appointments: readonly Appointment[];
  blocks: readonly Block[];
  /** Open time by the rules; what lies between is closed. */
  open: readonly Interval[];
  /** For the buffers around appointments. */
  types: readonly AppointmentType[];
  /** Whose each entry is, by the provider's id, where several stand in one calendar. */
  names?: ReadonlyMap<string, string> | undefined;
};

/** What an event of the calendar carries along. */
export type EventBaggage = { entry?: CalendarEntry; whose?: string | undefined };

/** The baggage of an event. */
export function baggageOf(event: { extendedProps: Record<string, unknown> }): EventBaggage {
  return event.extendedProps;
}

/** Everything in the calendar as FullCalendar takes it. Instants keep their meaning; the calendar knows the zone. */
export function toEvents(content: CalendarContent, now: number, readOnly: boolean): EventInput[] {
  const buffers = new Map(content.types.map((type) => [type.id, type]));
  const standing = content.appointments.filter((appointment) => appointment.status !== 'cancelled');
  return [
    ...content.open.map((interval, index) => ({
      id: `open-${index}`,
      groupId: 'open',
      start: interval.start,
      end: interval.end,
      display: 'inverse-background',
      className: 'closed-time',
    })),
    ...standing.flatMap((appointment) => buffersOf(appointment, buffers.get(appointment.appointmentType.id))),
    ...content.blocks.map((block) => ({
      id: `block-${block.id}`,
      start: block.start,
      end: block.end,
      title: block.title,
      editable: !readOnly,
      extendedProps: {
        entry: { kind: 'block', block },
        whose: content.names?.get(block.providerId),
      } satisfies EventBaggage,
    })),
    ...standing.map((appointment) => ({
      id: appointment.id,
      start: appointment.start,
      end: appointment.end,
      title: appointment.customer.name,
      color: appointment.appointmentType.color,
      editable: !readOnly && canMove(appointment, now),
      extendedProps: {
        entry: { kind: 'appointment', appointment },
        whose: content.names?.get(appointment.providerId),
      } satisfies EventBaggage,
    })),
  ];
}

/** Whether an appointment can be given another place: it is still to come. */
export function canMove(appointment: Appointment, now: number): boolean {
  return appointment.status === 'scheduled' && Date.parse(appointment.start) > now;
}

/** The time kept free before and after an appointment, as its type wants. */
function buffersOf(appointment: Appointment, type: AppointmentType | undefined): EventInput[] {
  if (type === undefined || appointment.status !== 'scheduled') return [];
  const start = Date.parse(appointment.start);
  const end = Date.parse(appointment.end);
  const stretch = (part: string, from: number, to: number) => ({
    id: `buffer-${part}-${appointment.id}`,
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    display: 'background',
    className: 'buffer-time',
  });
  return [
    ...(type.bufferBeforeMinutes > 0 ? [stretch('before', start - type.bufferBeforeMinutes * 60_000, start)] : []),
    ...(type.bufferAfterMinutes > 0 ? [stretch('after', end, end + type.bufferAfterMinutes * 60_000)] : []),
  ];
}
