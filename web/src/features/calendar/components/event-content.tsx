import type { Appointment } from '@daybook/http-contract/appointments';
import type { Block } from '@daybook/http-contract/practice';
import type { EventDisplayInfo } from '@fullcalendar/react';
import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeAppointment } from '../../../lib/appointment-words.ts';
import { formatSpan, formatTime, formatTimeSpan } from '../../../lib/time.ts';
import { StatusMark } from '../../../ui/status-mark.tsx';

/** One appointment or block in the calendar. What is seen is short; what is read out is whole. */
export function EventContent(props: { info: EventDisplayInfo }) {
  const { info } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  if (info.event.display === 'inverse-background') return null;
  const { appointment, block } = info.event.extendedProps as { appointment?: Appointment; block?: Block };
  // While it is dragged the event has its new time and the appointment its old one.
  const start = info.event.start?.toISOString();
  const end = info.event.end?.toISOString() ?? start;
  if (start === undefined || end === undefined) return null;

  if (block !== undefined) {
    return (
      <span className="flex min-w-0 items-center gap-1 px-1.5 py-0.5 text-xs">
        <Lock aria-hidden className="size-3 shrink-0" />
        <span className="truncate">{block.title === '' ? t('calendar.blocked') : block.title}</span>
        <span className="sr-only">{formatSpan(start, end, timeZone, locale)}</span>
      </span>
    );
  }
  if (appointment === undefined) {
    return <span className="px-1.5 text-xs font-medium">{formatTimeSpan(start, end, timeZone, locale)}</span>;
  }
  const isShort = info.view.type === 'dayGridMonth' || info.isShort;
  const name = <span className="truncate font-semibold">{appointment.customer.name}</span>;
  const mark = <EventMark appointment={appointment} />;
  return (
    <span
      className={
        isShort
          ? 'flex w-full min-w-0 items-center gap-1.5 px-1 text-xs'
          : 'flex w-full min-w-0 flex-col px-1 py-0.5 text-xs leading-snug'
      }
    >
      <span className="sr-only">{describeAppointment({ ...appointment, start, end }, timeZone, locale, t)}</span>
      {isShort ? (
        <span aria-hidden className="flex min-w-0 flex-1 items-center gap-1">
          <span className="shrink-0 tabular-nums opacity-85">{formatTime(start, timeZone, locale)}</span>
          {name}
          <span className="ml-auto inline-flex pl-1">{mark}</span>
        </span>
      ) : (
        <>
          <span aria-hidden className="flex min-w-0 items-center justify-between gap-1">
            {name}
            {mark}
          </span>
          <span aria-hidden className="truncate opacity-85">
            {formatTimeSpan(start, end, timeZone, locale)} · {appointment.appointmentType.name}
          </span>
        </>
      )}
    </span>
  );
}

/** What matters about it now: whether somebody came, and before that how it stands with Cal.com. */
function EventMark(props: { appointment: Appointment }) {
  const { t } = useTranslation();
  const { status, sync } = props.appointment;
  if (status !== 'scheduled') {
    return <StatusMark kind={status} word={t(`status.${status}`)} sentence={t(`status.${status}`)} compact />;
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
