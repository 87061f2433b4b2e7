import type { Appointment } from '@daybook/http-contract/appointments';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { addDays, dayOf, formatDay, todayIn } from '../../../lib/time.ts';
import { AppointmentRow } from './appointment-row.tsx';

/** Appointments under the days they fall on. */
export function AppointmentDays(props: {
  appointments: readonly Appointment[];
  now: number;
  onOpen: (id: string) => void;
  /** Stands before a row, such as a box to choose it. */
  before?: ((appointment: Appointment) => ReactNode) | undefined;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const today = todayIn(timeZone);
  const days = Map.groupBy(props.appointments, (appointment) => dayOf(appointment.start, timeZone));
  const prefix = (day: string) => {
    if (day === today) return `${t('common.today')}, `;
    return day === addDays(today, 1) ? `${t('common.tomorrow')}, ` : '';
  };
  return (
    <div className="flex flex-col gap-6">
      {[...days].map(([day, appointments]) => (
        <section key={day} aria-label={formatDay(day, locale)}>
          <h2 className="mb-2 text-sm font-medium text-ink-soft">
            {prefix(day)}
            {formatDay(day, locale)}
          </h2>
          <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
            {appointments.map((appointment) => (
              <li key={appointment.id} className="flex items-center [&>button]:min-w-0 [&>button]:flex-1">
                {props.before?.(appointment)}
                <AppointmentRow
                  appointment={appointment}
                  isPast={Date.parse(appointment.end) < props.now}
                  onOpen={props.onOpen}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
