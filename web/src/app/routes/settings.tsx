import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePracticeSettings } from '../../features/practice/api/get-practice.ts';
import { useUpdatePractice } from '../../features/practice/api/update-practice.ts';
import { SecondFactorCard } from '../../features/session/components/second-factor/second-factor-card.tsx';
import { PasswordForm } from '../../features/session/components/password-form.tsx';
import { SessionList } from '../../features/session/components/session-list.tsx';
import { AboutCard } from '../../features/settings/components/about-card.tsx';
import { BrowserCard } from '../../features/settings/components/browser-card.tsx';
import { PracticeForm } from '../../features/settings/components/practice-form.tsx';
import { announce } from '../../ui/announcer.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { ReadState } from '../../ui/read-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.ts';

/** Every setting, each in one place. */
export function SettingsRoute() {
  const { t, i18n } = useTranslation();
  const practice = usePracticeSettings();
  const update = useUpdatePractice();
  const [opening, setOpening] = useState(0);
  return (
    <Page title={t('settings.title')} lead={t('settings.lead')}>
      <div className="flex flex-col gap-6">
        <ReadState query={practice} skeleton={<Skeleton className="h-96 w-full rounded-2xl" />}>
          {(data) => (
            <PracticeForm
              key={opening}
              practice={data}
              busy={update.isPending}
              error={update.error}
              onSave={(change) =>
                update.mutate(
                  { before: data, change },
                  {
                    // By then the app may speak another language.
                    onSuccess: () => {
                      announce(i18n.t('settings.saved'));
                      showToast({ title: i18n.t('settings.saved') });
                    },
                  },
                )
              }
              onReload={() =>
                void practice.refetch().then(() => {
                  update.reset();
                  setOpening((count) => count + 1);
                })
              }
              zoneLink={
                <AppLink to="/hours" className={buttonClass('secondary', 'mt-2')}>
                  {t('settings.zoneChange')}
                </AppLink>
              }
            />
          )}
        </ReadState>
        <BrowserCard />
        <Card
          title={t('settings.guide')}
          lead={t('settings.guideHint')}
          actions={
            <AppLink to="/guide" className={buttonClass()}>
              {t('settings.guideOpen')}
            </AppLink>
          }
        />
        <Card title={t('account.password')} lead={t('account.passwordLead')}>
          <PasswordForm />
        </Card>
        <SecondFactorCard />
        <Card title={t('account.sessions')}>
          <SessionList />
        </Card>
        <AboutCard practice={practice.data} />
      </div>
    </Page>
  );
}
