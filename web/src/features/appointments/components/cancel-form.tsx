import type { Appointment } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useCancelAppointment } from '../api/cancel-appointment.ts';

/** Asks once, with a reason if there is one, and cancels. */
export function CancelForm(props: {
  appointment: Appointment;
  onCancelled: (cancelled: Appointment) => void;
  onKeep: () => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const cancel = useCancelAppointment();
  return (
    <form
      noValidate
      aria-label={t('cancel.title')}
      className="flex flex-col gap-3 rounded-xl border border-bad/30 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!cancel.isPending) cancel.mutate({ before: props.appointment, reason }, { onSuccess: props.onCancelled });
      }}
    >
      <p className="font-medium">{t('cancel.question', { name: props.appointment.customer.name })}</p>
      {cancel.isError && <Notice tone="bad">{describeError(cancel.error, t)}</Notice>}
      <TextField
        label={t('cancel.reason')}
        optional={t('common.optional')}
        autoFocus
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="quiet" onClick={props.onKeep}>
          {t('cancel.keep')}
        </Button>
        <Button type="submit" variant="danger" busy={cancel.isPending}>
          {t('cancel.submit')}
        </Button>
      </div>
    </form>
  );
}
