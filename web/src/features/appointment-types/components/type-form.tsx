import '../../../lib/schema-setup.ts';
import type { AppointmentType, AppointmentTypeRequest } from '@daybook/http-contract/practice';
import { appointmentTypeRequest } from '@daybook/http-contract/practice';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { checkBody, noFaults } from '../../../lib/faults.ts';
import type { Faults } from '../../../lib/faults.ts';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, faultsByPointer, isProblem } from '../../../lib/problem.ts';
import { formatLength } from '../../../lib/time.ts';
import { Button } from '../../../ui/button.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { toRequest, useSaveType } from '../api/types.ts';
import { ColorChoice } from './color-choice.tsx';

const buffers = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120];
const notices = [0, 30, 60, 120, 240, 720, 1440, 2880, 10_080];
const horizons = [7, 14, 30, 60, 90, 183, 365, 1100];
const steps = [5, 10, 15, 20, 30, 45, 60, 120];
const fresh: AppointmentTypeRequest = { name: '', durationsMinutes: [30], horizonDays: 183, slotStepMinutes: 15 };

/** A type's particulars. Of an existing one the short name, by which others link to it, stays. */
export function TypeForm(props: {
  type: AppointmentType | undefined;
  onSaved: (saved: AppointmentType) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { locale } = usePractice();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => (props.type === undefined ? fresh : toRequest(props.type)));
  const [lengths, setLengths] = useState(draft.durationsMinutes.join(', '));
  const [faults, setFaults] = useState<Faults>(noFaults);
  const save = useSaveType();
  const change = (part: Partial<AppointmentTypeRequest>) => setDraft((before) => ({ ...before, ...part }));
  const lengthFault = [...faults].find(([pointer]) => pointer.startsWith('/durationsMinutes'));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    const body = { ...draft, name: draft.name.trim(), durationsMinutes: readLengths(lengths) };
    const checked = checkBody(appointmentTypeRequest, body, t);
    setFaults(checked.faults ?? noFaults);
    if (checked.faults !== undefined) return focusFirstFault(form.current);
    save.mutate(
      { before: props.type, body },
      { onSuccess: props.onSaved, onError: (error) => setFaults(faultsByPointer(error)) },
    );
  };
  const minutes = (values: readonly number[], value: number | undefined, zero: string, words?: 'types.before') =>
    choices(values, value ?? 0).map((choice) => ({
      value: String(choice),
      label:
        choice === 0
          ? zero
          : words === undefined
            ? formatLength(choice, locale)
            : t(words, { length: formatLength(choice, locale) }),
    }));

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      aria-label={props.type === undefined ? t('types.add') : t('types.edit', { name: props.type.name })}
      className="flex flex-col gap-5"
    >
      {save.isError && faults.size === 0 && (
        <Notice tone="bad">
          {isProblem(save.error, 'VERSION_CONFLICT') ? t('types.changedElsewhere') : describeError(save.error, t)}
        </Notice>
      )}
      <TextField
        label={t('types.name')}
        autoFocus
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        error={faults.get('/name')}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextField
        label={t('types.lengths')}
        hint={t('types.lengthsHint')}
        inputMode="numeric"
        autoComplete="off"
        value={lengths}
        error={lengthFault === undefined ? undefined : t('types.lengthsFault')}
        onChange={(event) => setLengths(event.target.value)}
      />
      <ColorChoice value={draft.color ?? '#0f766e'} onChange={(color) => change({ color })} />
      <fieldset className="min-w-0">
        <legend className="mb-2 text-sm font-semibold">{t('types.around')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t('types.bufferBefore')}
            value={String(draft.bufferBeforeMinutes ?? 0)}
            options={minutes(buffers, draft.bufferBeforeMinutes, t('types.none'))}
            onChange={(value) => change({ bufferBeforeMinutes: Number(value) })}
          />
          <SelectField
            label={t('types.bufferAfter')}
            value={String(draft.bufferAfterMinutes ?? 0)}
            options={minutes(buffers, draft.bufferAfterMinutes, t('types.none'))}
            onChange={(value) => change({ bufferAfterMinutes: Number(value) })}
          />
        </div>
      </fieldset>
      <fieldset className="min-w-0">
        <legend className="mb-2 text-sm font-semibold">{t('types.ahead')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t('types.notice')}
            hint={t('types.noticeHint')}
            value={String(draft.minimumNoticeMinutes ?? 0)}
            options={minutes(notices, draft.minimumNoticeMinutes, t('types.anyTime'), 'types.before')}
            onChange={(value) => change({ minimumNoticeMinutes: Number(value) })}
          />
          <SelectField
            label={t('types.horizon')}
            hint={t('types.horizonHint')}
            value={String(draft.horizonDays ?? 183)}
            options={choices(horizons, draft.horizonDays ?? 183).map((days) => ({
              value: String(days),
              label: t('types.before', { length: formatLength(days * 1440, locale) }),
            }))}
            onChange={(value) => change({ horizonDays: Number(value) })}
          />
          <SelectField
            label={t('types.step')}
            hint={t('types.stepHint')}
            value={String(draft.slotStepMinutes ?? 15)}
            options={minutes(steps, draft.slotStepMinutes ?? 15, '')}
            onChange={(value) => change({ slotStepMinutes: Number(value) })}
          />
        </div>
      </fieldset>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="quiet" onClick={props.onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

/** The offered values, with the one that stands there even if it is not usual. */
function choices(values: readonly number[], value: number): number[] {
  return [...new Set([...values, value])].sort((a, b) => a - b);
}

/** "30, 45" as numbers; what is no number stays one that the schema refuses. */
function readLengths(text: string): number[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(Number);
}
