import type { Appointment } from '@daybook/http-contract/appointments';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeAppointment } from '../../../lib/appointment-words.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { Button } from '../../../ui/button.tsx';
import { BulkCancelDialog } from './bulk-cancel-dialog.tsx';

/**
 * Choosing several appointments of a list to cancel them together: the bar that says how many, and the box before each row that can be
 * chosen. Only scheduled ones that have not ended can be.
 */
export function useChoice(appointments: readonly Appointment[], now: number) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [cancelling, setCancelling] = useState<readonly Appointment[]>();
  const canChoose = (appointment: Appointment) =>
    appointment.status === 'scheduled' && Date.parse(appointment.end) > now;
  const choosable = appointments.filter(canChoose);
  const picked = choosable.filter(({ id }) => chosen?.has(id));

  const box =
    chosen === undefined
      ? undefined
      : (appointment: Appointment): ReactNode => (
          <label className="flex min-h-16 w-11 shrink-0 items-center justify-center pl-2">
            <input
              type="checkbox"
              className="size-5 accent-(--accent) disabled:opacity-40"
              aria-label={t('list.choose', { appointment: describeAppointment(appointment, timeZone, locale, t) })}
              disabled={!canChoose(appointment)}
              checked={chosen.has(appointment.id) && canChoose(appointment)}
              onChange={() => {
                const next = new Set(chosen);
                if (!next.delete(appointment.id)) next.add(appointment.id);
                setChosen(next);
              }}
            />
          </label>
        );
  const bar =
    chosen === undefined ? (
      choosable.length > 0 && (
        <Button variant="quiet" className="-my-2 self-end" onClick={() => setChosen(new Set())}>
          <ListChecks aria-hidden className="size-4" />
          {t('list.select')}
        </Button>
      )
    ) : (
      <div className="sticky top-14 z-10 flex flex-wrap items-center gap-2 rounded-xl border border-line bg-card px-4 py-2 shadow-card">
        <p role="status" className="mr-auto font-medium">
          {t('list.chosen', { count: picked.length })}
        </p>
        <Button variant="quiet" onClick={() => setChosen(new Set(choosable.map(({ id }) => id)))}>
          {t('list.chooseAll')}
        </Button>
        <Button variant="danger" disabled={picked.length === 0} onClick={() => setCancelling(picked)}>
          {t('list.cancelChosen')}
        </Button>
        <Button variant="quiet" onClick={() => setChosen(undefined)}>
          {t('list.selectDone')}
        </Button>
      </div>
    );
  return {
    ...(box === undefined ? {} : { box }),
    bar: (
      <>
        {bar}
        {cancelling !== undefined && (
          <BulkCancelDialog
            appointments={cancelling}
            onClose={(cancelled) => {
              setCancelling(undefined);
              if (cancelled) setChosen(undefined);
            }}
          />
        )}
      </>
    ),
  };
}
