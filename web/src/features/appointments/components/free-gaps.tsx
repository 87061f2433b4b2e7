import type { Interval } from '@daybook/http-contract/availability';
import { Plus } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatTimeSpan, fromDate, minutesBetween } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';

const shortestGapMinutes = 15;

/** What is still free of a day; a click books into it. */
export function FreeGaps(props: { free: readonly Interval[]; now: number; onBook: (start: string) => void }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const heading = useId();
  const soon = nextQuarter(props.now);
  const gaps = props.free
    .map(({ start, end }) => ({ start: Date.parse(start) < soon ? fromDate(new Date(soon), timeZone) : start, end }))
    .filter(({ start, end }) => minutesBetween(start, end) >= shortestGapMinutes);
  if (gaps.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="flex flex-wrap items-center gap-2">
      <h2 id={heading} className="text-sm font-medium text-ink-soft">
        {t('today.free')}
      </h2>
      {gaps.map((gap) => (
        <Button
          key={gap.end}
          aria-label={t('today.bookGap', { span: formatTimeSpan(gap.start, gap.end, timeZone, locale) })}
          onClick={() => props.onBook(gap.start)}
        >
          <Plus aria-hidden className="size-4 text-accent" />
          <span className="tabular-nums">{formatTimeSpan(gap.start, gap.end, timeZone, locale)}</span>
        </Button>
      ))}
    </section>
  );
}

function nextQuarter(now: number): number {
  const quarter = 15 * 60_000;
  return Math.ceil(now / quarter) * quarter;
}
