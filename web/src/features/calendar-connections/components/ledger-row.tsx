import type { LedgerEntry } from '@daybook/http-contract/calendar-connections';
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { addMinutes, formatMoment, formatSpan } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Notice } from '../../../ui/notice.tsx';
import { ServerWords } from '../../../ui/server-words.tsx';
import { ReadState } from '../../../ui/read-state.tsx';
import { SkeletonList } from '../../../ui/skeleton.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useLedgerEntry, useResolveDifference } from '../api/ledger.ts';
import { LedgerSides } from './ledger-sides.tsx';

/** One appointment's standing; opened, it shows both sides, every try, and asks which side is right when they differ. */
export function LedgerRow(props: {
  entry: LedgerEntry;
  onOpen: (appointmentId: string) => void;
  onRetry: (appointmentId: string) => void;
  retrying: boolean;
}) {
  const { entry } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [open, setOpen] = useState(entry.state === 'different');
  const id = useId();
  const side = entry.ours ?? entry.theirs;
  const mayRetry = entry.state === 'failed' || entry.state === 'waiting';
  const facts = [
    entry.madeThere ? t('ledger.madeThere') : '',
    entry.state === 'in_step' || entry.state === 'off' ? '' : t('connection.attempts', { count: entry.attempts }),
    entry.nextAttemptAt === undefined
      ? ''
      : t('connection.nextAttempt', { at: formatMoment(entry.nextAttemptAt, timeZone, locale) }),
  ].filter((part) => part !== '');
  return (
    <li className="flex flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-[1_1_16rem]">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <button
              type="button"
              className="min-h-11 text-left font-medium break-words underline-offset-2 hover:underline md:min-h-0"
              onClick={() => props.onOpen(entry.appointmentId)}
            >
              {side?.customerName ?? t('ledger.unnamed')}
            </button>
            <StatusMark
              kind={entry.state}
              word={t(`sync.words.${entry.state}`)}
              sentence={t(`sync.sentences.${entry.state}`)}
            />
          </p>
          {side?.start !== undefined && (
            <p className="text-sm tabular-nums">
              {formatSpan(side.start, addMinutes(side.start, side.durationMinutes ?? 0, timeZone), timeZone, locale)}
            </p>
          )}
          {(facts.length > 0 || entry.lastError !== undefined) && (
            <p className="text-sm break-words text-ink-soft">
              {facts.join(' · ')}
              {entry.lastError !== undefined && (
                <>
                  {facts.length > 0 && ' · '}
                  <ServerWords words={entry.lastError} />
                </>
              )}
            </p>
          )}
        </div>
        {mayRetry && (
          <Button busy={props.retrying} onClick={() => props.onRetry(entry.appointmentId)}>
            {t('common.tryAgain')}
          </Button>
        )}
        <Button variant="quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <ChevronRight aria-hidden className={classNames('size-4 transition-transform', open && 'rotate-90')} />
          {t('ledger.details')}
        </Button>
      </div>
      <div id={id} hidden={!open} className="border-t border-line bg-paper/60 px-4 py-4">
        {open && <LedgerDetail entry={entry} />}
      </div>
    </li>
  );
}

function LedgerDetail(props: { entry: LedgerEntry }) {
  const { entry } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const details = useLedgerEntry(entry.appointmentId);
  const resolve = useResolveDifference();
  const choose = (resolution: 'accept_theirs' | 'restore_ours') =>
    // Not by the callbacks of mutate: a resolved line is another line.
    void resolve.mutateAsync({ appointmentId: entry.appointmentId, resolution }).then(
      () => {
        const words = resolution === 'accept_theirs' ? t('ledger.accepted') : t('ledger.restored');
        announce(words);
        showToast({ title: words });
      },
      () => undefined,
    );
  return (
    <div className="flex flex-col gap-4">
      <LedgerSides entry={details.data ?? entry} />
      {entry.state === 'different' && (
        <div role="group" aria-label={t('ledger.choose')} className="flex flex-wrap items-center gap-2">
          <p className="text-sm font-medium">{t('ledger.choose')}</p>
          <Button busy={resolve.isPending} onClick={() => choose('accept_theirs')}>
            {t('ledger.acceptTheirs')}
          </Button>
          <Button busy={resolve.isPending} onClick={() => choose('restore_ours')}>
            {t('ledger.restoreOurs')}
          </Button>
        </div>
      )}
      {resolve.isError && <Notice tone="bad">{describeError(resolve.error, t)}</Notice>}
      <ReadState query={details} skeleton={<SkeletonList rows={2} label={t('common.loading')} />}>
        {({ tries }) => (
          <div>
            <h3 className="mb-1 text-sm font-medium">{t('ledger.tries')}</h3>
            {tries.length === 0 && <p className="text-sm text-ink-soft">{t('ledger.noTries')}</p>}
            <ol className="flex flex-col gap-1 text-sm">
              {tries.map((attempt, index) => (
                <li key={`${attempt.at}${index}`} className="flex flex-wrap gap-x-2">
                  <span className="text-ink-soft tabular-nums">{formatMoment(attempt.at, timeZone, locale)}</span>
                  <span className={classNames('font-medium', attempt.outcome !== 'ok' && 'text-bad')}>
                    {t(`ledger.actions.${attempt.action}`)}, {t(`ledger.outcomes.${attempt.outcome}`)}
                  </span>
                  <span className="min-w-0 break-words text-ink-soft">
                    {[
                      attempt.status === undefined ? '' : String(attempt.status),
                      t('ledger.took', { count: attempt.durationMilliseconds }),
                    ]
                      .filter((part) => part !== '')
                      .join(' · ')}
                    {attempt.message !== '' && (
                      <>
                        {' · '}
                        <ServerWords words={attempt.message} />
                      </>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </ReadState>
    </div>
  );
}
