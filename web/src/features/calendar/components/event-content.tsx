import type { Appointment } from '@daybook/http-contract/appointments';
import type { EventDisplayInfo } from '@fullcalendar/react';
import { Lock } from 'lucide-react';
import type { CSSProperties } from 'react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { describeAppointment } from '../../../lib/appointment-words.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { formatSpan, formatTime, formatTimeSpan } from '../../../lib/time.ts';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { baggageOf } from '../calendar-events.ts';
import type { CalendarEntry } from '../calendar-hand.ts';

/** One event of the calendar. What is seen is short; what is read out is whole. */
export function EventContent(props: { info: EventDisplayInfo }) {
  const { info } = props;
  if (info.event.display === 'inverse-background' || info.event.display === 'background') return null;
  // While it is dragged the event has its new time and the appointment its old one.
  const start = info.event.start?.toISOString();
  const end = info.event.end?.toISOString() ?? start;
  if (start === undefined || end === undefined) return null;
  const shape = shapeOf(info);
  const { entry, whose = '' } = baggageOf(info.event);
  return <EntryContent entry={entry} whose={whose} start={start} end={end} shape={shape} />;
}

/** How much room an event has: a row of the list, a line, a box, or a column of a phone too narrow for more than a name. */
type Shape = 'row' | 'short' | 'tall' | 'narrow';

function shapeOf(info: EventDisplayInfo): Shape {
  if (info.view.type.startsWith('list')) return 'row';
  if (info.view.type === 'timeGridWeek' && info.isNarrow) return 'narrow';
  return info.view.type === 'dayGridMonth' || info.isShort ? 'short' : 'tall';
}

/** Drawn again only when it differs: a week may hold hundreds. */
const EntryContent = memo(function EntryContent(props: {
  entry: CalendarEntry | undefined;
  /** The provider's name where several stand in one calendar, else empty. */
  whose: string;
  start: string;
  end: string;
  shape: Shape;
}) {
  const { entry, whose, start, end, shape } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  if (entry === undefined) {
    return (
      <span className="truncate px-1.5 text-xs font-semibold tabular-nums">
        {formatTimeSpan(start, end, timeZone, locale)}
      </span>
    );
  }
  if (entry.kind === 'block') {
    const { title } = entry.block;
    return (
      <span className="flex min-w-0 items-center gap-1 px-1.5 py-0.5 text-xs">
        <Lock aria-hidden className="size-3 shrink-0" />
        <span className="sr-only">
          {t('calendar.blockedSpan', { span: formatSpan(start, end, timeZone, locale), title })}
        </span>
        <span aria-hidden className="truncate">
          {[title === '' ? t('calendar.blocked') : title, whose].filter((part) => part !== '').join(' · ')}
        </span>
      </span>
    );
  }
  const { appointment } = entry;
  const fill = { '--type-colour': appointment.appointmentType.color } as CSSProperties;
  const name = <span className="truncate font-semibold">{appointment.customer.name}</span>;
  return (
    <>
      {shape !== 'row' && <span aria-hidden className="event-fill" style={fill} />}
      <span
        className={
          shape === 'tall'
            ? 'relative flex w-full min-w-0 flex-col py-0.5 pr-1 pl-2 text-xs leading-snug'
            : 'relative flex w-full min-w-0 items-center gap-1.5 pr-1 pl-2 text-xs'
        }
      >
        <span className="sr-only">
          {[describeAppointment({ ...appointment, start, end }, timeZone, locale, t), whose]
            .filter((part) => part !== '')
            .join(', ')}
        </span>
        {shape === 'narrow' && (
          <span aria-hidden className="block text-[0.6875rem] leading-tight font-semibold break-words">
            {appointment.customer.name}
          </span>
        )}
        {shape === 'narrow' ? null : shape === 'tall' ? (
          <>
            <span aria-hidden className="flex min-w-0 items-center justify-between gap-1">
              {name}
              <EventMark appointment={appointment} />
            </span>
            <span aria-hidden className="event-detail truncate">
              {[formatTimeSpan(start, end, timeZone, locale), whose, appointment.appointmentType.name]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </>
        ) : (
          <span aria-hidden className="flex min-w-0 flex-1 items-center gap-1.5">
            {shape === 'row' ? (
              <span className="event-dot" style={fill} />
            ) : (
              <span className="event-detail shrink-0 tabular-nums">{formatTime(start, timeZone, locale)}</span>
            )}
            {shape === 'row' ? (
              <span className="flex min-w-0 flex-col sm:flex-row sm:gap-2">
                <span className="w-24 shrink-0 tabular-nums">{formatTimeSpan(start, end, timeZone, locale)}</span>
                {name}
                <span className="truncate text-ink-soft">
                  {[appointment.appointmentType.name, whose].filter((part) => part !== '').join(' · ')}
                </span>
              </span>
            ) : (
              name
            )}
            <span className="ml-auto inline-flex pl-1">
              <EventMark appointment={appointment} />
            </span>
          </span>
        )}
      </span>
    </>
  );
});

/** What matters about it now: whether somebody came, and before that how it stands with Cal.com. */
function EventMark(props: { appointment: Appointment }) {
  const { t } = useTranslation();
  const { status, sync, arrivedAt } = props.appointment;
  if (status !== 'scheduled') {
    return <StatusMark kind={status} word={t(`status.${status}`)} sentence={t(`status.${status}`)} compact />;
  }
  if (arrivedAt !== undefined) {
    return <StatusMark kind="arrived" word={t('attendance.arrived')} sentence={t('attendance.arrived')} compact />;
  }
  return (
    <StatusMark
      kind={sync.state}
      word={t(`sync.words.${sync.state}`)}
      sentence={t(`sync.sentences.${sync.state}`)}
      compact
    />
  );
}
