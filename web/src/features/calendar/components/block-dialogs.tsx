import type { Block } from '@daybook/http-contract/practice';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, isProblem } from '../../../lib/problem.ts';
import { dayOf, formatSpan, readTypedTime, toInstant, wallTimeOf } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';

/** Blocked time as it is to be. */
export type BlockWish = { start: string; end: string; title: string };

/** Keeps some time free of appointments, or changes or frees time that is blocked. */
export function BlockDialog(props: {
  /** The day a new one begins with. */
  day: string;
  block?: Block | undefined;
  readOnly: boolean;
  /** Answers once it stands; what it throws is said in the dialog. */
  onSave: (wish: BlockWish) => Promise<void>;
  onFree: () => void;
  onClose: () => void;
}) {
  const { block, readOnly } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [days, setDays] = useState(() =>
    block === undefined
      ? { first: props.day, last: props.day }
      : { first: dayOf(block.start, timeZone), last: dayOf(block.end, timeZone) },
  );
  const [from, setFrom] = useState(block === undefined ? '12:00' : wallTimeOf(block.start, timeZone));
  const [to, setTo] = useState(block === undefined ? '13:00' : wallTimeOf(block.end, timeZone));
  const [title, setTitle] = useState(block?.title ?? '');
  const [faults, setFaults] = useState<{ from?: string; to?: string }>({});
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const start = instantOf(days.first, from, timeZone);
    const end = instantOf(days.last, to, timeZone);
    const found: { from?: string; to?: string } = {};
    if (start === undefined) found.from = t('faults.time');
    if (end === undefined) found.to = t('faults.time');
    else if (start !== undefined && Date.parse(end) <= Date.parse(start)) found.to = t('block.endFirst');
    setFaults(found);
    if (start === undefined || end === undefined || found.to !== undefined || saving) return;
    setSaving(true);
    setRefusal(undefined);
    props.onSave({ start, end, title: title.trim() }).then(props.onClose, (error: unknown) => {
      setSaving(false);
      setRefusal(error);
    });
  };

  return (
    <Dialog
      title={block === undefined ? t('block.title') : block.title === '' ? t('block.open') : block.title}
      {...(block === undefined ? {} : { description: formatSpan(block.start, block.end, timeZone, locale) })}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        {refusal !== undefined && <Notice tone="bad">{describeRefusal(refusal, timeZone, locale, t)}</Notice>}
        <TextField
          label={t('block.name')}
          optional={t('common.optional')}
          hint={t('block.nameHint')}
          maxLength={200}
          disabled={readOnly}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={t('block.firstDay')}
            type="date"
            disabled={readOnly}
            value={days.first}
            onChange={({ target }) =>
              setDays({ first: target.value, last: days.last < target.value ? target.value : days.last })
            }
          />
          <TextField
            label={t('block.from')}
            value={from}
            error={faults.from}
            disabled={readOnly}
            onChange={(event) => setFrom(event.target.value)}
          />
          <TextField
            label={t('block.lastDay')}
            type="date"
            disabled={readOnly}
            value={days.last}
            onChange={({ target }) => setDays({ ...days, last: target.value })}
          />
          <TextField
            label={t('block.to')}
            value={to}
            error={faults.to}
            disabled={readOnly}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        {!readOnly && (
          <div className="flex flex-wrap justify-end gap-2">
            {block !== undefined && (
              <Button variant="danger" className="mr-auto" onClick={props.onFree}>
                {t('block.free')}
              </Button>
            )}
            <Button variant="quiet" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" variant="primary" busy={saving}>
              {block === undefined ? t('block.submit') : t('common.save')}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}

function instantOf(day: string, time: string, zone: string): string | undefined {
  const typed = readTypedTime(time);
  return day === '' || typed === undefined ? undefined : toInstant(day, typed, zone);
}

function describeRefusal(error: unknown, zone: string, locale: string, t: TFunction): string {
  if (!isProblem(error, 'SLOT_TAKEN') || error.problem.conflict === undefined) return describeError(error, t);
  const { kind, label, start, end } = error.problem.conflict;
  return t(`refusal.takenBy.${kind}`, {
    label: label ?? '',
    context: label === undefined ? 'unnamed' : '',
    span: formatSpan(start, end, zone, locale),
  });
}
