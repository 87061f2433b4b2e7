import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { enDesk } from './en-desk.ts';
import { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: typeof en & typeof enDesk; common: Record<string, string> };
  }
}

/** Makes the texts of the first screens ready; they are in the bundle, so this is done when it returns. Again, it does nothing. */
export function setUpTexts(): void {
  if (i18next.isInitialized) return;
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

/** Adds texts that came with a later screen. */
export function addTexts(namespace: 'app' | 'common', words: object): void {
  setUpTexts();
  i18next.addResourceBundle('en', namespace, words, true);
}
