import type { SyncWork } from '@daybook/http-contract/calendar-connections';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatMoment } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useSyncWork } from '../api/list-sync-work.ts';
import { useRetrySync } from '../api/retry-sync.ts';

/** What Cal.com has not got yet, and why; each line and all of it can be tried again. */
export function SyncWorkList(props: { onOpen: (appointmentId: string) => void }) {
  const { t } = useTranslation();
  const work = useSyncWork();
  const retry = useRetrySync();
  const tryAgain = (appointmentId?: string) =>
    retry.mutate(appointmentId, {
      onSuccess: ({ retried }) => void showToast({ title: t('connection.retried', { count: retried }) }),
    });
  if (work.isPending) return <SkeletonList rows={3} label={t('common.loading')} />;
  if (work.isError) return <Notice tone="bad">{describeError(work.error, t)}</Notice>;
  const { items } = work.data;
  if (items.length === 0) {
    return (
      <EmptyState icon={<CircleCheck />} title={t('connection.nothingWaits')}>
        {t('connection.nothingWaitsHint')}
      </EmptyState>
    );
  }
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">{t('connection.work', { count: items.length })}</h2>
        <Button busy={retry.isPending} onClick={() => tryAgain()}>
          {t('connection.retryAll')}
        </Button>
      </div>
      {retry.isError && <Notice tone="bad">{describeError(retry.error, t)}</Notice>}
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
        {items.map((item, index) => (
          <WorkRow key={item.appointmentId ?? `hours-${index}`} item={item} onOpen={props.onOpen} onRetry={tryAgain} />
        ))}
      </ul>
    </section>
  );
}

function WorkRow(props: {
  item: SyncWork;
  onOpen: (appointmentId: string) => void;
  onRetry: (appointmentId?: string) => void;
}) {
  const { item } = props;
  const { appointmentId } = item;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <StatusMark kind={item.state} word={t(`sync.words.${item.state}`)} sentence={t(`sync.sentences.${item.state}`)} />
      <div className="min-w-0 flex-1">
        {appointmentId === undefined ? (
          <p className="font-medium">{t('connection.hours')}</p>
        ) : (
          <button
            type="button"
            className="min-h-11 font-medium underline underline-offset-2 md:min-h-0"
            onClick={() => props.onOpen(appointmentId)}
          >
            {t('connection.openAppointment')}
          </button>
        )}
        <p className="text-sm break-words text-ink-soft">
          {[
            t('connection.attempts', { count: item.attempts }),
            item.nextAttemptAt === undefined
              ? ''
              : t('connection.nextAttempt', { at: formatMoment(item.nextAttemptAt, timeZone, locale) }),
            item.lastError ?? '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </div>
      <Button onClick={() => (appointmentId === undefined ? props.onRetry() : props.onRetry(appointmentId))}>
        {t('common.tryAgain')}
      </Button>
    </li>
  );
}
