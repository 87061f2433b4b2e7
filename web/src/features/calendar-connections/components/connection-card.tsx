import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { CircleCheck, CirclePause, CloudOff, PlugZap, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { formatMoment } from '../../../lib/time.ts';
import { Figures } from '../../../ui/card.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Notice } from '../../../ui/notice.tsx';
import { ServerWords } from '../../../ui/server-words.tsx';

const looks = {
  connected: { Icon: CircleCheck, look: 'text-good bg-good-soft' },
  unreachable: { Icon: PlugZap, look: 'text-warn bg-warn-soft' },
  needs_attention: { Icon: TriangleAlert, look: 'text-bad bg-bad-soft' },
  off: { Icon: CloudOff, look: 'text-ink-soft bg-sunken' },
  paused: { Icon: CirclePause, look: 'text-ink-soft bg-sunken' },
} as const;

/** How the connection stands, in words, with the numbers that matter and how well the promise of five seconds is kept. */
export function ConnectionCard(props: { connection: CalendarConnection; actions?: ReactNode }) {
  const { connection } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const { Icon, look } = looks[connection.state];
  const figures = [
    { label: t('connection.pending'), value: connection.pending },
    { label: t('connection.parked'), value: connection.parked },
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
    <section className="flex flex-col gap-5 rounded-2xl border border-line bg-card p-5 shadow-card md:p-6">
      <div className="flex flex-wrap items-start gap-4">
        <span aria-hidden className={classNames('inline-flex rounded-full p-2.5', look)}>
          <Icon className="size-6" />
        </span>
        <div className="min-w-0 flex-[1_1_14rem]">
          <h2 className="text-xl font-semibold tracking-tight">{t(`connection.states.${connection.state}`)}</h2>
          <p className="text-ink-soft">{t(`connection.meanings.${connection.state}`)}</p>
          {connection.message !== undefined && (
            <p className="text-ink-soft">
              <ServerWords words={connection.message} />
            </p>
          )}
          {connection.accountName !== undefined && (
            <p className="mt-1 text-sm text-ink-soft">{t('connection.account', { name: connection.accountName })}</p>
          )}
          {connection.baseUrl !== undefined && <p className="text-sm break-all text-ink-soft">{connection.baseUrl}</p>}
          {connection.inbound !== undefined && (
            <p className="text-sm text-ink-soft">
              {t('connection.inbound.label')}: {t(`connection.inbound.${connection.inbound}`)}
            </p>
          )}
        </div>
        {props.actions}
      </div>
      {connection.managedByOperator && <Notice tone="info">{t('connection.managed')}</Notice>}
      <div className="border-t border-line pt-4">
        <Figures items={figures} />
      </div>
      <Promise connection={connection} />
    </section>
  );
}

/** How many changes were in step within five seconds in the last hour. */
function Promise(props: { connection: CalendarConnection }) {
  const { t } = useTranslation();
  const { locale } = usePractice();
  const { latency } = props.connection;
  const seconds = (milliseconds: number) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: 'second',
      unitDisplay: 'long',
      maximumFractionDigits: 1,
    }).format(milliseconds / 1000);
  const share = latency === undefined || latency.count === 0 ? undefined : latency.withinPromise / latency.count;
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="text-sm font-medium">{t('connection.promise.title')}</h3>
      {latency === undefined || share === undefined ? (
        <p className="text-sm text-ink-soft">{t('connection.promise.none')}</p>
      ) : (
        <>
          <p className="text-sm text-ink-soft">
            {t('connection.promise.kept', { within: latency.withinPromise, count: latency.count })}
          </p>
          <div
            role="img"
            aria-label={t('connection.promise.bar', {
              percent: new Intl.NumberFormat(locale, { style: 'percent' }).format(share),
            })}
            className="h-2 overflow-hidden rounded-full bg-warn-soft"
          >
            <div className="h-full rounded-full bg-good" style={{ width: `${Math.round(share * 100)}%` }} />
          </div>
          <p className="text-sm tabular-nums">
            {t('connection.promise.half')} {seconds(latency.p50Milliseconds)} · {t('connection.promise.most')}{' '}
            {seconds(latency.p95Milliseconds)}
          </p>
        </>
      )}
    </div>
  );
}
