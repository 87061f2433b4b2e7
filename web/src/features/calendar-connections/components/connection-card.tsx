import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { CircleCheck, CirclePause, CloudOff, PlugZap, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatMoment } from '../../../lib/time.ts';
import { classNames } from '../../../ui/class-names.ts';

const looks = {
  connected: { Icon: CircleCheck, look: 'text-good bg-good-soft' },
  unreachable: { Icon: PlugZap, look: 'text-warn bg-warn-soft' },
  needs_attention: { Icon: TriangleAlert, look: 'text-bad bg-bad-soft' },
  off: { Icon: CloudOff, look: 'text-ink-soft bg-sunken' },
  paused: { Icon: CirclePause, look: 'text-ink-soft bg-sunken' },
} as const;

/** How the connection stands, in words, with the numbers that matter. */
export function ConnectionCard(props: { connection: CalendarConnection }) {
  const { connection } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { Icon, look } = looks[connection.state];
  const figures = [
    { label: t('connection.pending'), value: String(connection.pending) },
    { label: t('connection.parked'), value: String(connection.parked) },
    {
      label: t('connection.oldest'),
      value:
        connection.pending === 0
          ? '–'
          : t('connection.seconds', { count: Math.round(connection.oldestPendingSeconds) }),
    },
    {
      label: t('connection.lastSuccess'),
      value:
        connection.lastSuccessAt === undefined
          ? t('connection.never')
          : formatMoment(connection.lastSuccessAt, timeZone, locale),
    },
  ];
  return (
    <section className="rounded-2xl border border-line bg-card p-5 shadow-card md:p-6">
      <div className="flex items-start gap-4">
        <span aria-hidden className={classNames('inline-flex rounded-full p-2.5', look)}>
          <Icon className="size-6" />
        </span>
        <div className="min-w-0">
          <h2 className="text-xl font-semibold tracking-tight">{t(`connection.states.${connection.state}`)}</h2>
          <p className="text-ink-soft">{connection.message ?? t(`connection.meanings.${connection.state}`)}</p>
          {connection.accountName !== undefined && (
            <p className="mt-1 text-sm text-ink-soft">{t('connection.account', { name: connection.accountName })}</p>
          )}
          {connection.baseUrl !== undefined && <p className="text-sm break-all text-ink-soft">{connection.baseUrl}</p>}
        </div>
      </div>
      <dl className="mt-5 grid grid-cols-2 gap-4 border-t border-line pt-4 sm:grid-cols-4">
        {figures.map((figure) => (
          <div key={figure.label}>
            <dt className="text-sm text-ink-soft">{figure.label}</dt>
            <dd className="text-lg font-medium tabular-nums">{figure.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
