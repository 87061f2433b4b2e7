import type { ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { readTypedTime, todayIn } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { RadioCards } from '../../../ui/choices.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';

type Override = NonNullable<ReplaceAvailabilityRequest['overrides']>[number];

/** Days off, or days with other hours, as one entry however many they are. */
export function TimeOffDialog(props: { onSubmit: (entry: Override) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = usePractice();
  const form = useRef<HTMLFormElement>(null);
  const today = todayIn(timeZone);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState('');
  const [kind, setKind] = useState<'closed' | 'hours'>('closed');
  const [start, setStart] = useState('09:00');
  const [end, setEnd] = useState('12:00');
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = new Map<string, string>();
    const opens = readTypedTime(start);
    const closes = end.trim() === '24:00' ? '24:00' : readTypedTime(end);
    if (from === '') found.set('from', t('faults.day'));
    if (to !== '' && to < from) found.set('to', t('availability.timeOff.endFirst'));
    if (kind === 'hours') {
      if (opens === undefined) found.set('start', t('faults.time'));
      if (closes === undefined) found.set('end', t('faults.time'));
      if (opens !== undefined && closes !== undefined && closes <= opens)
        found.set('end', t('availability.timeOff.timeOrder'));
    }
    setFaults(found);
    if (found.size > 0) return focusFirstFault(form.current);
    props.onSubmit({
      date: from,
      ...(to === '' || to === from ? {} : { endDate: to }),
      intervals: kind === 'hours' && opens !== undefined && closes !== undefined ? [{ start: opens, end: closes }] : [],
    });
  };

  return (
    <Dialog
      title={t('availability.timeOff.title')}
      description={t('availability.timeOff.lead')}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form
        ref={form}
        noValidate
        onSubmit={submit}
        aria-label={t('availability.timeOff.title')}
        className="flex flex-col gap-4"
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('availability.timeOff.from')}
            type="date"
            min={today}
            value={from}
            error={faults.get('from')}
            onChange={(event) => setFrom(event.target.value)}
          />
          <TextField
            label={t('availability.timeOff.to')}
            optional={t('common.optional')}
            type="date"
            min={from}
            value={to}
            error={faults.get('to')}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        <RadioCards
          legend={t('availability.timeOff.kind')}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'closed', label: t('availability.timeOff.closed') },
            { value: 'hours', label: t('availability.timeOff.hours') },
          ]}
        />
        {kind === 'hours' && (
          <div className="grid grid-cols-2 gap-4">
            <TextField
              label={t('availability.timeOff.start')}
              value={start}
              error={faults.get('start')}
              onChange={(event) => setStart(event.target.value)}
            />
            <TextField
              label={t('availability.timeOff.end')}
              value={end}
              error={faults.get('end')}
              onChange={(event) => setEnd(event.target.value)}
            />
          </div>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="primary">
            {t('availability.timeOff.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
