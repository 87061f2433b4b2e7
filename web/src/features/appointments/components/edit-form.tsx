import '../../../lib/schema-setup.ts';
import type { Appointment, UpdateAppointmentRequest } from '@daybook/http-contract/appointments';
import { updateAppointmentRequest } from '@daybook/http-contract/appointments';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { canOverride, describeError, faultsByPointer } from '../../../lib/problem.ts';
import { useIntentKey } from '../../../lib/use-intent-key.ts';
import { Button } from '../../../ui/button.tsx';
import { controlClass, Field, focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useUpdateAppointment } from '../api/update-appointment.ts';

/** Changes customer, length and notes; only what differs is sent. */
export function EditForm(props: { appointment: Appointment; onSaved: () => void; onCancel: () => void }) {
  const { appointment } = props;
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(appointment.customer.name);
  const [email, setEmail] = useState(appointment.customer.email ?? '');
  const [phone, setPhone] = useState(appointment.customer.phone ?? '');
  const [length, setLength] = useState(String(appointment.durationMinutes));
  const [notes, setNotes] = useState(appointment.notes);
  const [faults, setFaults] = useState<Faults>(noFaults);
  const update = useUpdateAppointment();
  const keyOf = useIntentKey();

  const send = (override: boolean) => {
    if (update.isPending) return;
    const body: UpdateAppointmentRequest = {};
    const { customer } = appointment;
    if (name !== customer.name || email !== (customer.email ?? '') || phone !== (customer.phone ?? '')) {
      body.customer = {
        name: name.trim(),
        ...(email.trim() === '' ? {} : { email: email.trim() }),
        ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
        ...(customer.timeZone === undefined ? {} : { timeZone: customer.timeZone }),
      };
    }
    if (Number(length) !== appointment.durationMinutes) body.durationMinutes = Number(length);
    if (notes !== appointment.notes) body.notes = notes;
    if (Object.keys(body).length === 0) return props.onSaved();
    if (override) body.override = true;
    const checked = checkBody(updateAppointmentRequest, body, t);
    setFaults(checked.faults ?? noFaults);
    if (checked.faults !== undefined) return focusFirstFault(form.current);
    update.mutate(
      { before: appointment, body, idempotencyKey: keyOf({ version: appointment.version, body }) },
      { onSuccess: props.onSaved, onError: (error) => setFaults(faultsByPointer(error)) },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4" aria-label={t('details.edit')}>
      {update.isError && faults.size === 0 && (
        <Notice tone={canOverride(update.error) ? 'warn' : 'bad'}>
          <p>{describeError(update.error, t)}</p>
          {canOverride(update.error) && (
            <Button className="self-start" onClick={() => send(true)}>
              {t('details.saveAnyway')}
            </Button>
          )}
        </Notice>
      )}
      <TextField
        label={t('booking.customer')}
        value={name}
        autoFocus
        error={faults.get('/customer/name')}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t('booking.email')}
        optional={t('common.optional')}
        type="email"
        value={email}
        error={faults.get('/customer/email')}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t('booking.phone')}
        optional={t('common.optional')}
        type="tel"
        value={phone}
        error={faults.get('/customer/phone')}
        onChange={(event) => setPhone(event.target.value)}
      />
      <TextField
        label={t('booking.length')}
        type="number"
        min={5}
        max={1440}
        step={5}
        value={length}
        error={faults.get('/durationMinutes')}
        onChange={(event) => setLength(event.target.value)}
      />
      <Field label={t('booking.notes')} optional={t('common.optional')} error={faults.get('/notes')}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            className={controlClass}
            value={notes}
            onChange={(event) => setNotes(event.target.value)}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button variant="quiet" onClick={props.onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={update.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
