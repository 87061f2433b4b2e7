import { useSearchParams } from 'react-router';
import { rememberedProvider, rememberProvider } from '../features/calendar/provider-choice.ts';
import { readView } from '../features/calendar/calendar-views.ts';
import type { CalendarViewName } from '../features/calendar/calendar-views.ts';
import { usePractice } from '../lib/practice.tsx';
import { todayIn } from '../lib/time.ts';
import { useIsPhone } from '../lib/use-media-query.ts';

/** Which view of which day the address asks for and whose (empty for everybody's), and the way to another. A phone begins with the agenda, a desk with the week. */
export function useCalendarPlace() {
  const phone = useIsPhone();
  const { timeZone, providers } = usePractice();
  const [parameters, setParameters] = useSearchParams();
  const view = readView(parameters.get('view')) ?? (phone ? 'agenda' : 'week');
  const day = readDay(parameters.get('date')) ?? todayIn(timeZone);
  const asked = parameters.get('provider') ?? rememberedProvider();
  const provider = providers.length > 1 && providers.some(({ id }) => id === asked) ? asked : '';
  const go = (next: { view?: CalendarViewName; day?: string; provider?: string }) => {
    if (next.provider !== undefined) rememberProvider(next.provider);
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('view', next.view ?? view);
      after.set('date', next.day ?? day);
      if (next.provider !== undefined) after.set('provider', next.provider);
      return after;
    });
  };
  return { view, day, provider, go };
}

function readDay(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    return undefined;
  }
}
