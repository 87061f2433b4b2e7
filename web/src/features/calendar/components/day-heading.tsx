import { CalendarCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** The name of a day over its column; a mark says that the day has hours of its own. */
export function DayHeading(props: { text: string; isSpecial: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex items-center gap-1">
      {props.text}
      {props.isSpecial && (
        <span title={t('calendar.specialHours')} className="text-warn">
          <CalendarCog aria-hidden className="size-3.5" />
          <span className="sr-only">{t('calendar.specialHours')}</span>
        </span>
      )}
    </span>
  );
}
