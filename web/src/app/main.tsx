import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { loadDeskTexts, setUpTexts, speak, startLanguage } from '../i18n/setup.ts';
import { keepForOffline } from '../lib/offline.ts';
import { installStyleNonce } from '../lib/style-nonce.ts';
import { applyTheme, readTheme } from '../ui/theme.ts';
import { AppRoutes } from './app-routes.tsx';
import { Providers } from './providers.tsx';

installStyleNonce();
applyTheme(readTheme());
setUpTexts();
// Browsers that have Temporal do not load the substitute. No text is shown before its language is here.
await Promise.all([speak(startLanguage()), 'Temporal' in globalThis || import('temporal-polyfill/global')]);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Providers>
      <BrowserRouter>
        <AppRoutes />
      </BrowserRouter>
    </Providers>
  </StrictMode>,
);

// The words for refusals and for the later screens come once the first one stands.
const whenIdle = (work: () => void) =>
  'requestIdleCallback' in window ? window.requestIdleCallback(work) : setTimeout(work, 500);
whenIdle(() => void loadDeskTexts().catch(() => undefined));
if (import.meta.env.PROD) keepForOffline();
