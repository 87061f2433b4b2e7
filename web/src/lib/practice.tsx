import { createContext, use, useMemo } from 'react';
import type { ReactNode } from 'react';
import { firstWeekday, isTwelveHour } from './time.ts';

/** What every screen needs to know to show a time: whose zone, and how this reader writes it. */
export type Practice = {
  providerId: string;
  providerName: string;
  /** IANA zone in which the practice lives; every time is shown in it. */
  timeZone: string;
  /** BCP 47 tag for Intl. */
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

/** The locale to write dates in: the reader's own, when the app speaks its language. */
export function preferredLocale(languages: readonly string[] = navigator.languages): string {
  return languages.find((tag) => tag.toLowerCase().startsWith('en')) ?? 'en-GB';
}

/** Gives the practice to what is inside. */
export function PracticeProvider(props: {
  providerId: string;
  providerName: string;
  timeZone: string;
  locale?: string;
  reader?: Reader | undefined;
  children: ReactNode;
}) {
  const { providerId, providerName, timeZone, locale = preferredLocale(), children } = props;
  const { id: readerId, name: readerName } = props.reader ?? {};
  const practice = useMemo<Practice>(
    () => ({
      providerId,
      providerName,
      timeZone,
      locale,
      twelveHour: isTwelveHour(locale),
      firstWeekday: firstWeekday(locale),
      reader: readerId === undefined || readerName === undefined ? undefined : { id: readerId, name: readerName },
    }),
    [providerId, providerName, timeZone, locale, readerId, readerName],
  );
  return <PracticeContext value={practice}>{children}</PracticeContext>;
}

/** The practice; an error outside its provider. */
export function usePractice(): Practice {
  const practice = use(PracticeContext);
  if (practice === undefined) throw new Error('usePractice needs a PracticeProvider');
  return practice;
}
