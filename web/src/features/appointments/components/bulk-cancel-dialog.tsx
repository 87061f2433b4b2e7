import type { Appointment } from '@daybook/http-contract/appointments';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError } from '../../../lib/problem.ts';
import { runMutation } from '../../../lib/run-mutation.ts';
import { formatSpan } from '../../../lib/time.ts';
import { offerUndo } from '../../../lib/undo.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { cancelMutation } from '../api/cancel-appointment.ts';
import { restoreMutation } from '../api/restore-appointment.ts';

type Result = { state: 'waiting' | 'working' | 'cancelled' } | { state: 'refused'; why: string };

/** Cancels several appointments, one after the other, and says of each what became of it. What went can be brought back together. */
export function BulkCancelDialog(props: {
  appointments: readonly Appointment[];
  /** Told whether anything was cancelled. */
  onClose: (cancelled: boolean) => void;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const client = useQueryClient();
  // The list behind changes while they are cancelled; what was chosen does not.
  const [chosen] = useState(props.appointments);
  const [reason, setReason] = useState('');
  const [results, setResults] = useState<ReadonlyMap<string, Result>>();
  const [isRunning, setRunning] = useState(false);
  const count = chosen.length;
  const done = chosen.filter(({ id }) => results?.get(id)?.state === 'cancelled').length;
  const isFinished = results !== undefined && !isRunning;

  const run = async () => {
    setRunning(true);
    const outcome = new Map<string, Result>(chosen.map(({ id }) => [id, { state: 'waiting' }]));
    const note = (id: string, result: Result) => {
      outcome.set(id, result);
      setResults(new Map(outcome));
    };
    const cancelled: Appointment[] = [];
    for (const before of chosen) {
      note(before.id, { state: 'working' });
      try {
        cancelled.push(await runMutation(client, cancelMutation(client), { before, reason }));
        note(before.id, { state: 'cancelled' });
      } catch (error) {
        note(before.id, { state: 'refused', why: describeError(error, t) });
      }
    }
    setRunning(false);
    announce(t('bulk.result', { done: cancelled.length, count }));
    if (cancelled.length > 0) {
      offerUndo({
        title: t('bulk.done', { count: cancelled.length }),
        undo: () => bringBack(client, cancelled, t),
      });
    }
    // Nothing is left to read when all went.
    if (cancelled.length === count) props.onClose(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isRunning && results === undefined) void run();
  };

  return (
    <Dialog
      title={t('bulk.title', { count })}
      description={t('bulk.lead')}
      closeLabel={t('common.close')}
      onClose={() => !isRunning && props.onClose(done > 0)}
    >
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label={t('bulk.title', { count })}>
        <ul className="divide-y divide-line rounded-xl border border-line">
          {chosen.map((appointment) => {
            const result = results?.get(appointment.id);
            return (
              <li key={appointment.id} className="flex flex-wrap items-baseline gap-x-3 px-3.5 py-2 text-sm">
                <span className="min-w-0 flex-[1_1_14rem]">
                  <span className="font-medium break-words">{appointment.customer.name}</span>
                  <span className="block text-ink-soft">
                    {formatSpan(appointment.start, appointment.end, timeZone, locale)}
                  </span>
                </span>
                {result !== undefined && (
                  <span className={classNames(result.state === 'refused' ? 'text-bad' : 'text-ink-soft')}>
                    {t(`bulk.${result.state}`)}
                  </span>
                )}
                {result?.state === 'refused' && <span className="w-full text-bad">{result.why}</span>}
              </li>
            );
          })}
        </ul>
        {isFinished ? (
          <p role="status" className="font-medium">
            {t('bulk.result', { done, count })}
          </p>
        ) : (
          <TextField
            label={t('bulk.reason')}
            optional={t('common.optional')}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {isFinished ? (
            <Button variant="primary" onClick={() => props.onClose(done > 0)}>
              {t('bulk.close')}
            </Button>
          ) : (
            <>
              <Button variant="quiet" disabled={isRunning} onClick={() => props.onClose(false)}>
                {t('bulk.keep')}
              </Button>
              <Button type="submit" variant="danger" busy={isRunning}>
                {t('bulk.submit', { count })}
              </Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/**
 * Takes the cancellations back, each by itself.
 * @throws what the first refused one was refused for
 */
async function bringBack(client: QueryClient, cancelled: readonly Appointment[], t: TFunction): Promise<void> {
  const refused: unknown[] = [];
  for (const appointment of cancelled) {
    try {
      await runMutation(client, restoreMutation(client), appointment);
    } catch (error) {
      refused.push(error);
    }
  }
  if (refused.length > 0) {
    announce(t('bulk.undoPartly', { count: refused.length, why: describeError(refused[0], t) }));
    throw refused[0];
  }
}
