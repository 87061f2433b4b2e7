import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../../../lib/problem.ts';
import { Button } from '../../../../ui/button.tsx';
import { focusFirstFault } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { CodeField, type CodeKind } from './code-field.tsx';

/** Asks for the code of the second factor after a right password, in the same place. */
export function CodeStep(props: {
  busy: boolean;
  /** Why the last attempt was refused; that a code is needed says nothing new. */
  error: unknown;
  /** The refusal in words. */
  words: string;
  onCode: (code: string) => void;
  onBack: () => void;
}) {
  const { busy, error } = props;
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<CodeKind>('app');
  const [missing, setMissing] = useState(false);
  const wrong = isProblem(error, 'SECOND_FACTOR_WRONG');
  const other = error != null && !wrong && !isProblem(error, 'SECOND_FACTOR_NEEDED');
  useEffect(() => {
    if (!wrong) return;
    form.current?.reset();
    focusFirstFault(form.current);
  }, [wrong, error]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    // Asked of the field itself: what fills it in for somebody does not always say so.
    const code = (new FormData(event.currentTarget).get('code') as string).trim();
    setMissing(code === '');
    if (code === '') focusFirstFault(form.current);
    else props.onCode(code);
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4" aria-label={t('secondFactor.step')}>
      {other && <Notice tone="bad">{props.words}</Notice>}
      <CodeField
        kind={kind}
        autoFocus
        error={missing ? t('faults.required') : wrong ? props.words : undefined}
        onKind={(next) => {
          setKind(next);
          setMissing(false);
        }}
      />
      <Button type="submit" variant="primary" busy={busy} className="mt-1 w-full">
        {t('signIn.submit')}
      </Button>
      <Button variant="quiet" onClick={props.onBack}>
        {t('secondFactor.back')}
      </Button>
    </form>
  );
}
