import type { Appointment } from '@daybook/http-contract/appointments';
import type { Interval } from '@daybook/http-contract/availability';
import type { Block } from '@daybook/http-contract/practice';
import type { EventInput } from '@fullcalendar/react';

/** What stands in the calendar. */
export type CalendarContent = {
  appointments: readonly Appointment[];
  blocks: readonly Block[];
  /** Open time by the rules; what lies between is closed. */
  open: readonly Interval[];
};

/** Everything in the calendar as FullCalendar takes it. Instants keep their meaning; the calendar knows the zone. */
export function toEvents(content: CalendarContent, now: number): EventInput[] {
  return [
    ...content.open.map((interval, index) => ({
      id: `open-${index}`,
      groupId: 'open',
      start: interval.start,
      end: interval.end,
      display: 'inverse-background',
      className: 'closed-time',
    })),
    // Without any open time there is nothing to invert: all of it is closed.
    ...content.blocks.map((block) => ({
      id: `block-${block.id}`,
      start: block.start,
      end: block.end,
      title: block.title,
      editable: false,
      extendedProps: { block },
    })),
    ...content.appointments
      .filter((appointment) => appointment.status !== 'cancelled')
      .map((appointment) => ({
        id: appointment.id,
        start: appointment.start,
        end: appointment.end,
        title: appointment.customer.name,
        editable: appointment.status === 'scheduled' && Date.parse(appointment.start) > now,
        extendedProps: { appointment },
      })),
  ];
}
