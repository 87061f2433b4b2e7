import '@testing-library/jest-dom';
import { QueryClient } from '@tanstack/react-query';
import { configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { BrowserRouter, useLocation } from 'react-router';
import { AppRoutes } from '../app/app-routes.tsx';
import { PanelAddress } from '../app/open-panels.ts';
import { Providers } from '../app/providers.tsx';
import { atoms, desk } from '../i18n/en/desk.ts';
import { addTexts } from '../i18n/setup.ts';
import { PracticeProvider } from '../lib/practice.tsx';
import { owner, provider, zone } from './fixtures.ts';

// Patience for a busy machine: parts that come on intent are compiled while somebody waits for them.
configure({ asyncUtilTimeout: 8_000 });
addTexts('en', 'app', desk);
addTexts('en', 'common', atoms);

/** Renders a part of the app with all it stands on: texts, cache, router, practice. */
export function renderPart(part: ReactNode, options: { at?: string } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const user = userEvent.setup();
  window.history.replaceState(null, '', options.at ?? '/');
  const view = render(
    <Providers client={client}>
      <BrowserRouter>
        <PracticeProvider
          providerId={provider.id}
          providerName={provider.name}
          timeZone={zone}
          locale="en-GB"
          reader={{ id: owner.id, name: owner.fullName }}
        >
          {part}
        </PracticeProvider>
        <PanelAddress />
        <Address />
      </BrowserRouter>
    </Providers>,
  );
  return { ...view, client, user };
}

/** Renders the whole app as a browser starts it at an address. */
export function renderApp(at: string) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  window.history.replaceState(null, '', at);
  const view = render(
    <Providers client={client}>
      <BrowserRouter>
        <AppRoutes />
      </BrowserRouter>
    </Providers>,
  );
  return { ...view, client, user: userEvent.setup() };
}

/** Shows where the router is. */
function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{`${pathname}${search}`}</output>;
}
