import type { Appointment } from '@daybook/http-contract/appointments';
import type { EventDisplayInfo } from '@fullcalendar/react';
import { Lock } from 'lucide-react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { marks } from '../../../ui/status-mark.tsx';
import type { MarkKind } from '../../../ui/status-mark.tsx';
import { baggageOf } from '../calendar-events.ts';
import type { CalendarEntry } from '../calendar-hand.ts';
import { useCalendarScene } from '../calendar-scene.ts';
import type { CalendarWords } from '../calendar-scene.ts';

/** One event of the calendar. What is seen is short; what is read out is whole. */
export function EventContent(props: { info: EventDisplayInfo }) {
  const { info } = props;
  const { phone } = useCalendarScene();
  if (info.event.display === 'inverse-background' || info.event.display === 'background') return null;
  const { entry, whose = '' } = baggageOf(info.event);
  const stands = entry?.kind === 'block' ? entry.block : entry?.appointment;
  // While it is dragged the event has its new time and the appointment its old one.
  const isElsewhere = info.isMirror || stands === undefined;
  const start = isElsewhere ? info.event.start?.toISOString() : stands.start;
  const end = isElsewhere ? (info.event.end?.toISOString() ?? start) : stands.end;
  if (start === undefined || end === undefined) return null;
  return <EntryContent entry={entry} whose={whose} start={start} end={end} shape={shapeOf(info, phone)} />;
}

/**
 * How much room an event has: a row of the list, a line of the month, there on a phone a name alone, in the day and the week a line or a box, or a column too narrow for
 * more than a name. Where the place says the time the name comes first, since it is the end that is cut off.
 */
type Shape = 'row' | 'line' | 'chip' | 'short' | 'tall' | 'narrow';

function shapeOf(info: EventDisplayInfo, phone: boolean): Shape {
  if (info.view.type.startsWith('list')) return 'row';
  if (info.view.type === 'timeGridWeek' && info.isNarrow) return 'narrow';
  if (info.view.type === 'dayGridMonth') return phone ? 'chip' : 'line';
  return info.isShort ? 'short' : 'tall';
}

/**
 * Drawn again only when it differs, and of few elements: a week may hold hundreds. The whole sentence is the label of the button that
 * FullCalendar draws around it.
 */
const EntryContent = memo(function EntryContent(props: {
  entry: CalendarEntry | undefined;
  /** The provider's name where several stand in one calendar, else empty. */
  whose: string;
  start: string;
  end: string;
  shape: Shape;
}) {
  const { entry, whose, start, end, shape } = props;
  const { words } = useCalendarScene();
  const root = useRef<HTMLSpanElement>(null);
  const label = describe(entry, whose, start, end, shape, words);
  useLayoutEffect(() => {
    if (label !== '') root.current?.closest('[role=button]')?.setAttribute('aria-label', label);
  }, [label]);
  if (entry === undefined) {
    return <span className="truncate px-1.5 text-xs font-semibold tabular-nums">{words.span(start, end)}</span>;
  }
  if (entry.kind === 'block') {
    return (
      <span ref={root} className={`entry ${shape === 'chip' ? 'entry-chip' : 'entry-line'}`}>
        {shape !== 'chip' && <Lock aria-hidden className="size-3 shrink-0" />}
        <span className="truncate">{blockWords(entry.block.title, whose, words)}</span>
      </span>
    );
  }
  const { appointment } = entry;
  const { name } = appointment.customer;
  if (shape === 'narrow' || shape === 'chip') {
    return (
      <span ref={root} className={`entry entry-${shape}`}>
        {name}
      </span>
    );
  }
  const mark = drawMark(markOf(appointment), words);
  if (shape === 'tall') {
    return (
      <span ref={root} className="entry entry-tall">
        <span className="entry-text entry-name">{name}</span> {mark}
        <span className="entry-text event-detail">{detailWords(appointment, whose, words.span(start, end))}</span>
      </span>
    );
  }
  if (shape === 'line' || shape === 'short') {
    const time = <span className="event-detail">{words.time(start)}</span>;
    return (
      <span ref={root} className="entry entry-line">
        <span className={`entry-text ${shape === 'short' ? 'entry-fit' : ''}`}>
          {shape === 'line' && time} <span className="entry-name">{name}</span> {shape === 'short' && time}
        </span>
        {mark}
      </span>
    );
  }
  return (
    <span ref={root} className="entry entry-line entry-row">
      <span className="event-dot" />
      <span className="flex min-w-0 flex-col sm:flex-row sm:gap-2">
        <span className="shrink-0 tabular-nums sm:w-36">{words.span(start, end)}</span>{' '}
        <span className="entry-text entry-name">{name}</span>{' '}
        <span className="truncate text-ink-soft">{join(' · ', appointment.appointmentType.name, whose)}</span>
      </span>
      {mark}
    </span>
  );
});

/**
 * The whole of an entry in words; empty for a stretch that is only being drawn. It begins as what is seen is written, by which a voice
 * can name it (WCAG 2.5.3); then comes what there is no room for.
 */
function describe(
  entry: CalendarEntry | undefined,
  whose: string,
  start: string,
  end: string,
  shape: Shape,
  words: CalendarWords,
): string {
  if (entry === undefined) return '';
  if (entry.kind === 'block') {
    const seen = blockWords(entry.block.title, whose, words);
    return join(', ', seen, entry.block.title === '' ? '' : words.blocked, words.daySpan(start, end));
  }
  const { status, sync, customer, appointmentType } = entry.appointment;
  const span = words.span(start, end);
  const seen = {
    narrow: customer.name,
    chip: customer.name,
    line: `${words.time(start)} ${customer.name}`,
    short: `${customer.name} ${words.time(start)}`,
    tall: `${customer.name} ${detailWords(entry.appointment, whose, span)}`,
    row: `${span} ${customer.name} ${join(' · ', appointmentType.name, whose)}`,
  }[shape];
  const isWhole = shape === 'tall' || shape === 'row';
  const when = isWhole ? words.day(start) : words.daySpan(start, end);
  const standing = status === 'scheduled' ? '' : words.status(status);
  return join(', ', seen, when, words.mark(sync.state), standing, isWhole ? '' : whose);
}

function detailWords({ appointmentType }: Appointment, whose: string, span: string): string {
  return join(' · ', span, whose, appointmentType.name);
}

function blockWords(title: string, whose: string, words: CalendarWords): string {
  return join(' · ', title === '' ? words.blocked : title, whose);
}

/** What matters about it now: whether somebody came, and before that how it stands with Cal.com. */
function markOf({ status, sync, arrivedAt }: Appointment): MarkKind {
  if (status !== 'scheduled') return status;
  return arrivedAt === undefined ? sync.state : 'arrived';
}

/** The marks of all states; each icon is made once, since most entries carry the same. */
const icons = Object.fromEntries(
  Object.entries(marks).map(([kind, { Icon, look }]) => [
    kind,
    <Icon key={kind} aria-hidden className={`size-3.5 ${look}`} />,
  ]),
) as Record<MarkKind, ReactNode>;

function drawMark(kind: MarkKind, words: CalendarWords): ReactNode {
  return (
    <span title={words.mark(kind)} className="entry-mark" data-state={kind}>
      {icons[kind]}
    </span>
  );
}

function join(by: string, ...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(by);
}
