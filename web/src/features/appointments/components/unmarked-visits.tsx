import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatTime } from '../../../lib/time.ts';
import { AttendanceButtons } from './attendance-buttons.tsx';

/** Visits that are over and of which nobody has said how they went. */
export function UnmarkedVisits(props: {
  appointments: readonly Appointment[];
  onAttendance: (before: Appointment, attendance: Attendance) => void;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const heading = useId();
  if (props.appointments.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="mb-2 text-sm font-medium text-ink-soft">
        {t('today.unmarked')}
      </h2>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
        {props.appointments.map((appointment) => (
          <li key={appointment.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
            <p className="min-w-40 flex-1 truncate">
              <span className="mr-3 tabular-nums text-ink-soft">{formatTime(appointment.start, timeZone, locale)}</span>
              <span className="font-medium">{appointment.customer.name}</span>
            </p>
            <AttendanceButtons
              appointment={appointment}
              onRecord={(attendance) => props.onAttendance(appointment, attendance)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
