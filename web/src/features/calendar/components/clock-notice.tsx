import { Clock4 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatDay, formatWallTime } from '../../../lib/time.ts';
import type { CalendarViewName } from '../calendar-views.ts';
import type { ClockChange } from '../clock-changes.ts';

/** Says on which day of the screen an hour is missing or comes twice. */
export function ClockNotice(props: { changes: readonly ClockChange[]; view: CalendarViewName }) {
  const { t } = useTranslation();
  const { locale } = usePractice();
  if (props.view === 'month') return null;
  return props.changes.map(({ day, direction, from, to }) => (
    <p key={day} className="mb-2 flex items-center gap-2 text-sm text-ink-soft print:hidden">
      <Clock4 aria-hidden className="size-4 shrink-0 text-warn" />
      {t(`calendar.clocks.${direction}`, {
        day: formatDay(day, locale),
        from: formatWallTime(from, locale),
        to: formatWallTime(to, locale),
      })}
    </p>
  ));
}
