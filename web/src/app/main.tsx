import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { setUpTexts } from '../i18n/setup.ts';
import { installStyleNonce } from '../lib/style-nonce.ts';
import { applyTheme, readTheme } from '../ui/theme.ts';
import { AppRoutes } from './app-routes.tsx';
import { Providers } from './providers.tsx';

installStyleNonce();
applyTheme(readTheme());
setUpTexts();
// Browsers that have Temporal do not load the substitute.
if (!('Temporal' in globalThis)) await import('temporal-polyfill/global');

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
