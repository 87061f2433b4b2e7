import type { Appointment } from '@daybook/http-contract/appointments';
import type { Block } from '@daybook/http-contract/practice';
import FullCalendar from '@fullcalendar/react';
import type { CalendarRef, DateSelectInfo, EventApi, EventDisplayInfo } from '@fullcalendar/react';
import dayGrid from '@fullcalendar/react/daygrid';
import interaction from '@fullcalendar/react/interaction';
import list from '@fullcalendar/react/list';
import '@fullcalendar/react/skeleton.css';
import breezy from '@fullcalendar/react/themes/breezy';
import '@fullcalendar/react/themes/breezy/theme.css';
import timeGrid from '@fullcalendar/react/timegrid';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatDay, fromDate, minutesBetween, toInstant } from '../../../lib/time.ts';
import { toEvents } from '../calendar-events.ts';
import type { CalendarContent } from '../calendar-events.ts';
import { fullCalendarView } from '../calendar-views.ts';
import type { CalendarViewName } from '../calendar-views.ts';
import './calendar.css';
import { EventContent } from './event-content.tsx';

const plugins = [breezy, timeGrid, dayGrid, list, interaction];

/** An appointment dragged to a new time or to a new end. `undo` puts it back where it was drawn. */
export type CalendarMove = { appointment: Appointment; start: string; durationMinutes: number; undo: () => void };

/** The calendar itself. It knows no request: what it shows comes in, what is done to it goes out. */
export function CalendarView(props: {
  view: CalendarViewName;
  day: string;
  content: CalendarContent;
  now: number;
  phone: boolean;
  onPickTime: (start: string, durationMinutes: number | undefined) => void;
  onPickDay: (day: string) => void;
  onOpen: (appointment: Appointment) => void;
  onOpenBlock: (block: Block) => void;
  onMove: (move: CalendarMove) => void;
}) {
  const { view, day, content } = props;
  const { t } = useTranslation();
  const { timeZone, locale, firstWeekday, twelveHour } = usePractice();
  const calendar = useRef<CalendarRef>(null);
  const events = useMemo(() => toEvents(content, props.now), [content, props.now]);

  useEffect(() => {
    calendar.current?.getApi().changeView(fullCalendarView[view], day);
  }, [view, day]);

  const pick = (info: DateSelectInfo) => {
    calendar.current?.getApi().unselect();
    if (info.allDay) return props.onPickDay(info.startStr.slice(0, 10));
    const start = fromDate(info.start, timeZone);
    const minutes = minutesBetween(start, info.end.toISOString());
    // One cell is a click: the type's usual length. More is a length somebody drew.
    props.onPickTime(start, minutes <= 15 ? undefined : minutes);
  };
  const move = (event: EventApi, undo: () => void) => {
    const { appointment } = event.extendedProps as { appointment?: Appointment };
    if (appointment === undefined || event.start === null) return undo();
    const start = startAfterMove(event, event.start, appointment, timeZone);
    const end = event.end?.toISOString();
    props.onMove({
      appointment,
      start,
      durationMinutes: event.allDay || end === undefined ? appointment.durationMinutes : minutesBetween(start, end),
      undo,
    });
  };

  return (
    <div className="daybook-calendar min-h-0 flex-1" data-view={view}>
      <FullCalendar
        ref={calendar}
        plugins={plugins}
        initialView={fullCalendarView[view]}
        initialDate={day}
        timeZone={timeZone}
        locale={locale}
        firstDay={firstWeekday}
        headerToolbar={false}
        height="100%"
        allDaySlot={false}
        nowIndicator
        scrollTime="07:30:00"
        scrollTimeReset={false}
        slotDuration="00:30:00"
        snapDuration="00:15:00"
        slotHeaderInterval="01:00:00"
        slotHeaderFormat={{ hour: twelveHour ? 'numeric' : '2-digit', minute: '2-digit', hour12: twelveHour }}
        eventTimeFormat={{ hour: 'numeric', minute: '2-digit', hour12: twelveHour }}
        dayHeaderFormat={
          view === 'month' ? { weekday: 'short' } : { weekday: props.phone ? 'narrow' : 'short', day: 'numeric' }
        }
        dayMaxEvents={props.phone ? 2 : 4}
        eventMinHeight={22}
        eventShortHeight={36}
        eventOverlap={(standing) => standing.display === 'inverse-background'}
        slotEventOverlap={false}
        selectable
        selectMirror
        selectOverlap={(event) => event.display === 'inverse-background'}
        selectMinDistance={4}
        longPressDelay={350}
        editable
        eventDurationEditable
        navLinks
        navLinkDayClick={(date) => props.onPickDay(fromDate(date, timeZone).slice(0, 10))}
        noEventsText={t('calendar.emptyWeek')}
        moreLinkClick="popover"
        moreLinkText={(count) => t('calendar.more', { count })}
        events={events}
        eventClass={(info: EventDisplayInfo) => eventClass(info)}
        eventContent={(info: EventDisplayInfo) => <EventContent info={info} />}
        dateClick={(info) => {
          if (info.allDay) props.onPickDay(info.dateStr.slice(0, 10));
          else props.onPickTime(fromDate(info.date, timeZone), undefined);
        }}
        select={pick}
        eventClick={(info) => {
          const { appointment, block } = info.event.extendedProps as { appointment?: Appointment; block?: Block };
          if (appointment !== undefined) props.onOpen(appointment);
          if (block !== undefined) props.onOpenBlock(block);
        }}
        eventDrop={(info) => move(info.event, info.revert)}
        eventResize={(info) => move(info.event, info.revert)}
        viewHint={() => formatDay(day, locale)}
      />
    </div>
  );
}

/** In the month only the day is dropped on; the time of day stays, in the practice's zone. */
function startAfterMove(event: EventApi, moved: Date, before: Appointment, zone: string): string {
  if (!event.allDay) return fromDate(moved, zone);
  return (
    toInstant(event.startStr.slice(0, 10), fromDate(new Date(before.start), zone).slice(11, 16), zone) ?? before.start
  );
}

function eventClass(info: EventDisplayInfo): string {
  const { appointment, block } = info.event.extendedProps as { appointment?: Appointment; block?: Block };
  if (block !== undefined) return 'event-block';
  if (appointment === undefined) return info.event.display === 'inverse-background' ? '' : 'event-ghost';
  return `event-appointment event-${appointment.status} event-sync-${appointment.sync.state}`;
}
