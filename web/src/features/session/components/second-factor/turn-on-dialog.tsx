import type { ConfirmedSecondFactor, SecondFactorKey } from '@daybook/http-contract/session';
import { lazy, Suspense, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError, isProblem } from '../../../../lib/problem.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { focusFirstFault } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { useBeginSecondFactor, useConfirmSecondFactor } from '../../api/second-factor.ts';
import { CodeField } from './code-field.tsx';
import { KeptCodesDialog } from './kept-codes.tsx';
import { OwnPasswordField } from './own-password-field.tsx';

const KeyPicture = lazy(() => import('./key-picture.tsx'));

/** Turns the second factor on: the password, then the key for the app and a first code of it, then the recovery codes. */
export function TurnOnDialog(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const [key, setKey] = useState<SecondFactorKey>();
  const [done, setDone] = useState<ConfirmedSecondFactor>();
  if (done !== undefined)
    return (
      <KeptCodesDialog
        title={t('secondFactor.isOn')}
        description={t('account.ended', { count: done.endedSessions })}
        codes={done.recoveryCodes}
        onClose={props.onClose}
      />
    );
  return (
    <Dialog
      title={t('secondFactor.turnOn')}
      description={t(key === undefined ? 'secondFactor.passwordLead' : 'secondFactor.keyLead')}
      closeLabel={t('common.close')}
      onClose={props.onClose}
    >
      {key === undefined ? (
        <PasswordStep onKey={setKey} onClose={props.onClose} />
      ) : (
        <KeyStep value={key} onDone={setDone} onClose={props.onClose} />
      )}
    </Dialog>
  );
}

function PasswordStep(props: { onKey: (key: SecondFactorKey) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState(false);
  const begin = useBeginSecondFactor();
  const wrong = isProblem(begin.error, 'INVALID_CREDENTIALS');

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (begin.isPending) return;
    const password = new FormData(event.currentTarget).get('currentPassword') as string;
    setMissing(password === '');
    if (password === '') return focusFirstFault(form.current);
    begin.mutate(password, { onSuccess: props.onKey, onError: () => focusFirstFault(form.current) });
  };

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label={t('secondFactor.turnOn')} className="flex flex-col gap-5">
      {begin.isError && !wrong && <Notice tone="bad">{describeError(begin.error, t)}</Notice>}
      <OwnPasswordField error={missing ? t('faults.required') : wrong ? t('account.wrong') : undefined} />
      <Buttons busy={begin.isPending} submit={t('secondFactor.next')} onClose={props.onClose} />
    </form>
  );
}

function KeyStep(props: {
  value: SecondFactorKey;
  onDone: (done: ConfirmedSecondFactor) => void;
  onClose: () => void;
}) {
  const { secret, uri } = props.value;
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState(false);
  const confirm = useConfirmSecondFactor();
  const wrong = !missing && isProblem(confirm.error, 'SECOND_FACTOR_WRONG');

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (confirm.isPending) return;
    const code = (new FormData(event.currentTarget).get('code') as string).trim();
    setMissing(code === '');
    if (code === '') return focusFirstFault(form.current);
    confirm.mutate(code, {
      onSuccess: props.onDone,
      onError: () => {
        form.current?.reset();
        focusFirstFault(form.current);
      },
    });
  };

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label={t('secondFactor.turnOn')} className="flex flex-col gap-5">
      <div className="flex flex-col items-center gap-4 sm:flex-row sm:items-start">
        <Suspense fallback={<div className="size-48 shrink-0 rounded-lg border border-line bg-sunken" />}>
          <KeyPicture uri={uri} />
        </Suspense>
        <div className="flex min-w-0 flex-col gap-1 text-sm">
          <p>{t('secondFactor.scan')}</p>
          <p className="mt-2 font-medium">{t('secondFactor.key')}</p>
          <p className="font-mono break-words select-all" data-testid="second-factor-key">
            {secret.match(/.{1,4}/g)?.join(' ')}
          </p>
          <p className="text-xs text-ink-soft">{t('secondFactor.keyHint')}</p>
        </div>
      </div>
      {confirm.isError && !wrong && <Notice tone="bad">{describeError(confirm.error, t)}</Notice>}
      <CodeField
        kind="app"
        autoFocus
        error={missing ? t('faults.required') : wrong ? describeError(confirm.error, t) : undefined}
      />
      <Buttons busy={confirm.isPending} submit={t('secondFactor.turnOn')} onClose={props.onClose} />
    </form>
  );
}

function Buttons(props: { busy: boolean; submit: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button variant="quiet" onClick={props.onClose}>
        {t('common.cancel')}
      </Button>
      <Button type="submit" variant="primary" busy={props.busy}>
        {props.submit}
      </Button>
    </div>
  );
}
