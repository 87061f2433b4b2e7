import FullCalendar from '@fullcalendar/react';
import type { CalendarOptions, CalendarRef, EventApi, EventDisplayInfo } from '@fullcalendar/react';
import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/breezy/theme.css';
import { memo, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { useFlashing } from '../../../lib/recent-changes.ts';
import { formatDay, fromDate, minutesBetween, toInstant } from '../../../lib/time.ts';
import { useLatest } from '../../../lib/use-latest.ts';
import { baggageOf, toEvents } from '../calendar-events.ts';
import type { CalendarContent } from '../calendar-events.ts';
import { entryId, entrySpan, providerOf, stepMinutes } from '../calendar-hand.ts';
import type { CalendarEntry } from '../calendar-hand.ts';
import { calendarPlugins } from '../calendar-plugins.ts';
import { CalendarSceneProvider, makeCalendarWords } from '../calendar-scene.ts';
import type { CalendarScene } from '../calendar-scene.ts';
import { fullCalendarView } from '../calendar-views.ts';
import type { CalendarViewName } from '../calendar-views.ts';
import { findClash } from '../find-clash.ts';
import './calendar.css';
import { DayHeading } from './day-heading.tsx';
import { EventContent } from './event-content.tsx';
import { HourLabel } from './hour-label.tsx';

/** An entry put at a new time or given a new end. `undo` draws it back where it was. */
export type CalendarMove = { entry: CalendarEntry; start: string; durationMinutes: number; undo: () => void };

/** What a reader can do in the calendar by pointer. */
export type CalendarHandlers = {
  /** Without a length the usual one is meant. */
  onPickTime: (start: string, durationMinutes: number | undefined) => void;
  onPickDay: (day: string) => void;
  onOpen: (entry: CalendarEntry) => void;
  /** A click with Ctrl or Shift: chosen besides others, with Shift all from the last one on. */
  onChoose: (entry: CalendarEntry, upTo: boolean) => void;
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
  /** Ids of the entries that are chosen for something that is done to several. */
  chosen: ReadonlySet<string>;
  now: number;
  phone: boolean;
  readOnly: boolean;
  secondTimeZone: string | undefined;
  /** One provider's day among others: as high as the day is long, without a heading of its own. */
  isColumn: boolean;
};

/** The calendar itself. It knows no request: what it shows comes in, what is done to it goes out. */
export function CalendarView(props: Drawing & CalendarHandlers) {
  const { view, day, content, specialDays, held, chosen, now, phone, readOnly, secondTimeZone, isColumn } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const act = useLatest<CalendarHandlers>(props);
  const root = useRef<HTMLDivElement>(null);
  const [firstView] = useState(view);
  const words = useMemo(() => makeCalendarWords(timeZone, locale, t), [timeZone, locale, t]);
  const scene = useMemo<CalendarScene>(
    () => ({ words, day, specialDays, secondTimeZone, phone }),
    [words, day, specialDays, secondTimeZone, phone],
  );
  const flashing = useFlashing();
  // Drawing hundreds of entries takes longer than a press of a button may: the button answers first.
  const drawn = useDeferredValue(useMemo(() => ({ view, day, content }), [view, day, content]));
  useMarks(
    root,
    'held',
    useMemo(() => new Set(held === undefined ? [] : [entryId(held)]), [held]),
  );
  useMarks(root, 'chosen', chosen);
  useMarks(root, 'flash', flashing);
  // What may be moved changes when the next appointment begins, not with every look at the clock.
  const begun = content.appointments.filter(({ start }) => Date.parse(start) <= now).length;
  const [looked, setLooked] = useState({ begun, now });
  if (looked.begun !== begun) setLooked({ begun, now });
  return (
    <div
      ref={root}
      className={isColumn ? 'daybook-calendar' : 'daybook-calendar h-full'}
      data-column={isColumn || undefined}
      data-view={firstView}
    >
      <CalendarSceneProvider value={scene}>
        <DrawnCalendar
          root={root}
          view={drawn.view}
          day={drawn.day}
          content={drawn.content}
          now={looked.now}
          phone={phone}
          readOnly={readOnly}
          isColumn={isColumn}
          act={act}
        />
      </CalendarSceneProvider>
    </div>
  );
}

/**
 * Marks the entries of these ids with an attribute (`data-held` and so on), which the style sheet shows. Told to FullCalendar instead,
 * one mark would draw hundreds of entries anew.
 */
function useMarks(root: RefObject<HTMLElement | null>, mark: string, ids: ReadonlySet<string>): void {
  useLayoutEffect(() => {
    const all = [...ids].flatMap((id) => [
      ...(root.current?.querySelectorAll<HTMLElement>(`[data-entry$="${CSS.escape(id)}"]`) ?? []),
    ]);
    for (const element of all) element.dataset[mark] = '';
    return () => {
      for (const element of all) delete element.dataset[mark];
    };
  });
}

/** Drawn again only when what it shows changes: opening a panel renders the screen anew, and hundreds of appointments need not follow. */
const DrawnCalendar = memo(function DrawnCalendar(props: {
  root: RefObject<HTMLElement | null>;
  view: CalendarViewName;
  day: string;
  content: CalendarContent;
  now: number;
  phone: boolean;
  readOnly: boolean;
  isColumn: boolean;
  act: RefObject<CalendarHandlers>;
}) {
  const { root, view, day, content, now, phone, readOnly, isColumn, act } = props;
  const { t } = useTranslation();
  const { timeZone, locale, firstWeekday } = usePractice();
  const calendar = useRef<CalendarRef>(null);
  // Both are where the calendar begins; later they are changed through its own interface.
  const [first] = useState({ view, day });
  const latest = useLatest({ content, day });
  const events = useMemo(() => toEvents(content, now, readOnly), [content, now, readOnly]);

  useEffect(() => {
    // The look of the view comes with its entries, not before: either alone would style all of them twice.
    root.current?.setAttribute('data-view', view);
    calendar.current?.getApi().changeView(fullCalendarView[view], day);
  }, [root, view, day]);

  // Another function is another wish to FullCalendar, and every entry is drawn anew: these stay the same while they mean the same.
  const options = useMemo<CalendarOptions>(() => {
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
    return {
      plugins: calendarPlugins,
      timeZone,
      locale,
      firstDay: firstWeekday,
      headerToolbar: false,
      height: isColumn ? 'auto' : '100%',
      dayHeaders: !isColumn,
      allDaySlot: false,
      nowIndicator: true,
      scrollTime: '07:30:00',
      scrollTimeReset: false,
      slotDuration: '00:30:00',
      snapDuration: `00:${stepMinutes}:00`,
      slotHeaderInterval: '01:00:00',
      slotHeaderContent: (info) => <HourLabel time={info.time} />,
      // The entries write their times themselves; formatting hundreds once more would slow every step of a drag.
      displayEventTime: false,
      dayHeaderFormat: { weekday: phone ? 'narrow' : 'short', day: 'numeric' },
      views: {
        dayGridMonth: { dayHeaderFormat: { weekday: 'short' } },
        listAgenda: { type: 'list', duration: { days: 7 }, dateAlignment: 'day' },
      },
      dayHeaderContent: (info) => (
        <DayHeading
          date={info.date}
          text={info.text}
          weekdayText={info.weekdayText}
          dayNumberText={info.dayNumberText}
          isToday={info.isToday}
          view={info.view.type}
        />
      ),
      dayMaxEvents: phone ? 3 : 4,
      eventMinHeight: 22,
      eventShortHeight: 36,
      eventOverlap: true,
      slotEventOverlap: false,
      selectable: !readOnly,
      selectMirror: true,
      selectMinDistance: 4,
      longPressDelay: 350,
      editable: !readOnly,
      eventDurationEditable: true,
      navLinks: true,
      navLinkDayClick: (date) => act.current.onPickDay(fromDate(date, timeZone).slice(0, 10)),
      noEventsText: t('calendar.emptyWeek'),
      // A thumb does not hit one line of a month; it goes to the day, whatever of it is touched.
      moreLinkClick: (info) => {
        if (!phone) return 'popover';
        act.current.onPickDay(fromDate(info.date, timeZone).slice(0, 10));
        return fullCalendarView.day;
      },
      moreLinkClass: 'event-more',
      moreLinkText: (count) => t('calendar.more', { count }),
      eventClass: (info) => classOf(info, latest.current.content),
      eventContent: (info: EventDisplayInfo) => <EventContent info={info} />,
      eventDidMount: (info) => {
        const { entry } = baggageOf(info.event);
        if (entry !== undefined) info.el.dataset['entry'] = info.event.id;
      },
      dateClick: (info) => {
        if (info.allDay) act.current.onPickDay(info.dateStr.slice(0, 10));
        else if (!readOnly) act.current.onPickTime(fromDate(info.date, timeZone), undefined);
      },
      select: (info) => {
        calendar.current?.getApi().unselect();
        if (info.allDay) return act.current.onPickDay(info.startStr.slice(0, 10));
        const start = fromDate(info.start, timeZone);
        const minutes = minutesBetween(start, info.end.toISOString());
        // One cell is a click: the usual length. More is a length somebody drew.
        act.current.onPickTime(start, minutes <= stepMinutes ? undefined : minutes);
      },
      eventClick: (info) => {
        const { entry } = baggageOf(info.event);
        if (entry === undefined) return;
        const { ctrlKey, metaKey, shiftKey } = info.jsEvent;
        if (ctrlKey || metaKey || shiftKey) act.current.onChoose(entry, shiftKey);
        else if (phone && info.view.type === 'dayGridMonth') {
          act.current.onPickDay(fromDate(new Date(entrySpan(entry).start), timeZone).slice(0, 10));
        } else act.current.onOpen(entry);
      },
      eventDrop: (info) => move(info.event, info.revert),
      eventResize: (info) => move(info.event, info.revert),
      viewHint: () => formatDay(latest.current.day, locale),
    };
  }, [timeZone, locale, firstWeekday, isColumn, phone, readOnly, t, act, latest]);
  return (
    <FullCalendar
      ref={calendar}
      {...options}
      initialView={fullCalendarView[first.view]}
      initialDate={first.day}
      events={events}
    />
  );
});

function classOf(info: EventDisplayInfo, content: CalendarContent): string {
  if (info.event.display === 'inverse-background' || info.event.display === 'background') return '';
  const { entry } = baggageOf(info.event);
  const motion = info.isMirror ? ` event-ghost${wouldClash(info, entry, content) ? ' event-clash' : ''}` : '';
  if (entry === undefined) return `event-picked${motion}`;
  const past = info.isPast && !info.isMirror ? ' event-past' : '';
  if (entry.kind === 'block') return `event-block${motion}${past}`;
  const { status, sync } = entry.appointment;
  return `event-appointment event-${status} event-sync-${sync.state}${motion}${past}`;
}

function wouldClash(info: EventDisplayInfo, entry: CalendarEntry | undefined, content: CalendarContent): boolean {
  const span = { start: info.event.start?.getTime() ?? 0, end: info.event.end?.getTime() ?? 0 };
  return findClash(content, span, entry && entryId(entry), entry && providerOf(entry)) !== undefined;
}

/** In the month only the day is dropped on; the time of day stays, in the practice's zone. */
function startAfterMove(event: EventApi, moved: Date, before: string, zone: string): string {
  if (!event.allDay) return fromDate(moved, zone);
  return toInstant(event.startStr.slice(0, 10), fromDate(new Date(before), zone).slice(11, 16), zone) ?? before;
}
