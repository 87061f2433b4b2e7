import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { desk } from './en/desk.ts';
import { first } from './en/first.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: typeof first & typeof desk; common: Record<string, string> };
  }
}

/** The languages that are complete. */
export const languages = ['en', 'fr', 'de'] as const;
/** A language that is complete. */
export type Language = (typeof languages)[number];

// English is in the bundle because it stands in for whatever cannot be loaded; the other languages come when somebody reads them.
const firstTexts = {
  en: async () => ({ first }),
  fr: () => import('./fr/first.ts'),
  de: () => import('./de/first.ts'),
};
const deskTexts = {
  en: () => import('./en/desk.ts'),
  fr: () => import('./fr/desk.ts'),
  de: () => import('./de/desk.ts'),
};
const storageKey = 'daybook.language';
const deskLoads = new Map<Language, Promise<void>>();

/** Whether a text names a complete language. */
export function isLanguage(text: string | undefined | null): text is Language {
  return languages.some((language) => language === text);
}

/** The language to begin with: the one remembered, else the reader's own. */
export function startLanguage(): Language {
  return readRemembered() ?? ownLanguage();
}

/** The first of the reader's own languages that is complete, else English. */
export function ownLanguage(wanted: readonly string[] = navigator.languages): Language {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

/** Makes the English texts of the first screens ready; they are in the bundle, so this is done when it returns. Again, it does nothing. */
export function setUpTexts(): void {
  if (i18next.isInitialized) return;
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'app',
    ns: ['app', 'common'],
    resources: { en: { app: first } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initImmediate: false,
  });
}

/** The language the app speaks now. */
export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

/**
 * Has the app speak a language once its texts are here, so that no key is ever shown. When they cannot be loaded the language stays as
 * it was; the next start tries again.
 */
export async function speak(language: Language): Promise<void> {
  setUpTexts();
  if (language !== currentLanguage()) {
    try {
      const [texts] = await Promise.all([
        firstTexts[language](),
        deskLoads.size > 0 ? loadDeskTexts(language) : undefined,
      ]);
      addTexts(language, 'app', texts.first);
      await i18next.changeLanguage(language);
    } catch {
      return;
    }
  }
  document.documentElement.lang = language;
}

/** What the next start begins with; undefined goes by the reader's own languages. */
export function rememberLanguage(language: Language | undefined): void {
  try {
    if (language === undefined) window.localStorage.removeItem(storageKey);
    else window.localStorage.setItem(storageKey, language);
  } catch {
    // Storage is off: the practice's own setting speaks again once it is read.
  }
}

/** Loads the texts of all other screens; those already here are not asked for again. */
export function loadDeskTexts(language: Language = currentLanguage()): Promise<void> {
  const known = deskLoads.get(language);
  if (known !== undefined) return known;
  const load = deskTexts[language]().then(({ desk, atoms }) => {
    addTexts(language, 'app', desk);
    addTexts(language, 'common', atoms);
  });
  deskLoads.set(language, load);
  // A failed load is tried again by the next screen.
  load.catch(() => deskLoads.delete(language));
  return load;
}

/** Adds texts to those that are there. */
export function addTexts(language: Language, namespace: 'app' | 'common', words: object): void {
  setUpTexts();
  i18next.addResourceBundle(language, namespace, words, true, true);
}

function readRemembered(): Language | undefined {
  try {
    const stored = window.localStorage.getItem(storageKey);
    return isLanguage(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}
