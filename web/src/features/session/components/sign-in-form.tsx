import type { TFunction } from 'i18next';
import { Suspense, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoginRequest } from '@daybook/http-contract/session';
import { lazyWithTexts } from '../../../i18n/lazy-with-texts.ts';
import { describeError, isProblem, ProblemError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useLogIn } from '../api/log-in.ts';

// Most sign in without.
const CodeStep = lazyWithTexts(() => import('./second-factor/code-step.tsx').then((module) => module.CodeStep));

/**
 * Username and password. What is wrong stands beside its field; a refused attempt says so above. Where the account has a second factor
 * a right password leads to its code, in the same place.
 */
export function SignInForm(props: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const logIn = useLogIn();
  /** What was right so far, while a code is asked for. */
  const [asked, setAsked] = useState<LoginRequest>();
  const send = (body: LoginRequest) =>
    logIn.mutate(body, {
      onSuccess: props.onSignedIn,
      onError: (error) => isProblem(error, 'SECOND_FACTOR_NEEDED') && setAsked(body),
    });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (logIn.isPending) return;
    // Asked of the fields themselves: what fills them in for somebody does not always say so.
    const filled = new FormData(event.currentTarget);
    const [username, password] = [filled.get('username') as string, filled.get('password') as string];
    // The schema says the same; it stays out of the first screen for its size.
    const found = new Map<string, string>();
    if (username.trim() === '') found.set('/username', t('faults.required'));
    if (password === '') found.set('/password', t('faults.required'));
    setFaults(found);
    if (found.size > 0) focusFirstFault(form.current);
    else send({ username: username.trim(), password });
  };

  if (asked !== undefined)
    return (
      <Suspense>
        <CodeStep
          busy={logIn.isPending}
          error={logIn.error}
          words={describeRefusal(logIn.error, t)}
          onCode={(code) => send({ ...asked, code })}
          onBack={() => {
            logIn.reset();
            setAsked(undefined);
          }}
        />
      </Suspense>
    );
  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4" aria-label={t('signIn.title')}>
      {logIn.isError && <Notice tone="bad">{describeRefusal(logIn.error, t)}</Notice>}
      <TextField
        label={t('signIn.username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        error={faults.get('/username')}
      />
      <TextField
        label={t('signIn.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        error={faults.get('/password')}
      />
      <Button type="submit" variant="primary" busy={logIn.isPending} className="mt-1 w-full">
        {t('signIn.submit')}
      </Button>
    </form>
  );
}

function describeRefusal(error: unknown, t: TFunction): string {
  const words = describeError(error, t);
  if (!isProblem(error, 'TOO_MANY_ATTEMPTS') || !(error instanceof ProblemError)) return words;
  const seconds = error.problem.retryAfterSeconds;
  return seconds === undefined ? words : t('signIn.tooMany', { count: Math.max(1, Math.ceil(seconds / 60)) });
}
