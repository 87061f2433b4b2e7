import { CalendarCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** The name of a day over its column; a mark says that the day has hours of its own, which the column's label says in words. */
export function DayHeading(props: { text: string; isToday: boolean; isSpecial: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex items-center gap-1">
      <span
        className={
          props.isToday
            ? 'rounded-full bg-accent px-2.5 py-0.5 text-sm font-semibold text-on-accent'
            : 'text-sm font-medium'
        }
      >
        {props.text}
      </span>
      {props.isSpecial && (
        <span title={t('calendar.specialHours')} className="text-warn">
          <CalendarCog aria-hidden className="size-3.5" />
        </span>
      )}
    </span>
  );
}
