import { CalendarCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../../../ui/class-names.ts';

/** The name of a day over its column; a mark says that the day has hours of its own, which the column's label says in words. */
export function DayHeading(props: { text: string; isToday: boolean; isSpecial: boolean; isStacked: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={classNames('inline-flex items-center', props.isStacked ? 'flex-col text-center' : 'gap-1')}>
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
