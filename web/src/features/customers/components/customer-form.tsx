import '../../../lib/schema-setup.ts';
import type { Customer, CustomerRequest } from '@daybook/http-contract/practice';
import { customerRequest } from '@daybook/http-contract/practice';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, faultsByPointer, isProblem } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { controlClass, Field, focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SelectField } from '../../../ui/select-field.tsx';

/** What the form is filled with. */
export type CustomerDraft = Pick<Customer, 'name' | 'email' | 'phone' | 'timeZone' | 'notes'>;

/** A customer's particulars. Who is known already under the same e-mail or phone is named with the way to them. */
export function CustomerForm(props: {
  initial: CustomerDraft;
  label: string;
  submitLabel: string;
  busy: boolean;
  error: unknown;
  onSubmit: (body: CustomerRequest) => void;
  onOpenKnown: (id: string) => void;
  onReload?: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const { initial, error } = props;
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(initial.name);
  const [email, setEmail] = useState(initial.email ?? '');
  const [phone, setPhone] = useState(initial.phone ?? '');
  const [zone, setZone] = useState(initial.timeZone ?? '');
  const [notes, setNotes] = useState(initial.notes);
  const [found, setFound] = useState<Faults>(noFaults);
  const refused = faultsByPointer(error);
  const fault = (pointer: string) => found.get(pointer) ?? refused.get(pointer);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (props.busy) return;
    const body: CustomerRequest = {
      name: name.trim(),
      ...(email.trim() === '' ? {} : { email: email.trim() }),
      ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
      ...(zone === '' ? {} : { timeZone: zone }),
      notes: notes.trim(),
    };
    const { faults } = checkBody(customerRequest, body, t);
    setFound(faults ?? noFaults);
    if (faults === undefined) props.onSubmit(body);
    else focusFirstFault(form.current);
  };
  const known = isProblem(error, 'CUSTOMER_EXISTS') ? error.problem.customerId : undefined;
  const zones = Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') }));

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label={props.label} className="flex flex-col gap-4">
      {isProblem(error, 'CUSTOMER_EXISTS') ? (
        <Notice tone="warn">
          <p>{t('customer.exists')}</p>
          {known !== undefined && (
            <Button className="self-start" onClick={() => props.onOpenKnown(known)}>
              {t('customer.openKnown')}
            </Button>
          )}
        </Notice>
      ) : isProblem(error, 'VERSION_CONFLICT') && props.onReload !== undefined ? (
        <Notice tone="warn">
          <p>{t('customer.changedElsewhere')}</p>
          <Button className="self-start" onClick={props.onReload}>
            {t('customer.loadNew')}
          </Button>
        </Notice>
      ) : (
        error !== null &&
        error !== undefined &&
        refused.size === 0 && <Notice tone="bad">{describeError(error, t)}</Notice>
      )}
      <TextField
        label={t('customer.name')}
        autoFocus
        autoComplete="off"
        value={name}
        error={fault('/name')}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('customer.email')}
          optional={t('common.optional')}
          type="email"
          autoComplete="off"
          value={email}
          error={fault('/email')}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={t('customer.phone')}
          optional={t('common.optional')}
          type="tel"
          autoComplete="off"
          value={phone}
          error={fault('/phone')}
          onChange={(event) => setPhone(event.target.value)}
        />
      </div>
      <SelectField
        label={t('customer.zone')}
        hint={t('customer.zoneHint')}
        value={zone}
        options={[{ value: '', label: t('customer.zonePractice', { zone: timeZone }) }, ...zones]}
        error={fault('/timeZone')}
        onChange={setZone}
      />
      <Field
        label={t('customer.notes')}
        optional={t('common.optional')}
        hint={t('customer.notesHint')}
        error={fault('/notes')}
      >
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
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="quiet" onClick={props.onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={props.busy}>
          {props.submitLabel}
        </Button>
      </div>
    </form>
  );
}
