import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { FilterPills } from '../../../ui/choices.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ServerWords } from '../../../ui/server-words.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useLedger } from '../api/ledger.ts';
import { useSyncWork } from '../api/list-sync-work.ts';
import { useRetrySync } from '../api/retry-sync.ts';
import { LedgerRow } from './ledger-row.tsx';

/** What the ledger can be narrowed to. */
export const ledgerFilters = ['all', 'different', 'failed', 'waiting', 'in_step'] as const;
/** What the ledger is narrowed to. */
export type LedgerFilter = (typeof ledgerFilters)[number];

/** Every appointment's standing with Cal.com, those that need a person first. */
export function Ledger(props: {
  filter: LedgerFilter;
  onFilter: (filter: LedgerFilter) => void;
  onOpen: (appointmentId: string) => void;
}) {
  const { t } = useTranslation();
  const { filter } = props;
  const ledger = useLedger(filter === 'all' ? undefined : filter);
  const work = useSyncWork();
  const retry = useRetrySync();
  const counts = ledger.data?.pages[0]?.counts;
  const total = counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
  const hoursWait = work.data?.items.find((item) => item.appointmentId === undefined);
  const tryAgain = (appointmentId?: string) =>
    retry.mutate(appointmentId, {
      onSuccess: ({ retried }) => void showToast({ title: t('connection.retried', { count: retried }) }),
    });
  return (
    <section className="flex flex-col gap-3" aria-labelledby="ledger-title">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 id="ledger-title" className="text-lg font-semibold tracking-tight">
            {t('ledger.title')}
          </h2>
          <p className="text-sm text-ink-soft">{t('ledger.lead')}</p>
        </div>
        {((counts?.['failed'] ?? 0) > 0 || hoursWait !== undefined) && (
          <Button busy={retry.isPending && retry.variables === undefined} onClick={() => tryAgain()}>
            {t('connection.retryAll')}
          </Button>
        )}
      </div>
      {hoursWait !== undefined && (
        <Notice tone="warn">
          <p>
            {t('connection.hoursWait')} <ServerWords words={hoursWait.lastError ?? ''} />
          </p>
        </Notice>
      )}
      <FilterPills
        label={t('ledger.filter')}
        value={filter}
        onChange={props.onFilter}
        options={ledgerFilters.map((value) => ({
          value,
          label: t(`ledger.filters.${value}`),
          count: value === 'all' ? total : counts && (counts[value] ?? 0),
        }))}
      />
      {retry.isError && <Notice tone="bad">{describeError(retry.error, t)}</Notice>}
      <ReadState query={ledger} skeleton={<SkeletonList rows={5} label={t('common.loading')} />}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.items);
          if (entries.length === 0) {
            return (
              <EmptyState icon={<ListChecks />} title={t('ledger.empty')}>
                {t(`ledger.emptyHint.${filter}`)}
              </EmptyState>
            );
          }
          return (
            <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
              {entries.map((entry) => (
                <LedgerRow
                  key={`${entry.appointmentId} ${entry.state}`}
                  entry={entry}
                  onOpen={props.onOpen}
                  onRetry={tryAgain}
                  retrying={retry.isPending && retry.variables === entry.appointmentId}
                />
              ))}
            </ul>
          );
        }}
      </ReadState>
      {ledger.hasNextPage && (
        <Button className="self-center" busy={ledger.isFetchingNextPage} onClick={() => void ledger.fetchNextPage()}>
          {t('ledger.more')}
        </Button>
      )}
    </section>
  );
}
