import type { Appointment, BookAppointmentRequest } from '@daybook/http-contract/appointments';
import type { ListedCustomer } from '@daybook/http-contract/practice';
import { CalendarClock, Timer, UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../../i18n/setup.ts';
import { loadDateReader } from '../../../lib/date-words.ts';
import type { DateReader } from '../../../lib/date-words.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { addMinutes, dayOf, formatDay, formatSpan, toInstant } from '../../../lib/time.ts';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { useIntentKey } from '../../../lib/use-intent-key.ts';
import { useLatest } from '../../../lib/use-latest.ts';
import { useNow } from '../../../lib/use-now.ts';
import { Button } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { controlClass, Field } from '../../../ui/field.tsx';
import { useBookAppointment } from '../api/book-appointment.ts';
import { useAppointmentTypes } from '../api/list-appointment-types.ts';
import { useCustomerSearch } from '../api/search-customers.ts';
import { parseBookingLine } from '../parse-booking-line.ts';
import { rankCustomers } from '../rank-customers.ts';
import { RefusalNotice } from './refusal-notice.tsx';

/** Books from one line, such as "ann 30 thu 3pm": shows while one types what was understood; Enter books. */
export function BookingLine(props: {
  onBooked: (appointment: Appointment) => void;
  /** Opens the form with what was understood so far. */
  onForm: (start: string | undefined, minutes: number | undefined) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const now = useNow();
  const read = useDateReader(locale);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [tried, setTried] = useState(false);
  /** Enter was pressed and has not been acted on yet. */
  const [waits, setWaits] = useState(false);
  const types = useAppointmentTypes();
  const book = useBookAppointment();
  const keyOf = useIntentKey();

  const offered = types.data?.items.filter((type) => !type.archived) ?? [];
  const line =
    read === undefined
      ? { name: '', minutes: undefined, day: undefined, time: undefined, typeId: undefined }
      : parseBookingLine(text, offered, read, now, timeZone);
  const searched = useDebounced(line.name, 120);
  const search = useCustomerSearch(searched);
  const isSearched = line.name.length >= 2 && searched === line.name;
  const { customers: known, sureCount } = rankCustomers(line.name, isSearched ? (search.data?.items ?? []) : []);
  // Whoever is not surely meant is offered after the new customer, who stands where those of whom it is sure end.
  const place = chosen % (known.length + 1);
  const customer = place === sureCount ? undefined : known[place < sureCount ? place : place - 1];
  const type = typeFor(offered, line.typeId, customer);
  const minutes = line.minutes ?? type?.durationsMinutes[0];
  const start =
    line.day === undefined || line.time === undefined ? undefined : toInstant(line.day, line.time, timeZone);

  const send = (at: string | undefined, override: boolean) => {
    setTried(true);
    if (book.isPending || at === undefined || minutes === undefined || line.name === '') return;
    const body = toBody(line.name, customer, at, minutes, type, override);
    book.mutate({ body, idempotencyKey: keyOf(body) }, { onSuccess: props.onBooked });
  };
  // The customers of the last letter may still be on their way; booking before could make a second Ann.
  const isSettled = searched === line.name && !search.isFetching && !types.isPending;
  const latest = useLatest(() => {
    setWaits(false);
    send(start, false);
  });
  useEffect(() => {
    if (waits && isSettled) latest.current();
  }, [waits, isSettled, latest]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWaits(true);
  };
  const choose = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const count = known.length + 1;
    setChosen((before) => (before + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
  };

  const when = describeWhen();
  function describeWhen(): { text: string; isMissing: boolean } {
    if (start !== undefined && minutes !== undefined) {
      return { text: formatSpan(start, addMinutes(start, minutes, timeZone), timeZone, locale), isMissing: false };
    }
    if (line.day === undefined) return { text: t('line.missingDay'), isMissing: true };
    const day = formatDay(line.day, locale);
    return { text: t(line.time === undefined ? 'line.missingTime' : 'line.skipped', { day }), isMissing: true };
  }
  const who = customer ?? { name: line.name, email: undefined, phone: undefined };
  const contact = [who.email, who.phone].filter((part) => part !== undefined).join(' · ');
  return (
    <Dialog title={t('line.title')} closeLabel={t('common.close')} onClose={props.onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('line.label')} hint={t('line.hint')}>
          {(control) => (
            <input
              {...control}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              className={classNames(controlClass, 'text-lg')}
              placeholder={t('today.lineExample')}
              value={text}
              onKeyDown={choose}
              onChange={(event) => {
                setText(event.target.value);
                setChosen(0);
                setTried(false);
                setWaits(false);
                if (!book.isIdle) book.reset();
              }}
            />
          )}
        </Field>
        {book.isError && (
          <RefusalNotice
            error={book.error}
            day={line.day ?? dayOf(new Date(now).toISOString(), timeZone)}
            overrideLabel={t('booking.override')}
            onPickStart={(near) => send(near, false)}
            onOverride={() => send(start, true)}
          />
        )}
        <dl aria-live="polite" className="flex flex-col gap-2.5 rounded-xl bg-sunken px-4 py-3">
          <Part icon={<UserRound />} label={t('line.who')} isMissing={line.name === ''} tried={tried}>
            {line.name === '' ? t('line.missingWho') : who.name}
            {line.name !== '' && (
              <span className="block truncate text-sm font-normal text-ink-soft">
                {customer === undefined ? t('line.newCustomer') : contact || t('booking.noContact')}
                {known.length > 0 && ` · ${place + 1}/${known.length + 1} ↑↓`}
              </span>
            )}
          </Part>
          <Part icon={<CalendarClock />} label={t('line.when')} isMissing={when.isMissing} tried={tried}>
            {when.text}
          </Part>
          <Part icon={<Timer />} label={t('line.length')} isMissing={false} tried={tried}>
            {minutes === undefined ? '…' : t('common.minutes', { count: minutes })}
            {line.minutes === undefined && <span className="font-normal text-ink-soft"> · {t('line.usual')}</span>}
            {type !== undefined && <span className="font-normal text-ink-soft"> · {type.name}</span>}
          </Part>
        </dl>
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" className="mr-auto" onClick={() => props.onForm(start, line.minutes)}>
            {t('line.form')}
          </Button>
          <Button type="submit" variant="primary" busy={book.isPending || waits} className="min-w-28">
            {t('booking.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Part(props: { icon: ReactNode; label: string; isMissing: boolean; tried: boolean; children: ReactNode }) {
  return (
    <div className="flex items-start gap-3">
      <dt className="mt-0.5 text-ink-soft [&>svg]:size-4.5">
        {props.icon}
        <span className="sr-only">{props.label}</span>
      </dt>
      <dd
        className={classNames(
          'min-w-0 flex-1',
          props.isMissing ? 'text-ink-soft italic' : 'font-medium',
          props.isMissing && props.tried && 'font-medium text-bad',
        )}
      >
        {props.children}
      </dd>
    </div>
  );
}

function useDateReader(locale: string): DateReader | undefined {
  const [read, setRead] = useState<DateReader>();
  useEffect(() => {
    let wanted = true;
    void loadDateReader(currentLanguage(), locale).then((loaded) => wanted && setRead(() => loaded));
    return () => {
      wanted = false;
    };
  }, [locale]);
  return read;
}

/** The type that was named, else the one this customer had last, else the usual one. */
function typeFor<Type extends { id: string; isDefault: boolean }>(
  types: readonly Type[],
  named: string | undefined,
  customer: ListedCustomer | undefined,
): Type | undefined {
  const wanted = named ?? customer?.summary.lastAppointmentTypeId;
  return types.find((type) => type.id === wanted) ?? types[0];
}

function toBody(
  name: string,
  customer: ListedCustomer | undefined,
  start: string,
  minutes: number,
  type: { id: string; isDefault: boolean; durationsMinutes: number[] } | undefined,
  override: boolean,
): BookAppointmentRequest {
  // A length no type lists is asked for by itself, which gives the default type.
  const typeId = type?.durationsMinutes.includes(minutes) === true ? type.id : undefined;
  return {
    customer:
      customer === undefined
        ? { name }
        : {
            name: customer.name,
            ...(customer.email === undefined ? {} : { email: customer.email }),
            ...(customer.phone === undefined ? {} : { phone: customer.phone }),
            ...(customer.timeZone === undefined ? {} : { timeZone: customer.timeZone }),
          },
    start,
    durationMinutes: minutes,
    ...(typeId === undefined ? {} : { appointmentTypeId: typeId }),
    ...(override ? { override } : {}),
  };
}
