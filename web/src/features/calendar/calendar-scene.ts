import type { AppointmentStatus } from '@daybook/http-contract/appointments';
import type { TFunction } from 'i18next';
import { createContext, use } from 'react';
import type { MarkKind } from '../../ui/status-mark.tsx';
import { dayOf, formatDay, formatTimeSpan, formatTime } from '../../lib/time.ts';

/** How the parts of a calendar write. Hundreds of entries share it, so each word is made once. */
export type CalendarWords = {
  /** "10:00". */
  time(instant: string): string;
  /** "10:00 – 10:30". */
  span(start: string, end: string): string;
  /** "Thursday 4 June 2026". */
  day(instant: string): string;
  /** "Thursday 4 June 2026, 10:00 – 10:30". */
  daySpan(start: string, end: string): string;
  /** How an appointment stands, as a mark says it. */
  mark(kind: MarkKind): string;
  status(status: AppointmentStatus): string;
  blocked: string;
};

/** What the parts of a calendar that FullCalendar draws need besides what it tells them. */
export type CalendarScene = {
  words: CalendarWords;
  day: string;
  /** Days, YYYY-MM-DD, with hours of their own. */
  specialDays: ReadonlySet<string>;
  secondTimeZone: string | undefined;
  phone: boolean;
};

const SceneContext = createContext<CalendarScene | undefined>(undefined);

/** Gives the scene to what is inside. */
export const CalendarSceneProvider = SceneContext.Provider;

/** The scene; an error outside its provider. */
export function useCalendarScene(): CalendarScene {
  const scene = use(SceneContext);
  if (scene === undefined) throw new Error('useCalendarScene needs a CalendarSceneProvider');
  return scene;
}

/** Words in one language and zone. What was written once is remembered as long as the words are in use. */
export function makeCalendarWords(timeZone: string, locale: string, t: TFunction): CalendarWords {
  const day = remember((instant) => formatDay(dayOf(instant, timeZone), locale));
  const time = remember((instant) => formatTime(instant, timeZone, locale));
  const spans = remember((both) => {
    const [start = '', end = ''] = both.split(' ');
    return formatTimeSpan(start, end, timeZone, locale);
  });
  const marks = remember((kind) => {
    if (kind === 'arrived') return t('attendance.arrived');
    return isStatus(kind) ? t(`status.${kind}`) : t(`sync.sentences.${kind as 'in_step'}`);
  });
  const span = (start: string, end: string) => spans(`${start} ${end}`);
  return {
    time,
    span,
    day,
    daySpan: (start, end) => `${day(start)}, ${span(start, end)}`,
    mark: marks,
    status: remember((status) => t(`status.${status as AppointmentStatus}`)),
    blocked: t('calendar.blocked'),
  };
}

const statuses: readonly string[] = ['scheduled', 'completed', 'no_show', 'cancelled'] satisfies AppointmentStatus[];

function isStatus(kind: string): kind is AppointmentStatus {
  return statuses.includes(kind);
}

function remember(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) known.set(text, (made = make(text)));
    return made;
  };
}
