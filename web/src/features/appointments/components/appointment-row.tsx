import type { Appointment } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { describeAppointment } from '../../../lib/appointment-words.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { useFlashing } from '../../../lib/recent-changes.ts';
import { formatTime } from '../../../lib/time.ts';
import { classNames } from '../../../ui/class-names.ts';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { SyncMark } from './sync-mark.tsx';

/** One appointment in a list: when, who, what, and how it stands. The whole row opens it. */
export function AppointmentRow(props: { appointment: Appointment; isPast?: boolean; onOpen: (id: string) => void }) {
  const { appointment, isPast = false } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const isCancelled = appointment.status === 'cancelled';
  return (
    <button
      type="button"
      data-appointment={appointment.id}
      onClick={() => props.onOpen(appointment.id)}
      className={classNames(
        'flex min-h-16 w-full items-center gap-4 px-4 py-2.5 text-left transition-colors hover:bg-sunken',
        isPast && 'text-ink-soft',
        useFlashing().has(appointment.id) && 'animate-flash',
      )}
    >
      <span className="sr-only">{describeAppointment(appointment, timeZone, locale, t)}</span>
      <span aria-hidden className="w-19 shrink-0 whitespace-nowrap tabular-nums md:w-20">
        <span className="block font-medium">{formatTime(appointment.start, timeZone, locale)}</span>
        <span className="block text-sm text-ink-soft">
          {t('common.minutesShort', { count: appointment.durationMinutes })}
        </span>
      </span>
      <span aria-hidden className="min-w-0 flex-1">
        <span
          className={classNames('line-clamp-2 font-medium break-words sm:line-clamp-1', isCancelled && 'line-through')}
        >
          {appointment.customer.name}
        </span>
        <span className="block truncate text-sm text-ink-soft">
          {[appointment.appointmentType.name, appointment.notes].filter((part) => part !== '').join(' · ')}
        </span>
      </span>
      <span aria-hidden className="flex shrink-0 flex-col items-end gap-1 sm:flex-row sm:items-center">
        {appointment.status !== 'scheduled' && (
          <StatusMark
            kind={appointment.status}
            word={t(`status.${appointment.status}`)}
            sentence={t(`status.${appointment.status}`)}
          />
        )}
        <SyncMark sync={appointment.sync} shortOnPhone />
      </span>
    </button>
  );
}
