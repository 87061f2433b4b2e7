import type { SecondFactorProof } from '@daybook/http-contract/session';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError, isProblem } from '../../../../lib/problem.ts';
import { Button, type ButtonVariant } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { focusFirstFault } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { CodeField, type CodeKind } from './code-field.tsx';
import { OwnPasswordField } from './own-password-field.tsx';

/** Asks for password and code before the second factor is changed: a session that was left open is not enough. */
export function ProveDialog(props: {
  title: string;
  lead: string;
  submit: string;
  variant: ButtonVariant;
  busy: boolean;
  error: unknown;
  /** Resolves once it is done, rejects when it was refused. */
  onProof: (proof: SecondFactorProof) => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<CodeKind>('app');
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const none = missing.size === 0;
  const wrongPassword = none && isProblem(props.error, 'INVALID_CREDENTIALS');
  const wrongCode = none && isProblem(props.error, 'SECOND_FACTOR_WRONG');
  const faultOf = (name: string, wrong: string | undefined) => (missing.has(name) ? t('faults.required') : wrong);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (props.busy) return;
    const filled = new FormData(event.currentTarget);
    const proof = {
      currentPassword: filled.get('currentPassword') as string,
      code: (filled.get('code') as string).trim(),
    };
    const empty = Object.entries(proof).flatMap(([name, value]) => (value === '' ? [name] : []));
    setMissing(new Set(empty));
    if (empty.length > 0) return focusFirstFault(form.current);
    void props.onProof(proof).catch(() => focusFirstFault(form.current));
  };

  return (
    <Dialog title={props.title} description={props.lead} closeLabel={t('common.close')} onClose={props.onClose}>
      <form ref={form} noValidate onSubmit={submit} aria-label={props.title} className="flex flex-col gap-5">
        {props.error != null && !wrongPassword && !wrongCode && none && (
          <Notice tone="bad">{describeError(props.error, t)}</Notice>
        )}
        <OwnPasswordField error={faultOf('currentPassword', wrongPassword ? t('account.wrong') : undefined)} />
        <CodeField
          kind={kind}
          error={faultOf('code', wrongCode ? describeError(props.error, t) : undefined)}
          onKind={setKind}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" variant={props.variant} busy={props.busy}>
            {props.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
