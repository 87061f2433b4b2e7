import type { Practice } from '@daybook/http-contract/practice';
import { useQuery } from '@tanstack/react-query';
import { currentLanguage, isLanguage, ownLanguage, rememberLanguage, speak } from '../../../i18n/setup.ts';
import { request } from '../../../lib/http.ts';
import { rememberLocale, writingLocale } from '../../../lib/practice.tsx';
import { keys } from '../../../lib/query-keys.ts';

/** The practice's own particulars. */
export function getPractice(signal?: AbortSignal) {
  return request<Practice>({ method: 'GET', path: '/api/practice', ...(signal ? { signal } : {}) });
}

/**
 * The practice's own particulars. The app speaks the practice's language before they are given to a screen, so that no screen changes
 * its language while somebody reads it.
 */
export function usePracticeSettings() {
  return useQuery({
    queryKey: keys.practice,
    queryFn: async ({ signal }) => {
      const practice = await getPractice(signal);
      await applyPractice(practice);
      return practice;
    },
    staleTime: 5 * 60_000,
  });
}

/** Has the app speak and write as the practice wants. */
export async function applyPractice(practice: Pick<Practice, 'language' | 'hourCycle' | 'weekStart'>): Promise<void> {
  const chosen = isLanguage(practice.language) ? practice.language : undefined;
  rememberLanguage(chosen);
  await speak(chosen ?? ownLanguage());
  rememberLocale(localeOf(practice));
}

/** The tag to write dates and numbers with. */
export function localeOf(practice: Pick<Practice, 'hourCycle' | 'weekStart'> | undefined): string {
  return writingLocale({
    language: currentLanguage(),
    hourCycle: practice?.hourCycle,
    weekStart: practice?.weekStart,
  });
}
