import type { TFunction } from 'i18next';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError, isProblem, ProblemError } from '../../../lib/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useLogIn } from '../api/log-in.ts';

/** Username and password. What is wrong stands beside its field; a refused attempt says so above. */
export function SignInForm(props: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const logIn = useLogIn();

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
    else logIn.mutate({ username: username.trim(), password }, { onSuccess: props.onSignedIn });
  };

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
