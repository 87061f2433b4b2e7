import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { AppLink } from '../../ui/app-link.tsx';

/** An address that leads nowhere. */
export function NotFoundRoute() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <EmptyState
        icon={<Compass />}
        title={t('notFound.hint')}
        actions={
          <AppLink to="/" className={buttonClass('primary')}>
            {t('notFound.home')}
          </AppLink>
        }
      />
    </Page>
  );
}
