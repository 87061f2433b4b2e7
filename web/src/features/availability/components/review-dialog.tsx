import type { AvailabilityPreview, Interval } from '@daybook/http-contract/availability';
import { CalendarMinus, CalendarPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { dayOf, formatDay, formatSpan, formatTimeSpan } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { groupStretches } from '../group-stretches.ts';
import { OutsideHoursNotice } from './outside-hours-notice.tsx';

const shownLines = 8;

/** What new hours would change, or why that cannot be said now. */
export type Review = { preview: AvailabilityPreview } | { error: unknown };

/** Before hours are saved: what becomes free, what closes, which appointments fall outside. Nothing is saved until it is confirmed. */
export function ReviewDialog(props: {
  review: Review;
  /** The zone of the hours in question. */
  zone: string;
  saving: boolean;
  onSave: () => void;
  onBack: () => void;
  onOpenAppointment: (id: string) => void;
}) {
  const { t } = useTranslation();
  const practice = usePractice();
  const { review } = props;
  const preview = 'preview' in review ? review.preview : undefined;
  const nothing = preview !== undefined && preview.opens.length === 0 && preview.closes.length === 0;
  return (
    <Dialog
      title={t('availability.review.title')}
      description={t('availability.review.lead')}
      closeLabel={t('common.close')}
      onClose={props.onBack}
    >
      <div className="flex flex-col gap-5">
        {props.zone !== practice.timeZone && (
          <Notice tone="warn">{t('availability.review.zone', { from: practice.timeZone, to: props.zone })}</Notice>
        )}
        {'error' in review && (
          <Notice tone="bad" title={t('availability.review.failed')}>
            {describeError(review.error, t)}
          </Notice>
        )}
        {preview !== undefined && preview.outsideNewHours.length > 0 && (
          <OutsideHoursNotice appointments={preview.outsideNewHours} onOpen={props.onOpenAppointment} />
        )}
        {nothing && <p>{t('availability.review.nothing')}</p>}
        {preview !== undefined && (
          <>
            <Stretches
              title={t('availability.review.opens')}
              icon={<CalendarPlus aria-hidden className="size-4 text-good" />}
              stretches={preview.opens}
            />
            <Stretches
              title={t('availability.review.closes')}
              icon={<CalendarMinus aria-hidden className="size-4 text-bad" />}
              stretches={preview.closes}
            />
          </>
        )}
        <div className="sticky -bottom-4 -mx-5 -mb-4 flex flex-wrap justify-end gap-2 border-t border-line bg-card px-5 py-3">
          <Button variant="quiet" onClick={props.onBack}>
            {t('availability.review.back')}
          </Button>
          <Button variant="primary" busy={props.saving} onClick={props.onSave}>
            {'error' in review ? t('availability.review.anyway') : t('availability.review.submit')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Stretches(props: { title: string; icon: ReactNode; stretches: readonly Interval[] }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  if (props.stretches.length === 0) return null;
  const groups = groupStretches(props.stretches, timeZone);
  const weekday = (instant: string) =>
    new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
      new Date(`${dayOf(instant, timeZone)}T00:00:00Z`),
    );
  return (
    <section>
      <h3 className="mb-1.5 flex items-center gap-2 font-medium">
        {props.icon}
        {props.title}
      </h3>
      <ul className="flex flex-col gap-1 text-sm">
        {groups.slice(0, shownLines).map(({ first, count }) => (
          <li key={first.start} className="flex flex-wrap justify-between gap-x-4">
            <span className="tabular-nums">
              {count === 1
                ? formatSpan(first.start, first.end, timeZone, locale)
                : t('availability.review.every', {
                    day: weekday(first.start),
                    span: formatTimeSpan(first.start, first.end, timeZone, locale),
                  })}
            </span>
            {count > 1 && (
              <span className="text-ink-soft">
                {t('availability.review.times', {
                  count,
                  day: formatDay(dayOf(first.start, timeZone), locale, 'short'),
                })}
              </span>
            )}
          </li>
        ))}
      </ul>
      {groups.length > shownLines && (
        <p className="text-sm text-ink-soft">{t('availability.review.more', { count: groups.length - shownLines })}</p>
      )}
    </section>
  );
}
