import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import type { enDesk } from './en-desk.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: typeof en & typeof enDesk; common: Record<string, string> };
  }
}

/** Makes the texts ready; everything is in the bundle, so this is done when it returns. */
export function setUpTexts(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'app',
    ns: ['app', 'common'],
    resources: { en: { app: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initImmediate: false,
  });
}
