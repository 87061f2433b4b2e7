import type { Appointment } from '@daybook/http-contract/appointments';
import type { Availability } from '@daybook/http-contract/availability';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNextAppointment } from '../features/appointments/api/next-appointment.ts';
import { useSlotLists } from '../features/booking/api/list-slots.ts';
import type { CalendarViewName } from '../features/calendar/calendar-views.ts';
import { isFullyBooked } from '../features/calendar/is-fully-booked.ts';
import { usePractice } from '../lib/practice.tsx';
import { addDays, dayOf, formatDay, formatTime, startOfDay } from '../lib/time.ts';
import { Button } from '../ui/button.tsx';

const searchDays = 60;

/**
 * What to do where there is nothing: in a time without appointments which is the next one and how many times are free, in a time that
 * is fully booked when the next free one is. Of several providers each is counted, and the first who is free is named. Nothing for the
 * past.
 */
export function PeriodNote(props: {
  view: CalendarViewName;
  /** Instants of the period on the screen. */
  range: { from: string; to: string };
  appointments: readonly Appointment[];
  hours: readonly (Availability | undefined)[];
  /** Whose times are counted; undefined stands for the only provider. */
  whose: readonly ({ id: string; name: string } | undefined)[];
  usualMinutes: number;
  now: number;
  onGo: (day: string) => void;
  onBook: (start: string, providerId: string | undefined) => void;
}) {
  const { view, range, appointments, hours, whose, usualMinutes, now, onGo, onBook } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const isPast = Date.parse(range.to) <= now;
  const isEmpty = !isPast && view !== 'month' && appointments.length === 0;
  const isFull = !isPast && !isEmpty && isFullyBooked(hours, now, usualMinutes);
  const from = new Date(Math.max(now, Date.parse(range.from)));
  from.setUTCSeconds(0, 0);
  const lastDay = addDays(dayOf(range.to, timeZone), searchDays);
  const searched = isEmpty
    ? { from: from.toISOString(), to: range.to }
    : { from: range.to, to: startOfDay(lastDay, timeZone) };
  const lists = useSlotLists(
    (isEmpty || isFull ? whose : []).map((one) => ({
      ...searched,
      durationMinutes: usualMinutes,
      ...(one === undefined ? {} : { providerId: one.id }),
    })),
  );
  // A number is only said once it is known of everybody.
  const free = lists.flatMap(({ data }, index) =>
    data === undefined ? [] : [{ slots: data.slots, of: whose[index] }],
  );
  const isCounted = free.length === whose.length;
  const next = useNextAppointment(isEmpty ? range.to : undefined);
  if (!isEmpty && !isFull) return null;
  const period = view === 'day' ? 'day' : view === 'month' ? 'month' : 'week';
  const momentOf = (instant: string) =>
    `${formatDay(dayOf(instant, timeZone), locale)}, ${formatTime(instant, timeZone, locale)}`;

  if (isFull) {
    const [first] = (isCounted ? free : [])
      .flatMap(({ slots, of }) => slots.slice(0, 1).map(({ start }) => ({ start, of })))
      .toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
    const when = first === undefined ? '' : momentOf(first.start);
    const sentence =
      whose.length > 1
        ? t('calendar.nextFreeWith', { when, name: first?.of?.name ?? '' })
        : t('calendar.nextFree', { when });
    return (
      <Line>
        <p className="min-w-0 flex-1">
          <span className="font-medium text-ink">{t(`calendar.full.${period}`)}</span>
          {first !== undefined && ` ${sentence}`}
        </p>
        {first !== undefined && (
          <>
            <Button onClick={() => onGo(dayOf(first.start, timeZone))}>{t('calendar.goThere')}</Button>
            <Button onClick={() => onBook(first.start, first.of?.id)}>{t('calendar.bookIt')}</Button>
          </>
        )}
      </Line>
    );
  }
  const coming = next.data?.items[0];
  const counts = free.map(({ slots, of }) => ({ name: of?.name ?? '', count: slots.length }));
  const freeTimes =
    counts.length > 1
      ? t('calendar.freeEach', { list: counts.map(({ name, count }) => `${name} ${count}`).join(', ') })
      : t('calendar.freeTimes', { count: counts[0]?.count ?? 0 });
  return (
    <Line>
      <p className="min-w-0 flex-1">
        <span className="font-medium text-ink">{t(`calendar.none.${period}`)}</span>
        {isCounted && ` ${freeTimes}`}
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
