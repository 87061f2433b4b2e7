import type { Block } from '@daybook/http-contract/practice';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePractice } from '../../../lib/practice.tsx';
import { describeError, isProblem } from '../../../lib/problem.ts';
import { formatSpan, readTypedTime, toInstant } from '../../../lib/time.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useCreateBlock } from '../api/create-block.ts';
import { useDeleteBlock } from '../api/delete-block.ts';

/** Keeps some time of a day free of appointments. */
export function BlockDialog(props: { day: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const [day, setDay] = useState(props.day);
  const [from, setFrom] = useState('12:00');
  const [to, setTo] = useState('13:00');
  const [title, setTitle] = useState('');
  const [faults, setFaults] = useState<{ from?: string; to?: string }>({});
  const create = useCreateBlock();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const start = instantOf(day, from, timeZone);
    const end = instantOf(day, to, timeZone);
    const found: { from?: string; to?: string } = {};
    if (start === undefined) found.from = t('faults.time');
    if (end === undefined) found.to = t('faults.time');
    else if (start !== undefined && Date.parse(end) <= Date.parse(start)) found.to = t('block.endFirst');
    setFaults(found);
    if (start === undefined || end === undefined || found.to !== undefined || create.isPending) return;
    create.mutate(
      { start, end, ...(title.trim() === '' ? {} : { title: title.trim() }) },
      {
        onSuccess: (block) => {
          const done = t('block.done', { span: formatSpan(block.start, block.end, timeZone, locale) });
          announce(done);
          void showToast({ title: done });
          props.onClose();
        },
      },
    );
  };

  return (
    <Dialog title={t('block.title')} closeLabel={t('common.close')} onClose={props.onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        {create.isError && <Notice tone="bad">{describeRefusal(create.error, timeZone, locale, t)}</Notice>}
        <TextField label={t('time.day')} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={t('block.from')}
            value={from}
            error={faults.from}
            onChange={(event) => setFrom(event.target.value)}
          />
          <TextField
            label={t('block.to')}
            value={to}
            error={faults.to}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        <TextField
          label={t('block.name')}
          optional={t('common.optional')}
          hint={t('block.nameHint')}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            {t('block.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One blocked time, and the way to free it. */
export function BlockedTimeDialog(props: { block: Block; onClose: () => void }) {
  const { block } = props;
  const { t } = useTranslation();
  const { timeZone, locale } = usePractice();
  const remove = useDeleteBlock();
  const free = () =>
    remove.mutate(block.id, {
      onSuccess: () => {
        announce(t('block.freed'));
        void showToast({ title: t('block.freed') });
        props.onClose();
      },
    });
  return (
    <Dialog
      title={block.title === '' ? t('block.open') : block.title}
      description={formatSpan(block.start, block.end, timeZone, locale)}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      <div className="flex flex-col gap-4">
        {remove.isError && <Notice tone="bad">{describeError(remove.error, t)}</Notice>}
        <Button variant="danger" className="self-end" busy={remove.isPending} onClick={free}>
          {t('block.free')}
        </Button>
      </div>
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
