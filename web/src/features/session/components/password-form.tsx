import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError, faultsByPointer, isProblem } from '../../../lib/problem.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/choices.tsx';
import { focusFirstFault, TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { showToast } from '../../../ui/toast.ts';
import { useCurrentUser } from '../api/get-current-user.ts';
import { useChangePassword } from '../api/sessions.ts';

/** A new password, typed twice, with the current one. */
export function PasswordForm() {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [visible, setVisible] = useState(false);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const change = useChangePassword();
  const username = useCurrentUser().data?.user.username;
  const type = visible ? 'text' : 'password';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    const found = new Map<string, string>();
    if (current === '') found.set('/currentPassword', t('faults.required'));
    if (next === '') found.set('/newPassword', t('faults.required'));
    else if (next !== again) found.set('again', t('account.differ'));
    setFaults(found);
    if (found.size > 0) return focusFirstFault(form.current);
    change.mutate(
      { currentPassword: current, newPassword: next },
      {
        onSuccess: ({ endedSessions }) => {
          const description = t('account.ended', { count: endedSessions });
          announce(`${t('account.changed')}. ${description}`);
          showToast({ title: t('account.changed'), description });
          setCurrent('');
          setNext('');
          setAgain('');
        },
        onError: (error) => {
          setFaults(
            isProblem(error, 'INVALID_CREDENTIALS')
              ? new Map([['/currentPassword', t('account.wrong')]])
              : faultsByPointer(error),
          );
          focusFirstFault(form.current);
        },
      },
    );
  };

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      aria-label={t('account.password')}
      className="flex max-w-md flex-col gap-4"
    >
      {change.isError && faults.size === 0 && <Notice tone="bad">{describeError(change.error, t)}</Notice>}
      {/* For password managers, which otherwise guess whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={username ?? ''} readOnly hidden />
      <TextField
        label={t('account.current')}
        type={type}
        autoComplete="current-password"
        value={current}
        error={faults.get('/currentPassword')}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label={t('account.new')}
        type={type}
        autoComplete="new-password"
        value={next}
        error={faults.get('/newPassword')}
        onChange={(event) => setNext(event.target.value)}
      />
      <TextField
        label={t('account.again')}
        type={type}
        autoComplete="new-password"
        value={again}
        error={faults.get('again')}
        onChange={(event) => setAgain(event.target.value)}
      />
      <Checkbox label={t('account.show')} checked={visible} onChange={(event) => setVisible(event.target.checked)} />
      <Button type="submit" className="self-start" busy={change.isPending}>
        {t('account.change')}
      </Button>
    </form>
  );
}
