import type { AppointmentStatus } from '@daybook/http-contract/appointments';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { addDays, startOfDay } from '../../../lib/time.ts';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { controlClass, Field, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { useAppointmentPages } from '../api/list-appointment-pages.ts';
import { AppointmentDays } from './appointment-days.tsx';
import { useChoice } from './choose-appointments.tsx';

/** Every status, in the order a person looks for them. */
export const appointmentStatuses: readonly AppointmentStatus[] = ['scheduled', 'completed', 'no_show', 'cancelled'];

/** What the list is narrowed to; it stands in the address. Days are inclusive. */
export type ListFilter = {
  q: string;
  status: AppointmentStatus | 'all';
  from: string;
  to: string;
  /** Whose; empty for everybody's. */
  provider: string;
};

/** Appointments in order of time, narrowed by words, status and days. */
export function AppointmentsList(props: {
  filter: ListFilter;
  now: number;
  onFilter: (filter: ListFilter) => void;
  /** A field was left. */
  onLeave: () => void;
  onOpen: (id: string) => void;
  emptyAction: ReactNode;
  /** Whose appointments can be told apart; with one there is nothing to choose. */
  providers: readonly { id: string; name: string }[];
}) {
  const { filter, onFilter } = props;
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const q = useDebounced(filter.q, 250);
  const pages = useAppointmentPages({
    ...(q.trim() === '' ? {} : { q: q.trim() }),
    ...(filter.provider === '' ? {} : { providerId: filter.provider }),
    ...(filter.status === 'all' ? {} : { status: [filter.status] }),
    ...(filter.from === '' ? {} : { from: startOfDay(filter.from, timeZone) }),
    ...(filter.to === '' ? {} : { to: startOfDay(addDays(filter.to, 1), timeZone) }),
  });
  const appointments = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = filter.q !== '' || filter.status !== 'all' || filter.to !== '' || filter.provider !== '';
  const choice = useChoice(appointments, props.now);

  return (
    <div className="flex flex-col gap-5">
      <search className="grid grid-cols-2 gap-3 md:grid-cols-[2fr_1fr_1fr_1fr]" onBlur={props.onLeave}>
        <TextField
          className="col-span-2 md:col-span-1"
          label={t('list.search')}
          type="search"
          placeholder={t('list.searchHint')}
          value={filter.q}
          onChange={(event) => onFilter({ ...filter, q: event.target.value })}
        />
        <Field label={t('list.status')} className="col-span-2 md:col-span-1">
          {(control) => (
            <select
              {...control}
              className={controlClass}
              value={filter.status}
              onChange={(event) => onFilter({ ...filter, status: event.target.value as ListFilter['status'] })}
            >
              <option value="all">{t('list.anyStatus')}</option>
              {appointmentStatuses.map((status) => (
                <option key={status} value={status}>
                  {t(`status.${status}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {props.providers.length > 1 && (
          <SelectField
            className="col-span-2 md:col-span-1"
            label={t('list.provider')}
            value={filter.provider}
            options={[
              { value: '', label: t('list.anyProvider') },
              ...props.providers.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(provider) => onFilter({ ...filter, provider })}
          />
        )}
        <TextField
          label={t('list.from')}
          type="date"
          value={filter.from}
          onChange={(event) => onFilter({ ...filter, from: event.target.value })}
        />
        <TextField
          label={t('list.to')}
          type="date"
          value={filter.to}
          onChange={(event) => onFilter({ ...filter, to: event.target.value })}
        />
      </search>
      {pages.isError && (
        <Notice tone={pages.data === undefined ? 'bad' : 'warn'}>
          <p>
            {describeError(pages.error, t)}
            {pages.data !== undefined && ` ${t('common.stale')}`}
          </p>
          <Button className="self-start" busy={pages.isFetching} onClick={() => void pages.refetch()}>
            {t('common.tryAgain')}
          </Button>
        </Notice>
      )}
      {pages.isPending && <SkeletonList rows={6} label={t('common.loading')} />}
      {pages.data !== undefined && appointments.length === 0 && (
        <EmptyState
          icon={<Search />}
          title={isNarrowed ? t('list.noMatch') : t('list.empty')}
          actions={
            isNarrowed ? (
              <Button onClick={() => onFilter({ q: '', status: 'all', from: filter.from, to: '', provider: '' })}>
                {t('list.clear')}
              </Button>
            ) : (
              props.emptyAction
            )
          }
        >
          {isNarrowed ? t('list.noMatchHint') : t('list.emptyHint')}
        </EmptyState>
      )}
      {choice.bar}
      {appointments.length > 0 && (
        <AppointmentDays appointments={appointments} now={props.now} onOpen={props.onOpen} before={choice.box} />
      )}
      {pages.hasNextPage && (
        <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
      <p className="sr-only" aria-live="polite">
        {pages.isSuccess && !pages.isPlaceholderData ? t('list.count', { count: appointments.length }) : ''}
      </p>
    </div>
  );
}
