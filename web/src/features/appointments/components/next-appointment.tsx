import type { Appointment } from '@daybook/http-contract/appointments';
import { Mail, Phone } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { dayOf, formatDay, formatDistance, formatTimeSpan, todayIn } from '../../../lib/time.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { SyncMark } from './sync-mark.tsx';

/** The appointment that runs or comes next, large. */
export function NextAppointment(props: {
  appointment: Appointment;
  now: number;
  onOpen: (id: string) => void;
  onReschedule: (id: string) => void;
}) {
  const { appointment, now } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const heading = useId();
  const { customer } = appointment;
  const day = dayOf(appointment.start, timeZone);
  const isRunning = Date.parse(appointment.start) <= now;
  return (
    <section aria-labelledby={heading} className="rounded-2xl border border-line bg-card p-5 shadow-card md:p-6">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id={heading} className="text-sm font-medium text-accent">
          {isRunning ? t('today.now') : t('today.next', { distance: formatDistance(appointment.start, now, locale) })}
        </h2>
        <SyncMark sync={appointment.sync} />
      </div>
      <p className="mt-2 text-3xl font-semibold tracking-tight tabular-nums md:text-4xl">
        {formatTimeSpan(appointment.start, appointment.end, timeZone, locale)}
      </p>
      {day !== todayIn(timeZone) && <p className="text-ink-soft">{formatDay(day, locale)}</p>}
      <p className="mt-2 text-xl font-medium break-words">{customer.name}</p>
      <p className="text-ink-soft">
        {appointment.appointmentType.name} · {t('common.minutes', { count: appointment.durationMinutes })}
      </p>
      {appointment.notes !== '' && <p className="mt-2 line-clamp-3 whitespace-pre-line">{appointment.notes}</p>}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => props.onOpen(appointment.id)}>
          {t('today.details')}
        </Button>
        {!isRunning && <Button onClick={() => props.onReschedule(appointment.id)}>{t('details.reschedule')}</Button>}
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
