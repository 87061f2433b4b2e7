import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { nameZone } from '../../../lib/time.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { calendarViews, describePeriod } from '../calendar-views.ts';
import type { CalendarViewName } from '../calendar-views.ts';

/** Where in time the calendar is, and how to go elsewhere. */
export function CalendarToolbar(props: {
  view: CalendarViewName;
  day: string;
  secondTimeZone: string | undefined;
  onView: (view: CalendarViewName) => void;
  onStep: (direction: 1 | -1) => void;
  onToday: () => void;
  /** What is on the screen is being read anew or is older than it should be. */
  state: 'fresh' | 'reading' | 'stale';
  actions?: ReactNode;
}) {
  const { t } = useTranslation();
  const { timeZone, locale, firstWeekday } = usePractice();
  const noon = Date.parse(`${props.day}T12:00:00Z`);
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 print:hidden">
      <div className="flex items-center gap-1">
        <Button onClick={props.onToday}>{t('calendar.today')}</Button>
        <IconButton label={t(`calendar.previous.${props.view}`)} onClick={() => props.onStep(-1)}>
          <ChevronLeft aria-hidden className="size-5" />
        </IconButton>
        <IconButton label={t(`calendar.next.${props.view}`)} onClick={() => props.onStep(1)}>
          <ChevronRight aria-hidden className="size-5" />
        </IconButton>
      </div>
      <div className="min-w-0 flex-1 basis-40">
        <h1 className="text-base leading-tight font-semibold tracking-tight md:text-xl" aria-live="polite">
          {describePeriod(props.view, props.day, firstWeekday, locale)}
        </h1>
        <p className="text-xs break-words sm:truncate text-ink-soft">
          {t('time.zone', { zone: nameZone(timeZone, locale, noon) })}
          {props.secondTimeZone !== undefined &&
            ` · ${t('calendar.second', { zone: nameZone(props.secondTimeZone, locale, noon) })}`}
          {props.state !== 'fresh' && ` · ${t(`calendar.state.${props.state}`)}`}
        </p>
      </div>
      <Segments
        label={t('calendar.view')}
        value={props.view}
        onChange={props.onView}
        options={calendarViews.map((view) => ({ value: view, label: t(`calendar.views.${view}`) }))}
      />
      {props.actions}
    </div>
  );
}
