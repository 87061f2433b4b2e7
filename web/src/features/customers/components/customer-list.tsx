import type { ListedCustomer } from '@daybook/http-contract/practice';
import { Search, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatMoment } from '../../../lib/time.ts';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { useCustomerPages } from '../api/customers.ts';

/** Everybody who is known, found by name, e-mail or phone. `onLeave`: the field was left. */
export function CustomerList(props: {
  q: string;
  onSearch: (q: string) => void;
  onLeave: () => void;
  emptyAction: ReactNode;
}) {
  const { t } = useTranslation();
  const settled = useDebounced(props.q.trim(), 250);
  const pages = useCustomerPages(settled);
  const customers = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="flex flex-col gap-4">
      <search>
        <TextField
          label={t('customers.search')}
          placeholder={t('customers.searchHint')}
          type="search"
          maxLength={200}
          value={props.q}
          onChange={(event) => props.onSearch(event.target.value)}
          onBlur={props.onLeave}
        />
      </search>
      <ReadState query={pages} skeleton={<SkeletonList rows={8} label={t('common.loading')} />}>
        {() =>
          customers.length === 0 ? (
            <EmptyState
              icon={settled === '' ? <Users /> : <Search />}
              title={settled === '' ? t('customers.empty') : t('customers.noMatch')}
              actions={props.emptyAction}
            >
              {settled === '' ? t('customers.emptyHint') : t('customers.noMatchHint')}
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
              {customers.map((customer) => (
                <CustomerRow key={customer.id} customer={customer} />
              ))}
            </ul>
          )
        }
      </ReadState>
      {pages.hasNextPage && (
        <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('customers.more')}
        </Button>
      )}
      <p className="sr-only" aria-live="polite">
        {pages.isSuccess && !pages.isPlaceholderData ? t('customers.count', { count: customers.length }) : ''}
      </p>
    </div>
  );
}

function CustomerRow(props: { customer: ListedCustomer }) {
  const { customer } = props;
  const { summary } = customer;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const contact = [customer.email, customer.phone].filter((part) => part !== undefined);
  const when =
    summary.nextStart !== undefined
      ? t('customers.next', { at: formatMoment(summary.nextStart, timeZone, locale) })
      : summary.lastStart !== undefined
        ? t('customers.last', { at: formatMoment(summary.lastStart, timeZone, locale) })
        : t('customers.never');
  return (
    <li>
      <AppLink
        to={`/customers/${customer.id}`}
        className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 transition-colors hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <span
          aria-hidden
          className="hidden size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent sm:inline-flex"
        >
          {initialsOf(customer.name)}
        </span>
        <span className="min-w-0 flex-[1_1_12rem]">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 font-medium">
            <span className="min-w-0 break-words">{customer.name}</span>
            {summary.noShowCount > 0 && (
              <StatusMark
                kind="no_show"
                word={t('customers.noShows', { count: summary.noShowCount })}
                sentence={t('customers.noShows', { count: summary.noShowCount })}
              />
            )}
          </span>
          <span className="flex flex-wrap gap-x-3 text-sm text-ink-soft">
            {contact.length === 0
              ? t('customer.noContact')
              : contact.map((part) => (
                  <span key={part} className="min-w-0 break-words">
                    {part}
                  </span>
                ))}
          </span>
        </span>
        <span className="flex w-full min-w-0 flex-wrap gap-x-2 text-sm sm:w-auto sm:flex-col sm:items-end sm:text-right">
          <span className={summary.nextStart === undefined ? 'text-ink-soft' : 'font-medium'}>{when}</span>
          <span className="text-ink-soft">{t('customers.appointments', { count: summary.appointmentCount })}</span>
        </span>
      </AppLink>
    </li>
  );
}

/** The first letters of the first and the last word of a name. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
