import { CalendarPlus, Ellipsis, Search } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation } from 'react-router';
import { ConnectionBanner } from '../features/calendar-connections/components/connection-banner.tsx';
import { localeOf, usePracticeSettings } from '../features/practice/api/get-practice.ts';
import { useProviders } from '../features/practice/api/list-providers.ts';
import { useCurrentUser } from '../features/session/api/get-current-user.ts';
import { lazyWithTexts } from '../i18n/lazy-with-texts.ts';
import { openTool } from '../lib/desk-tools.ts';
import { useOffline } from '../lib/offline.ts';
import { PracticeProvider } from '../lib/practice.tsx';
import { describeError } from '../lib/problem.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton, SkeletonList } from '../ui/skeleton.tsx';
import { ToastPlace } from '../ui/toast-place.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { nearPlaces, places } from './places.ts';
import { openBooking, PanelAddress, useOpenPanel } from './open-panels.ts';

const LiveNotice = lazy(() => import('./live-notice.tsx').then((module) => ({ default: module.LiveNotice })));
const Panels = lazyWithTexts(() => import('./panels.tsx').then((module) => module.Panels));
const DeskTools = lazyWithTexts(() => import('./desk-tools.tsx').then((module) => module.DeskTools));

// A thumb's bar holds five; the rest is one touch further.
const thumbPlaces = [...nearPlaces, { to: '/more', key: 'more', Icon: Ellipsis }] as const;

/** What stands around every screen: the places, the banner, the panels. */
export function AppFrame() {
  const { t } = useTranslation();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-card p-3 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('common.skip')}
      </a>
      <Header />
      <ConnectionBanner />
      <Suspense fallback={null}>
        <LiveNotice />
      </Suspense>
      <PanelAddress />
      <Practice />
      <BottomBar />
      <ToastPlace label={t('common.notifications')} />
    </div>
  );
}

function Header() {
  const { t } = useTranslation();
  const offline = useOffline() !== undefined;
  return (
    <header className="print:hidden sticky top-0 z-30 border-b border-line bg-paper/95 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[96rem] items-center gap-2 px-4 md:px-6">
        <AppLink to="/" className="mr-2 flex items-center gap-2 text-lg font-semibold tracking-tight">
          <img src="/favicon.svg" alt="" className="size-7" />
          Daybook
        </AppLink>
        <nav aria-label={t('nav.label')} className="hidden flex-1 gap-0.5 lg:flex">
          {places.map(({ to, key }) => (
            <AppLink
              key={to}
              to={to}
              className="flex h-9 items-center rounded-lg px-2.5 text-sm font-medium text-ink-soft transition-colors hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:text-ink"
            >
              {t(`nav.${key}`)}
            </AppLink>
          ))}
        </nav>
        <div className="flex-1 lg:hidden" />
        <IconButton label={t('nav.find')} aria-keyshortcuts="Control+K" onClick={() => openTool('palette')}>
          <Search aria-hidden className="size-5" />
        </IconButton>
        <Button
          variant="primary"
          disabled={offline}
          onClick={() => openBooking()}
          aria-label={t('nav.book')}
          aria-keyshortcuts="c"
        >
          <CalendarPlus aria-hidden className="size-4" />
          <span className="hidden xl:inline">{t('nav.book')}</span>
          <span className="xl:hidden">{t('nav.bookShort')}</span>
        </Button>
        <AccountMenu />
      </div>
    </header>
  );
}

/** On a phone the places are where the thumb is. */
function BottomBar() {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="grid grid-cols-5">
        {thumbPlaces.map(({ to, key, Icon }) => (
          <li key={to}>
            <AppLink
              to={to}
              className="flex h-14 flex-col items-center justify-center gap-0.5 text-[0.625rem] font-medium tracking-tight text-ink-soft min-[22.5rem]:text-[0.6875rem] min-[22.5rem]:tracking-normal aria-[current=page]:text-accent"
            >
              <Icon aria-hidden className="size-5" />
              <span className="max-w-full truncate">{t(`nav.${key}`)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Reads whose practice this is before any screen, since every time depends on its zone. */
function Practice() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const providers = useProviders();
  const settings = usePracticeSettings();
  // Without the practice's habits the reader's own are good enough to begin with.
  const isPending = providers.isPending || (settings.isPending && settings.failureCount === 0);
  const provider = isPending ? undefined : providers.data?.items[0];
  const user = useCurrentUser().data?.user;
  return (
    <main id="content" className="flex flex-1 flex-col px-4 pt-5 pb-24 md:px-6 lg:pb-8">
      {isPending && <FrameSkeleton />}
      {providers.isError && providers.data === undefined && (
        <Notice tone="bad" title={t('errors.cannotStart')} className="mx-auto w-full max-w-lg">
          <p>{describeError(providers.error, t)}</p>
          <Button className="self-start" busy={providers.isFetching} onClick={() => void providers.refetch()}>
            {t('common.tryAgain')}
          </Button>
        </Notice>
      )}
      {!isPending && providers.isSuccess && provider === undefined && (
        <Notice tone="warn">{t('errors.noProvider')}</Notice>
      )}
      {provider !== undefined && (
        <PracticeProvider
          providerId={provider.id}
          providerName={provider.name}
          providers={providers.data?.items}
          timeZone={provider.timeZone}
          locale={localeOf(settings.data)}
          reader={user && { id: user.id, name: user.fullName || user.username }}
        >
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={<FrameSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
          <ErrorBoundary resetKey={pathname}>
            <PanelPlace />
          </ErrorBoundary>
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={null}>
              <DeskTools />
            </Suspense>
          </ErrorBoundary>
        </PracticeProvider>
      )}
    </main>
  );
}

function PanelPlace() {
  const panel = useOpenPanel();
  return <Suspense fallback={null}>{Object.keys(panel).length > 0 && <Panels panel={panel} />}</Suspense>;
}

function FrameSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-4">
      <Skeleton className="h-8 w-40" />
      <SkeletonList rows={5} label={t('common.loading')} />
    </div>
  );
}
