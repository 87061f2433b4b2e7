import type { ConnectionPlan } from '@daybook/http-contract/calendar-connections';
import { CalendarPlus, GitCompareArrows, Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { formatSpan } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { usePlan, useStartConnection } from '../api/connection.ts';

const shownAtFirst = 8;
type Action = ConnectionPlan['steps'][number]['action'];
const order: readonly Action[] = [
  'clash',
  'take_in_booking',
  'create_booking',
  'adopt_booking',
  'create_event_type',
  'adopt_event_type',
  'create_schedule',
  'adopt_schedule',
];

/** What starting would send and take in, before anything is sent; then the button that does it. */
export function PlanCard(props: { connectionId: string }) {
  const { t } = useTranslation();
  const plan = usePlan(props.connectionId);
  const start = useStartConnection();
  // Not by the callbacks of mutate: once it has started this card is gone.
  const begin = () =>
    void start.mutateAsync(props.connectionId).then(
      () => {
        announce(t('plan.started'));
        showToast({ title: t('plan.started') });
      },
      () => undefined,
    );
  return (
    <Card title={t('plan.title')} lead={t('plan.lead')}>
      <ReadState query={plan} skeleton={<SkeletonList rows={4} label={t('common.loading')} />}>
        {(data) => <PlanLines plan={data} />}
      </ReadState>
      {start.isError && <Notice tone="bad">{describeError(start.error, t)}</Notice>}
      <Button
        variant="primary"
        className="self-end"
        busy={start.isPending}
        disabled={plan.data === undefined}
        onClick={begin}
      >
        {t('plan.start')}
      </Button>
    </Card>
  );
}

function PlanLines(props: { plan: ConnectionPlan }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [all, setAll] = useState(false);
  const { steps, counts, mailNotice } = props.plan;
  const sorted = [...steps].sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  const shown = all ? sorted : sorted.slice(0, shownAtFirst);
  return (
    <>
      <Notice tone="warn">{mailNotice}</Notice>
      {steps.length === 0 && <p>{t('plan.nothing')}</p>}
      <dl className="grid grid-cols-1 gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
        {order
          .filter((action) => (counts[action] ?? 0) > 0)
          .map((action) => (
            <div key={action} className="flex items-baseline justify-between gap-3">
              <dt className={action === 'clash' ? 'font-medium text-bad' : 'text-ink-soft'}>
                {t(`plan.actions.${action}`)}
              </dt>
              <dd className="font-medium tabular-nums">{counts[action]}</dd>
            </div>
          ))}
      </dl>
      {shown.length > 0 && (
        <ul className="divide-y divide-line rounded-xl border border-line">
          {shown.map((step, index) => {
            const Icon =
              step.action === 'clash' ? GitCompareArrows : step.action.startsWith('create') ? CalendarPlus : Link2;
            return (
              <li key={`${step.ourId ?? step.theirId ?? ''}${index}`} className="flex gap-3 px-3.5 py-2.5 text-sm">
                <Icon
                  aria-hidden
                  className={`mt-0.5 size-4 shrink-0 ${step.action === 'clash' ? 'text-bad' : 'text-ink-soft'}`}
                />
                <div className="min-w-0">
                  <p className="font-medium break-words">{step.subject}</p>
                  <p className="text-ink-soft">
                    {t(`plan.actions.${step.action}`)}
                    {step.start !== undefined &&
                      step.end !== undefined &&
                      `, ${formatSpan(step.start, step.end, timeZone, locale)}`}
                  </p>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {!all && sorted.length > shownAtFirst && (
        <Button variant="quiet" className="self-start" onClick={() => setAll(true)}>
          {t('plan.showAll', { count: sorted.length })}
        </Button>
      )}
    </>
  );
}
