import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCurrentUser } from '../features/session/api/get-current-user.ts';
import { useLogOut } from '../features/session/api/log-out.ts';
import { readConfig } from '../lib/config.ts';
import { describeError } from '../lib/problem.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segments } from '../ui/segments.tsx';
import { applyTheme, readTheme } from '../ui/theme.ts';

/** Who is signed in, how the app looks, signing out, and what the licence asks to be shown. */
export function AccountCard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useCurrentUser();
  const logOut = useLogOut();
  const [theme, setTheme] = useState(readTheme);
  const { version, sourceUrl, license, licensesUrl } = readConfig();
  const link = 'flex min-h-11 items-center underline-offset-2 hover:underline md:min-h-0';
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        {t('nav.signedInAs', {
          name: me.data?.user.fullName === '' ? me.data.user.username : (me.data?.user.fullName ?? ''),
        })}
      </p>
      <div className="flex flex-col gap-1.5">
        <p className="text-sm text-ink-soft">{t('nav.theme')}</p>
        <Segments
          label={t('nav.theme')}
          value={theme}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`nav.themes.${value}`) }))}
          onChange={(value) => {
            applyTheme(value);
            setTheme(value);
          }}
        />
      </div>
      <AppLink to="/settings" className={buttonClass()}>
        {t('nav.settings')}
      </AppLink>
      {logOut.isError && <Notice tone="bad">{describeError(logOut.error, t)}</Notice>}
      <Button
        busy={logOut.isPending}
        onClick={() => logOut.mutate(undefined, { onSuccess: () => void navigate('/sign-in') })}
      >
        {t('nav.signOut')}
      </Button>
      <div className="flex flex-col gap-1 border-t border-line pt-3 text-sm text-ink-soft">
        <p>{t('nav.version', { version })}</p>
        <a className={link} href={sourceUrl}>
          {t('nav.source')}
        </a>
        <a className={link} href={licensesUrl}>
          {t('nav.licence', { name: license })}
        </a>
      </div>
    </div>
  );
}
