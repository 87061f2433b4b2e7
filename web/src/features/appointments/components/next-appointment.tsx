import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import { Mail, Phone } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { dayOf, formatDay, formatDistance, formatTimeSpan, todayIn } from '../../../lib/time.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { AttendanceButtons } from './attendance-buttons.tsx';
import { SyncMark } from './sync-mark.tsx';

/** The appointment that runs or comes next, large: who, when, how to reach them, and whether they came. */
export function NextAppointment(props: {
  appointment: Appointment;
  now: number;
  readOnly: boolean;
  onOpen: (id: string) => void;
  onReschedule: (id: string) => void;
  onAttendance: (before: Appointment, attendance: Attendance) => void;
}) {
  const { appointment, now, readOnly } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const heading = useId();
  const { customer } = appointment;
  const day = dayOf(appointment.start, timeZone);
  const isToday = day === todayIn(timeZone);
  const isRunning = Date.parse(appointment.start) <= now;
  return (
    <section
      aria-labelledby={heading}
      className="relative overflow-hidden rounded-2xl border border-line bg-card p-5 shadow-card md:p-6"
    >
      <span
        aria-hidden
        className="absolute inset-y-0 left-0 w-1.5"
        style={{ background: appointment.appointmentType.color }}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id={heading} className="text-sm font-medium text-accent">
          {isRunning ? t('today.now') : t('today.next', { distance: formatDistance(appointment.start, now, locale) })}
        </h2>
        <SyncMark sync={appointment.sync} />
      </div>
      <p className="mt-2 text-3xl font-semibold tracking-tight tabular-nums md:text-4xl">
        {formatTimeSpan(appointment.start, appointment.end, timeZone, locale)}
      </p>
      {!isToday && <p className="text-ink-soft">{formatDay(day, locale)}</p>}
      <p className="mt-1 text-xl font-medium break-words">{customer.name}</p>
      <p className="text-ink-soft">
        {appointment.appointmentType.name} · {t('common.minutes', { count: appointment.durationMinutes })}
      </p>
      {appointment.notes !== '' && (
        <p className="mt-2 line-clamp-3 break-words whitespace-pre-line">{appointment.notes}</p>
      )}
      {isToday && !readOnly && (
        <div className="mt-4">
          <AttendanceButtons
            appointment={appointment}
            onRecord={(attendance) => props.onAttendance(appointment, attendance)}
          />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => props.onOpen(appointment.id)}>
          {t('today.details')}
        </Button>
        {!isRunning && !readOnly && (
          <Button onClick={() => props.onReschedule(appointment.id)}>{t('details.reschedule')}</Button>
        )}
        {customer.phone !== undefined && (
          <a className={buttonClass('secondary')} href={`tel:${customer.phone}`}>
            <Phone aria-hidden className="size-4" />
            {t('details.call')}
          </a>
        )}
        {customer.email !== undefined && (
          <a className={buttonClass('secondary')} href={`mailto:${customer.email}`}>
            <Mail aria-hidden className="size-4" />
            {t('details.mail')}
          </a>
        )}
      </div>
    </section>
  );
}
