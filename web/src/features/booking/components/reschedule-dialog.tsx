import '../../../lib/schema-setup.ts';
import type { Appointment, RescheduleAppointmentRequest } from '@daybook/http-contract/appointments';
import { rescheduleAppointmentRequest } from '@daybook/http-contract/appointments';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { dayOf, formatSpan, readTypedTime, toInstant, wallTimeOf } from '../../../lib/time.ts';
import { useIntentKey } from '../../../lib/use-intent-key.ts';
import { Button } from '../../../ui/button.tsx';
import { EnterSubmits } from '../../../ui/enter-submits.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { useRescheduleAppointment } from '../api/reschedule-appointment.ts';
import { RefusalNotice } from './refusal-notice.tsx';
import { TimeChooser } from './time-chooser.tsx';
import type { ChosenTime } from './time-chooser.tsx';

/** Moves an appointment to another time: the keyboard's twin of dragging it. */
export function RescheduleDialog(props: {
  appointment: Appointment;
  onMoved: (moved: Appointment) => void;
  onClose: () => void;
}) {
  const { appointment } = props;
  const { t } = useTranslation();
  const { timeZone, locale, providers } = usePractice();
  const [chosen, setChosen] = useState<ChosenTime>({
    day: dayOf(appointment.start, timeZone),
    time: wallTimeOf(appointment.start, timeZone),
  });
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<Faults>(noFaults);
  const reschedule = useRescheduleAppointment();
  const keyOf = useIntentKey();

  const send = (time: ChosenTime, override: boolean) => {
    if (reschedule.isPending) return;
    const typed = readTypedTime(time.time);
    const start = typed === undefined || time.day === '' ? undefined : toInstant(time.day, typed, timeZone);
    if (start === undefined) {
      setFaults(new Map([['/start', typed === undefined ? t('faults.time') : t('faults.skippedTime')]]));
      return;
    }
    const body: RescheduleAppointmentRequest = {
      start,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(override ? { override } : {}),
    };
    const checked = checkBody(rescheduleAppointmentRequest, body, t);
    setFaults(checked.faults ?? noFaults);
    if (checked.faults !== undefined) return;
    reschedule.mutate(
      { before: appointment, body, idempotencyKey: keyOf({ id: appointment.id, version: appointment.version, body }) },
      { onSuccess: props.onMoved },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(chosen, false);
  };

  return (
    <Dialog
      title={t('reschedule.title', { name: appointment.customer.name })}
      description={t('reschedule.now', { span: formatSpan(appointment.start, appointment.end, timeZone, locale) })}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <EnterSubmits />
        {reschedule.isError && (
          <RefusalNotice
            error={reschedule.error}
            day={chosen.day}
            overrideLabel={t('reschedule.override')}
            onPickStart={(start) => {
              const time = { day: dayOf(start, timeZone), time: wallTimeOf(start, timeZone) };
              setChosen(time);
              send(time, false);
            }}
            onOverride={() => send(chosen, true)}
          />
        )}
        <TimeChooser
          value={chosen}
          onChange={setChosen}
          durationMinutes={appointment.durationMinutes}
          rescheduleAppointmentId={appointment.id}
          providerId={providers.length > 1 ? appointment.providerId : undefined}
          timeError={faults.get('/start')}
        />
        <TextField
          label={t('reschedule.reason')}
          optional={t('common.optional')}
          value={reason}
          error={faults.get('/reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="sticky -bottom-4 -mx-5 -mb-4 flex justify-end gap-2 border-t border-line bg-card px-5 py-3">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="primary" busy={reschedule.isPending}>
            {t('reschedule.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
