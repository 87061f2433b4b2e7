import FullCalendar from '@fullcalendar/react';
import type { CalendarRef, DateSelectInfo, EventApi, EventDisplayInfo, SlotHeaderInfo } from '@fullcalendar/react';
import dayGrid from '@fullcalendar/react/daygrid';
import interaction from '@fullcalendar/react/interaction';
import list from '@fullcalendar/react/list';
import '@fullcalendar/react/skeleton.css';
import breezy from '@fullcalendar/react/themes/breezy';
import '@fullcalendar/react/themes/breezy/theme.css';
import timeGrid from '@fullcalendar/react/timegrid';
import { memo, useEffect, useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { useFlashing } from '../../../lib/recent-changes.ts';
import { formatDay, fromDate, minutesBetween, toInstant } from '../../../lib/time.ts';
import { useLatest } from '../../../lib/use-latest.ts';
import { baggageOf, isHeld, toEvents } from '../calendar-events.ts';
import type { CalendarContent } from '../calendar-events.ts';
import { entrySpan, providerOf, stepMinutes } from '../calendar-hand.ts';
import type { CalendarEntry } from '../calendar-hand.ts';
import { fullCalendarView } from '../calendar-views.ts';
import type { CalendarViewName } from '../calendar-views.ts';
import { findClash } from '../find-clash.ts';
import './calendar.css';
import { DayHeading } from './day-heading.tsx';
import { EventContent } from './event-content.tsx';
import { HourLabel } from './hour-label.tsx';

const plugins = [breezy, timeGrid, dayGrid, list, interaction];

/** An entry put at a new time or given a new end. `undo` draws it back where it was. */
export type CalendarMove = { entry: CalendarEntry; start: string; durationMinutes: number; undo: () => void };

/** What a reader can do in the calendar by pointer. */
export type CalendarHandlers = {
  /** Without a length the usual one is meant. */
  onPickTime: (start: string, durationMinutes: number | undefined) => void;
  onPickDay: (day: string) => void;
  onOpen: (entry: CalendarEntry) => void;
  onMove: (move: CalendarMove) => void;
};

type Drawing = {
  view: CalendarViewName;
  day: string;
  content: CalendarContent;
  /** Days, YYYY-MM-DD, with hours of their own. */
  specialDays: ReadonlySet<string>;
  /** What the keyboard holds away from its place. */
  held: CalendarEntry | undefined;
  now: number;
  phone: boolean;
  readOnly: boolean;
  secondTimeZone: string | undefined;
  /** One provider's day among others: as high as the day is long, without a heading of its own. */
  isColumn: boolean;
};

/** The calendar itself. It knows no request: what it shows comes in, what is done to it goes out. */
export function CalendarView(props: Drawing & CalendarHandlers) {
  const { view, day, content, specialDays, held, now, phone, readOnly, secondTimeZone, isColumn } = props;
  const act = useLatest<CalendarHandlers>(props);
  const drawing = { view, day, content, specialDays, held, now, phone, readOnly, secondTimeZone, isColumn };
  return (
    <div
      className={isColumn ? 'daybook-calendar' : 'daybook-calendar h-full'}
      data-column={isColumn || undefined}
      data-view={view}
    >
      <DrawnCalendar {...drawing} act={act} />
    </div>
  );
}

/** Drawn again only when what it shows changes: opening a panel renders the screen anew, and hundreds of appointments need not follow. */
const DrawnCalendar = memo(function DrawnCalendar(props: Drawing & { act: RefObject<CalendarHandlers> }) {
  const { view, day, content, specialDays, held, now, phone, readOnly, secondTimeZone, isColumn, act } = props;
  const { t } = useTranslation();
  const { timeZone, locale, firstWeekday } = usePractice();
  const calendar = useRef<CalendarRef>(null);
  const flashing = useFlashing();
  const events = useMemo(() => toEvents(content, now, readOnly), [content, now, readOnly]);

  useEffect(() => {
    calendar.current?.getApi().changeView(fullCalendarView[view], day);
  }, [view, day]);
  const pick = (info: DateSelectInfo) => {
    calendar.current?.getApi().unselect();
    if (info.allDay) return act.current.onPickDay(info.startStr.slice(0, 10));
    const start = fromDate(info.start, timeZone);
    const minutes = minutesBetween(start, info.end.toISOString());
    // One cell is a click: the usual length. More is a length somebody drew.
    act.current.onPickTime(start, minutes <= stepMinutes ? undefined : minutes);
  };
  const move = (event: EventApi, undo: () => void) => {
    const { entry } = baggageOf(event);
    if (entry === undefined || event.start === null) return undo();
    const before = entrySpan(entry);
    const minutesBefore = minutesBetween(before.start, before.end);
    const end = event.end?.toISOString();
    act.current.onMove({
      entry,
      start: startAfterMove(event, event.start, before.start, timeZone),
      durationMinutes:
        event.allDay || end === undefined ? minutesBefore : minutesBetween(event.start.toISOString(), end),
      undo,
    });
  };
  const classOf = (info: EventDisplayInfo): string => {
    const { entry } = baggageOf(info.event);
    if (info.event.display === 'inverse-background' || info.event.display === 'background') return '';
    const span = { start: info.event.start?.getTime() ?? 0, end: info.event.end?.getTime() ?? 0 };
    const inMotion = info.isMirror;
    const id = entry === undefined ? undefined : entry.kind === 'block' ? `block-${entry.block.id}` : info.event.id;
    const moved = entry?.kind === 'appointment' ? entry.appointment.id : id;
    const clash =
      inMotion && findClash(content, span, moved, entry && providerOf(entry)) !== undefined ? ' event-clash' : '';
    const motion = inMotion ? ` event-ghost${clash}` : '';
    if (entry === undefined) return `event-picked${motion}`;
    const away = !inMotion && isHeld(entry, held) ? ' event-held' : '';
    const lit = flashing.has(info.event.id.replace(/^block-/, '')) ? ' event-flash' : '';
    const past = info.isPast && !inMotion ? ' event-past' : '';
    if (entry.kind === 'block') return `event-block${motion}${away}${lit}${past}`;
    const { status, sync } = entry.appointment;
    return `event-appointment event-${status} event-sync-${sync.state}${motion}${away}${lit}${past}`;
  };
  const hintOf = (text: string, date: Date): string => {
    const seen = { weekday: phone ? 'narrow' : 'short', day: 'numeric', timeZone } as const;
    const isSpecial = specialDays.has(fromDate(date, timeZone).slice(0, 10));
    return [new Intl.DateTimeFormat(locale, seen).format(date), text, isSpecial ? t('calendar.specialHours') : '']
      .filter((part) => part !== '')
      .join(', ');
  };
  return (
    <FullCalendar
      ref={calendar}
      plugins={plugins}
      initialView={fullCalendarView[view]}
      initialDate={day}
      timeZone={timeZone}
      locale={locale}
      firstDay={firstWeekday}
      headerToolbar={false}
      height={isColumn ? 'auto' : '100%'}
      dayHeaders={!isColumn}
      allDaySlot={false}
      nowIndicator
      scrollTime="07:30:00"
      scrollTimeReset={false}
      slotDuration="00:30:00"
      snapDuration={`00:${stepMinutes}:00`}
      slotHeaderInterval="01:00:00"
      slotHeaderContent={(info: SlotHeaderInfo) => (
        <HourLabel time={info.time} day={day} secondTimeZone={secondTimeZone} />
      )}
      // The entries write their times themselves; formatting hundreds once more would slow every step of a drag.
      displayEventTime={false}
      dayHeaderFormat={
        view === 'month' ? { weekday: 'short' } : { weekday: phone ? 'narrow' : 'short', day: 'numeric' }
      }
      dayHeaderContent={(info) => (
        <DayHeading
          text={phone && view === 'week' ? `${info.weekdayText} ${info.dayNumberText}` : info.text}
          isStacked={phone && view === 'week'}
          isToday={view !== 'month' && info.isToday}
          isSpecial={view !== 'month' && specialDays.has(fromDate(info.date, timeZone).slice(0, 10))}
        />
      )}
      dayMaxEvents={phone ? 2 : 4}
      eventMinHeight={22}
      eventShortHeight={36}
      eventOverlap
      slotEventOverlap={false}
      selectable={!readOnly}
      selectMirror
      selectMinDistance={4}
      longPressDelay={350}
      editable={!readOnly}
      eventDurationEditable
      navLinks
      // What is seen is part of what is read out, or a voice could not name it.
      dayHeaderDidMount={({ el, date }: { el: HTMLElement; date: Date }) => {
        const labelled = el.matches('[aria-label]') ? el : el.querySelector('[aria-label]');
        const label = labelled?.getAttribute('aria-label');
        if (typeof label === 'string') labelled?.setAttribute('aria-label', hintOf(label, date));
      }}
      navLinkDayClick={(date) => act.current.onPickDay(fromDate(date, timeZone).slice(0, 10))}
      noEventsText={t('calendar.emptyWeek')}
      moreLinkClick="popover"
      moreLinkText={(count) => t('calendar.more', { count })}
      events={events}
      eventClass={classOf}
      eventContent={(info: EventDisplayInfo) => <EventContent info={info} />}
      eventDidMount={(info) => {
        const { entry } = baggageOf(info.event);
        if (entry !== undefined) info.el.dataset['entry'] = info.event.id;
      }}
      dateClick={(info) => {
        if (info.allDay) act.current.onPickDay(info.dateStr.slice(0, 10));
        else if (!readOnly) act.current.onPickTime(fromDate(info.date, timeZone), undefined);
      }}
      select={pick}
      eventClick={(info) => {
        const { entry } = baggageOf(info.event);
        if (entry !== undefined) act.current.onOpen(entry);
      }}
      eventDrop={(info) => move(info.event, info.revert)}
      eventResize={(info) => move(info.event, info.revert)}
      viewHint={() => formatDay(day, locale)}
    />
  );
});

/** In the month only the day is dropped on; the time of day stays, in the practice's zone. */
function startAfterMove(event: EventApi, moved: Date, before: string, zone: string): string {
  if (!event.allDay) return fromDate(moved, zone);
  return toInstant(event.startStr.slice(0, 10), fromDate(new Date(before), zone).slice(11, 16), zone) ?? before;
}
