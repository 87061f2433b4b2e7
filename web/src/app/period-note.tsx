import type { Appointment } from '@daybook/http-contract/appointments';
import type { Availability } from '@daybook/http-contract/availability';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNextAppointment } from '../features/appointments/api/next-appointment.ts';
import { useSlots } from '../features/booking/api/list-slots.ts';
import type { CalendarViewName } from '../features/calendar/calendar-views.ts';
import { isFullyBooked } from '../features/calendar/is-fully-booked.ts';
import { usePractice } from '../lib/practice.tsx';
import { addDays, dayOf, formatDay, formatTime, startOfDay } from '../lib/time.ts';
import { Button } from '../ui/button.tsx';

const searchDays = 60;

/**
 * What to do where there is nothing: in a time without appointments which is the next one and how many times are free, in a time that
 * is fully booked when the next free one is. Nothing for the past, and of free times nothing where several providers are shown together.
 */
export function PeriodNote(props: {
  view: CalendarViewName;
  /** Instants of the period on the screen. */
  range: { from: string; to: string };
  appointments: readonly Appointment[];
  hours: readonly (Availability | undefined)[];
  /** Whose times are counted; undefined for the only provider. */
  providerId: string | undefined;
  isShared: boolean;
  usualMinutes: number;
  now: number;
  onGo: (day: string) => void;
  onBook: (start: string) => void;
}) {
  const { view, range, appointments, hours, providerId, isShared, usualMinutes, now, onGo, onBook } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const isPast = Date.parse(range.to) <= now;
  const isEmpty = !isPast && view !== 'month' && appointments.length === 0;
  const isFull = !isPast && !isEmpty && isFullyBooked(hours, now, usualMinutes);
  const from = new Date(Math.max(now, Date.parse(range.from)));
  from.setUTCSeconds(0, 0);
  const wish = { durationMinutes: usualMinutes, ...(providerId === undefined ? {} : { providerId }) };
  const lastDay = addDays(dayOf(range.to, timeZone), searchDays);
  const free = useSlots(isEmpty && !isShared ? { from: from.toISOString(), to: range.to, ...wish } : undefined);
  const later = useSlots(
    isFull && !isShared ? { from: range.to, to: startOfDay(lastDay, timeZone), ...wish } : undefined,
  );
  const next = useNextAppointment(isEmpty ? range.to : undefined);
  if (!isEmpty && !isFull) return null;
  const period = view === 'day' ? 'day' : view === 'month' ? 'month' : 'week';
  const momentOf = (instant: string) =>
    `${formatDay(dayOf(instant, timeZone), locale)}, ${formatTime(instant, timeZone, locale)}`;

  if (isFull) {
    const slot = isShared ? undefined : later.data?.slots[0];
    return (
      <Line>
        <p className="min-w-0 flex-1">
          <span className="font-medium text-ink">{t(`calendar.full.${period}`)}</span>
          {slot !== undefined && ` ${t('calendar.nextFree', { when: momentOf(slot.start) })}`}
        </p>
        {slot !== undefined && (
          <>
            <Button onClick={() => onGo(dayOf(slot.start, timeZone))}>{t('calendar.goThere')}</Button>
            <Button onClick={() => onBook(slot.start)}>{t('calendar.bookIt')}</Button>
          </>
        )}
      </Line>
    );
  }
  const coming = next.data?.items[0];
  const count = isShared ? undefined : free.data?.slots.length;
  return (
    <Line>
      <p className="min-w-0 flex-1">
        <span className="font-medium text-ink">{t(`calendar.none.${period}`)}</span>
        {count !== undefined && ` ${t('calendar.freeTimes', { count })}`}
        {coming !== undefined &&
          ` ${t('calendar.nextIs', { when: momentOf(coming.start), name: coming.customer.name })}`}
      </p>
      {coming !== undefined && (
        <Button onClick={() => onGo(dayOf(coming.start, timeZone))}>{t('calendar.goThere')}</Button>
      )}
    </Line>
  );
}

function Line(props: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="mb-3 flex flex-wrap items-center gap-2 rounded-xl border border-line bg-card px-4 py-2 text-sm text-ink-soft print:hidden"
    >
      {props.children}
    </div>
  );
}
