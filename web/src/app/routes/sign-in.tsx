import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { readReturnPath } from '../../features/session/components/session-guard.tsx';
import { SignInForm } from '../../features/session/components/sign-in-form.tsx';
import { readConfig } from '../../lib/config.ts';

/** Signing in, and back to where somebody wanted to go. */
export function SignInRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search } = useLocation();
  const { version, sourceUrl } = readConfig();
  useEffect(() => void import('./today.tsx'), []);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-8 px-4 py-10">
      <title>{`${t('signIn.title')} · Daybook`}</title>
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <img src="/favicon.svg" alt="" className="size-12" />
          <div>
            <h1 className="text-2xl font-semibold tracking-tight">Daybook</h1>
            <p className="text-ink-soft">{t('signIn.lead')}</p>
          </div>
        </div>
        <div className="rounded-2xl border border-line bg-card p-6 shadow-card">
          <SignInForm onSignedIn={() => void navigate(readReturnPath(search), { replace: true })} />
        </div>
      </div>
      <p className="text-xs text-ink-soft">
        {t('nav.version', { version })} ·{' '}
        <a href={sourceUrl} className="underline underline-offset-2">
          {t('nav.source')}
        </a>
      </p>
    </main>
  );
}
