import type { Appointment, AppointmentSync } from '@daybook/http-contract/appointments';
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
  const inMonth = info.view.type === 'dayGridMonth';
  const inList = info.view.type.startsWith('list');
  return (
    <span
      className={
        inMonth || info.isShort
          ? 'flex w-full min-w-0 items-center gap-1.5 px-1.5 text-xs'
          : 'flex w-full min-w-0 flex-col px-1.5 py-1 text-xs leading-snug'
      }
    >
      <span className="sr-only">{describeAppointment({ ...appointment, start, end }, timeZone, locale, t)}</span>
      <span aria-hidden className="flex min-w-0 items-center gap-1">
        <span className="truncate font-semibold">{appointment.customer.name}</span>
        <SyncDot sync={appointment.sync} word={t(`sync.words.${appointment.sync.state}`)} />
      </span>
      <span aria-hidden className="truncate opacity-85">
        {inList ? '' : inMonth || info.isShort ? formatTime(start, timeZone, locale) : formatTimeSpan(start, end, timeZone, locale)}
        {!inMonth && !info.isShort && `${inList ? '' : ' · '}${appointment.appointmentType.name}`}
      </span>
    </span>
  );
}

function SyncDot(props: { sync: AppointmentSync; word: string }) {
  return <StatusMark kind={props.sync.state} word={props.word} sentence={props.word} compact />;
}
