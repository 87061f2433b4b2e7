import { CalendarCog } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatter, fromDate } from '../../../lib/time.ts';
import { classNames } from '../../../ui/class-names.ts';
import { useCalendarScene } from '../calendar-scene.ts';

/** The name of a day over its column; a mark says that the day has hours of its own, which the column's label says in words. */
export function DayHeading(props: {
  date: Date;
  text: string;
  weekdayText: string;
  dayNumberText: string;
  isToday: boolean;
  view: string;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { phone, specialDays } = useCalendarScene();
  const isMonth = props.view === 'dayGridMonth';
  const isStacked = phone && props.view === 'timeGridWeek';
  const isSpecial = !isMonth && specialDays.has(fromDate(props.date, timeZone).slice(0, 10));
  const heading = useRef<HTMLSpanElement>(null);
  const seen = { weekday: phone ? 'narrow' : 'short', day: 'numeric', timeZone } as const;
  const short = isMonth ? '' : formatter(locale, seen).format(props.date);
  const special = isSpecial ? t('calendar.specialHours') : '';
  // What is seen is part of what is read out, or a voice could not name it.
  useLayoutEffect(() => {
    const labelled = heading.current?.closest<HTMLElement>('[aria-label]:not([role=application])');
    if (labelled === null || labelled === undefined || short === '') return;
    const whole = (labelled.dataset['whole'] ??= labelled.getAttribute('aria-label') ?? '');
    labelled.setAttribute('aria-label', [short, whole, special].filter((part) => part !== '').join(', '));
  }, [short, special]);
  return (
    <span
      ref={heading}
      className={classNames('inline-flex items-center', isStacked ? 'flex-col text-center' : 'gap-1')}
    >
      <span
        className={
          props.isToday && !isMonth
            ? 'rounded-full bg-accent px-2.5 py-0.5 text-sm font-semibold text-on-accent'
            : 'text-sm font-medium'
        }
      >
        {isStacked ? `${props.weekdayText} ${props.dayNumberText}` : props.text}
      </span>
      {isSpecial && (
        <span title={special} className="text-warn">
          <CalendarCog aria-hidden className="size-3.5" />
        </span>
      )}
    </span>
  );
}
