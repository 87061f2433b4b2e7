import { ChevronRight, Clock4, RefreshCw, Settings, Tags } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AppLink } from '../../ui/app-link.tsx';
import { Page } from '../../ui/page.tsx';

const places = [
  { to: '/hours', key: 'availability', Icon: Clock4 },
  { to: '/types', key: 'types', Icon: Tags },
  { to: '/calcom', key: 'calcom', Icon: RefreshCw },
  { to: '/settings', key: 'settings', Icon: Settings },
] as const;

/** The places that do not fit into a thumb's bar. */
export function MoreRoute() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.more')}>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-card shadow-card">
        {places.map(({ to, key, Icon }) => (
          <li key={to}>
            <AppLink to={to} className="flex min-h-14 items-center gap-3 px-4 transition-colors hover:bg-sunken">
              <Icon aria-hidden className="size-5 text-accent" />
              <span className="flex-1 font-medium">{t(`nav.${key}`)}</span>
              <ChevronRight aria-hidden className="size-4 text-ink-soft" />
            </AppLink>
          </li>
        ))}
      </ul>
    </Page>
  );
}
