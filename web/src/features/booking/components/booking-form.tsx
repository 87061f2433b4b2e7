import '../../../lib/schema-setup.ts';
import { bookAppointmentRequest } from '@daybook/http-contract/appointments';
import type { Appointment, BookAppointmentRequest } from '@daybook/http-contract/appointments';
import type { AppointmentType } from '@daybook/http-contract/practice';
import type { TFunction } from 'i18next';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { faultsByPointer } from '../../../lib/problem.ts';
import { dayOf, readTypedTime, toInstant, wallTimeOf } from '../../../lib/time.ts';
import { useIntentKey } from '../../../lib/use-intent-key.ts';
import { Button } from '../../../ui/button.tsx';
import { EnterSubmits } from '../../../ui/enter-submits.tsx';
import { controlClass, Field, focusFirstFault, TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { useBookAppointment } from '../api/book-appointment.ts';
import { useAppointmentTypes } from '../api/list-appointment-types.ts';
import { CustomerField } from './customer-field.tsx';
import { LengthField } from './length-field.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { TimeChooser } from './time-chooser.tsx';
import type { ChosenTime } from './time-chooser.tsx';

/** What the form begins with, as from a click into the calendar. */
export type BookingStart = ChosenTime & {
  durationMinutes?: number | undefined;
  /** Whose time; the first provider's when absent. */
  providerId?: string | undefined;
  /** Somebody known who comes again. */
  customer?: Partial<Pick<Draft, 'name' | 'email' | 'phone' | 'timeZone' | 'typeId'>> | undefined;
};

type Draft = {
  name: string;
  email: string;
  phone: string;
  timeZone: string | undefined;
  typeId: string;
  length: string;
  notes: string;
};

const emptyDraft: Draft = { name: '', email: '', phone: '', timeZone: undefined, typeId: '', length: '', notes: '' };

/** Books an appointment: who, what, how long, when. */
export function BookingForm(props: {
  initial: BookingStart;
  onBooked: (appointment: Appointment) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone, providers } = usePractice();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>({
    ...emptyDraft,
    ...props.initial.customer,
    length: String(props.initial.durationMinutes ?? ''),
  });
  const [chosen, setChosen] = useState<ChosenTime>({ day: props.initial.day, time: props.initial.time });
  // With one provider there is nothing to choose, and nothing to send.
  const [providerId, setProviderId] = useState(
    providers.length > 1 ? (props.initial.providerId ?? providers[0]?.id) : undefined,
  );
  const [faults, setFaults] = useState<Faults>(noFaults);
  const types = useAppointmentTypes();
  const book = useBookAppointment();
  const keyOf = useIntentKey();

  const offeredTypes = types.data?.items.filter((type) => !type.archived) ?? [];
  const type = offeredTypes.find((candidate) => candidate.id === draft.typeId) ?? offeredTypes[0];
  const offered = type?.durationsMinutes ?? [];
  const length = draft.length === '' ? String(offered[0] ?? '') : draft.length;
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  const send = (time: ChosenTime, override: boolean) => {
    if (book.isPending) return;
    const typed = readTypedTime(time.time);
    const start = typed === undefined || time.day === '' ? undefined : toInstant(time.day, typed, timeZone);
    const body = {
      ...toBody(draft, type, Number(length), start ?? '', override),
      ...(providerId === undefined ? {} : { providerId }),
    };
    const checked = checkBody(bookAppointmentRequest, body, t);
    const found = new Map(checked.faults);
    if (start === undefined) found.set('/start', startFault(time, typed, t));
    setFaults(found);
    if (found.size > 0) return focusFirstFault(form.current);
    book.mutate(
      { body, idempotencyKey: keyOf(body) },
      {
        onSuccess: props.onBooked,
        onError: (error) => {
          setFaults(faultsByPointer(error));
          focusFirstFault(form.current);
        },
      },
    );
  };
  const pickAndSend = (start: string) => {
    const time = { day: dayOf(start, timeZone), time: wallTimeOf(start, timeZone) };
    setChosen(time);
    send(time, false);
  };
  const startError = faults.get('/start');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(chosen, false);
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-5">
      <EnterSubmits />
      {book.isError && faults.size === 0 && (
        <RefusalNotice
          error={book.error}
          day={chosen.day}
          overrideLabel={t('booking.override')}
          onPickStart={pickAndSend}
          onOverride={() => send(chosen, true)}
        />
      )}
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-[1fr_1.15fr]">
        <div className="flex flex-col gap-4">
          <CustomerField
            value={draft.name}
            error={faults.get('/customer/name')}
            onType={(name) => change({ name })}
            onRecall={(known) =>
              change({ name: known.name, email: known.email ?? '', phone: known.phone ?? '', timeZone: known.timeZone })
            }
          />
          <TextField
            label={t('booking.email')}
            optional={t('common.optional')}
            type="email"
            autoComplete="off"
            value={draft.email}
            error={faults.get('/customer/email')}
            onChange={(event) => change({ email: event.target.value })}
          />
          <TextField
            label={t('booking.phone')}
            optional={t('common.optional')}
            type="tel"
            autoComplete="off"
            value={draft.phone}
            error={faults.get('/customer/phone')}
            onChange={(event) => change({ phone: event.target.value })}
          />
          {providerId !== undefined && (
            <SelectField
              label={t('booking.provider')}
              value={providerId}
              options={providers.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={setProviderId}
            />
          )}
          {offeredTypes.length > 1 && (
            <Field label={t('booking.type')}>
              {(control) => (
                <select
                  {...control}
                  className={controlClass}
                  value={type?.id}
                  onChange={(event) => change({ typeId: event.target.value, length: '' })}
                >
                  {offeredTypes.map((candidate) => (
                    <option key={candidate.id} value={candidate.id}>
                      {candidate.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <LengthField
            value={length}
            offered={offered}
            error={faults.get('/durationMinutes')}
            onChange={(minutes) => change({ length: minutes })}
          />
          <Field label={t('booking.notes')} optional={t('common.optional')} error={faults.get('/notes')}>
            {(control) => (
              <textarea
                {...control}
                rows={3}
                className={controlClass}
                value={draft.notes}
                onChange={(event) => change({ notes: event.target.value })}
              />
            )}
          </Field>
        </div>
        <TimeChooser
          value={chosen}
          onChange={setChosen}
          {...slotWish(type, Number(length))}
          providerId={providerId}
          dayError={chosen.day === '' ? startError : undefined}
          timeError={chosen.day === '' ? undefined : startError}
        />
      </div>
      <div className="sticky -bottom-4 -mx-5 -mb-4 flex justify-end gap-2 border-t border-line bg-card px-5 py-3">
        <Button variant="quiet" onClick={props.onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={book.isPending} className="min-w-32">
          {t('booking.submit')}
        </Button>
      </div>
    </form>
  );
}

/** A length the default type does not list is asked for by itself, which gives the default type; other types rule their lengths. */
function typeToSend(type: AppointmentType | undefined, minutes: number): string | undefined {
  return type?.isDefault === true && !type.durationsMinutes.includes(minutes) ? undefined : type?.id;
}

function slotWish(type: AppointmentType | undefined, minutes: number) {
  const length = Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440 ? minutes : undefined;
  return { durationMinutes: length, appointmentTypeId: length === undefined ? type?.id : typeToSend(type, length) };
}

function toBody(
  draft: Draft,
  type: AppointmentType | undefined,
  minutes: number,
  start: string,
  override: boolean,
): BookAppointmentRequest {
  const appointmentTypeId = typeToSend(type, minutes);
  return {
    customer: {
      name: draft.name.trim(),
      ...(draft.email.trim() === '' ? {} : { email: draft.email.trim() }),
      ...(draft.phone.trim() === '' ? {} : { phone: draft.phone.trim() }),
      ...(draft.timeZone === undefined ? {} : { timeZone: draft.timeZone }),
    },
    start,
    durationMinutes: minutes,
    ...(appointmentTypeId === undefined ? {} : { appointmentTypeId }),
    ...(draft.notes.trim() === '' ? {} : { notes: draft.notes }),
    ...(override ? { override } : {}),
  };
}

function startFault(time: ChosenTime, typed: string | undefined, t: TFunction): string {
  if (time.day === '') return t('faults.day');
  return typed === undefined ? t('faults.time') : t('faults.skippedTime');
}
