import { createContext, use, useMemo } from 'react';
import type { ReactNode } from 'react';
import { firstWeekday, isTwelveHour } from './time.ts';

/** What every screen needs to know to show a time: whose zone, and how this reader writes it. */
export type Practice = {
  providerId: string;
  providerName: string;
  /** Everybody whose time can be booked, the first one first. */
  providers: readonly { id: string; name: string }[];
  /** IANA zone in which the practice lives; every time is shown in it. */
  timeZone: string;
  /** BCP 47 tag for Intl; carries the practice's own choice of hours and week, so every formatter keeps to it. */
  locale: string;
  twelveHour: boolean;
  /** 0 = Sunday. */
  firstWeekday: number;
  /** Who is signed in, to say who did something; undefined until that is known. */
  reader: Reader | undefined;
};

/** The signed-in user, as far as screens name them. */
export type Reader = { id: string; name: string };

const PracticeContext = createContext<Practice | undefined>(undefined);

/** How a practice wants times written; absent means as the reader's locale does. */
export type TimeHabits = {
  /** The language the app speaks. */
  language: string;
  hourCycle?: number | undefined;
  /** 1 = Monday … 7 = Sunday. */
  weekStart?: number | undefined;
};

const usualLocales: Readonly<Record<string, string>> = { en: 'en-GB', fr: 'fr-FR', de: 'de-DE' };
const isoWeekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The locale to write dates in: the reader's own region when the app speaks its language, with the practice's habits. */
export function writingLocale(habits: TimeHabits, readers: readonly string[] = navigator.languages): string {
  const { language, hourCycle, weekStart } = habits;
  const own = readers.find((tag) => tag.toLowerCase().split('-')[0] === language);
  const base = own ?? usualLocales[language] ?? 'en-GB';
  const day = weekStart === undefined ? undefined : isoWeekdays[weekStart - 1];
  const wishes = [
    day === undefined ? '' : `-fw-${day}`,
    hourCycle === undefined ? '' : `-hc-${hourCycle === 12 ? 'h12' : 'h23'}`,
  ].join('');
  if (wishes === '') return base;
  return `${new Intl.Locale(base).baseName}-u${wishes}`;
}

let writtenIn = 'en-GB';

/** Remembers how times are written now, for parts that are loaded outside the screen. */
export function rememberLocale(locale: string): void {
  writtenIn = locale;
}

/** Whether times are written with twelve hours now. */
export function writesTwelveHours(): boolean {
  return isTwelveHour(writtenIn);
}

const nobodyElse: readonly { id: string; name: string }[] = [];

/** Gives the practice to what is inside. */
export function PracticeProvider(props: {
  providerId: string;
  providerName: string;
  providers?: readonly { id: string; name: string }[] | undefined;
  timeZone: string;
  locale: string;
  reader?: Reader | undefined;
  children: ReactNode;
}) {
  const { providerId, providerName, providers = nobodyElse, timeZone, locale, children } = props;
  const { id: readerId, name: readerName } = props.reader ?? {};
  const practice = useMemo<Practice>(
    () => ({
      providerId,
      providerName,
      providers,
      timeZone,
      locale,
      twelveHour: isTwelveHour(locale),
      firstWeekday: firstWeekday(locale),
      reader: readerId === undefined || readerName === undefined ? undefined : { id: readerId, name: readerName },
    }),
    [providerId, providerName, providers, timeZone, locale, readerId, readerName],
  );
  return <PracticeContext value={practice}>{children}</PracticeContext>;
}

/** The practice; an error outside its provider. */
export function usePractice(): Practice {
  const practice = use(PracticeContext);
  if (practice === undefined) throw new Error('usePractice needs a PracticeProvider');
  return practice;
}
