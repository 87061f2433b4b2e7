import type { Appointment } from '@daybook/http-contract/appointments';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatSpan } from '../../../lib/time.ts';
import { Card } from '../../../ui/card.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { useVisits } from '../api/customers.ts';

/** What is to come, soonest first, and what has been, latest first. */
export function CustomerVisits(props: { customerId: string; now: number; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const visits = useVisits(props.customerId);
  return (
    <ReadState query={visits} skeleton={<SkeletonList rows={4} label={t('common.loading')} />}>
      {({ items }) => {
        const upcoming = items.filter((item) => item.status === 'scheduled' && Date.parse(item.end) > props.now);
        const past = items.filter((item) => !upcoming.includes(item)).reverse();
        return (
          <>
            <Card title={t('customer.upcoming')}>
              <Visits items={upcoming} none={t('customer.noUpcoming')} onOpen={props.onOpen} />
            </Card>
            <Card title={t('customer.past')}>
              <Visits items={past} none={t('customer.noPast')} onOpen={props.onOpen} />
            </Card>
          </>
        );
      }}
    </ReadState>
  );
}

function Visits(props: { items: readonly Appointment[]; none: string; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  if (props.items.length === 0) return <p className="text-ink-soft">{props.none}</p>;
  return (
    <ul className="-mx-2 flex flex-col">
      {props.items.map((visit) => (
        <li key={visit.id}>
          <button
            type="button"
            onClick={() => props.onOpen(visit.id)}
            className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-lg px-2 py-2 text-left transition-colors hover:bg-sunken"
          >
            <span
              aria-hidden
              className="h-8 w-1 shrink-0 rounded-full"
              style={{ background: visit.appointmentType.color }}
            />
            <span className="min-w-0 flex-1">
              <span className="block font-medium tabular-nums">
                {formatSpan(visit.start, visit.end, timeZone, locale)}
              </span>
              <span className="block text-sm break-words text-ink-soft">
                {[visit.appointmentType.name, visit.cancellationReason ?? ''].filter((part) => part !== '').join(' · ')}
              </span>
            </span>
            {visit.status !== 'scheduled' && (
              <StatusMark
                kind={visit.status}
                word={t(`status.${visit.status}`)}
                sentence={t(`status.${visit.status}`)}
              />
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
