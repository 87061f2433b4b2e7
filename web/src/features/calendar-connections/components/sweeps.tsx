import type { SweepList } from '@daybook/http-contract/calendar-connections';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatMoment } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { isRunning, useStartSweep, useSweeps } from '../api/sweeps.ts';

const shownSweeps = 5;

/** The last comparisons of both sides with what they found, and the button for another. */
export function Sweeps(props: { connectionId: string; onOpen: (appointmentId: string) => void }) {
  const { t } = useTranslation();
  const sweeps = useSweeps();
  const start = useStartSweep();
  const running = start.isPending || isRunning(sweeps.data?.items[0]);
  return (
    <Card
      title={t('sweeps.title')}
      lead={t('sweeps.lead')}
      actions={
        <Button busy={running} onClick={() => start.mutate(props.connectionId)}>
          {!running && <RefreshCw aria-hidden className="size-4" />}
          {running ? t('sweeps.running') : t('sweeps.start')}
        </Button>
      }
    >
      {start.isError && <Notice tone="bad">{describeError(start.error, t)}</Notice>}
      <ReadState query={sweeps} skeleton={<SkeletonList rows={2} label={t('common.loading')} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-ink-soft">{t('sweeps.none')}</p>
          ) : (
            <ol className="divide-y divide-line">
              {items.slice(0, shownSweeps).map((sweep) => (
                <SweepLine key={sweep.id} sweep={sweep} onOpen={props.onOpen} />
              ))}
            </ol>
          )
        }
      </ReadState>
    </Card>
  );
}

function SweepLine(props: { sweep: SweepList['items'][number]; onOpen: (appointmentId: string) => void }) {
  const { sweep } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  return (
    <li className="flex flex-col gap-1 py-2.5 text-sm first:pt-0 last:pb-0">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className={sweep.error === undefined ? 'font-medium' : 'font-medium text-bad'}>{describe(sweep, t)}</span>
        <span className="text-ink-soft tabular-nums">{formatMoment(sweep.startedAt, timeZone, locale)}</span>
      </p>
      {sweep.differencesFound.length > 0 && (
        <ul className="flex flex-col gap-0.5 pl-3 text-ink-soft">
          {sweep.differencesFound.map((difference, index) => {
            const name = difference.ours?.customerName ?? difference.theirs?.customerName;
            const start = difference.ours?.start ?? difference.theirs?.start;
            const words = [
              t(`sweeps.kinds.${difference.kind}`),
              name ?? '',
              start === undefined ? '' : formatMoment(start, timeZone, locale),
              t(`sweeps.outcomes.${difference.outcome}`),
            ]
              .filter((part) => part !== '')
              .join(' · ');
            const { appointmentId } = difference;
            return (
              <li key={`${appointmentId ?? difference.externalUid ?? ''}${index}`} className="break-words">
                {appointmentId === undefined ? (
                  words
                ) : (
                  <button
                    type="button"
                    className="min-h-11 text-left underline underline-offset-2 md:min-h-0"
                    onClick={() => props.onOpen(appointmentId)}
                  >
                    {words}
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </li>
  );
}

function describe(sweep: SweepList['items'][number], t: ReturnType<typeof useTranslation>['t']): string {
  if (sweep.error !== undefined) return t('sweeps.failed', { error: sweep.error });
  if (isRunning(sweep)) return t('sweeps.running');
  const { compared, differences, repaired } = sweep;
  return differences === 0 ? t('sweeps.agreed', { compared }) : t('sweeps.result', { compared, differences, repaired });
}
