import { formatter } from '../../lib/time.ts';

/** The four ways to look at time, as they stand in the address. */
export const calendarViews = ['day', 'week', 'month', 'agenda'] as const;

/** A way to look at time. */
export type CalendarViewName = (typeof calendarViews)[number];

/** FullCalendar's name of each view. */
export const fullCalendarView: Record<CalendarViewName, string> = {
  day: 'timeGridDay',
  week: 'timeGridWeek',
  month: 'dayGridMonth',
  agenda: 'listAgenda',
};

/** A view's name from the address, or undefined. */
export function readView(text: string | null): CalendarViewName | undefined {
  return calendarViews.find((view) => view === text);
}

/** The days a view shows around a day: first inclusive, last exclusive, YYYY-MM-DD. */
export function daysShown(view: CalendarViewName, day: string, firstWeekday: number): { first: string; last: string } {
  const date = Temporal.PlainDate.from(day);
  const weekBegin = (of: Temporal.PlainDate) => of.subtract({ days: ((of.dayOfWeek % 7) - firstWeekday + 7) % 7 });
  if (view === 'day') return { first: day, last: date.add({ days: 1 }).toString() };
  // What comes next is the question an agenda answers: it begins with the day itself, not with the week's first.
  if (view === 'agenda') return { first: day, last: date.add({ days: 7 }).toString() };
  if (view === 'week') {
    const first = weekBegin(date);
    return { first: first.toString(), last: first.add({ days: 7 }).toString() };
  }
  const first = weekBegin(date.with({ day: 1 }));
  return { first: first.toString(), last: first.add({ days: 42 }).toString() };
}

/** The day one period further or back. */
export function stepDay(view: CalendarViewName, day: string, direction: 1 | -1): string {
  const date = Temporal.PlainDate.from(day);
  const step = { day: { days: 1 }, week: { days: 7 }, agenda: { days: 7 }, month: { months: 1 } }[view];
  return (direction === 1 ? date.add(step) : date.subtract(step)).toString();
}

/** "1 – 7 June 2026", "June 2026" or "Thursday 4 June 2026". */
export function describePeriod(view: CalendarViewName, day: string, firstWeekday: number, locale: string): string {
  const utc = (text: string) => new Date(`${text}T00:00:00Z`);
  if (view === 'month') {
    return formatter(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(utc(day));
  }
  if (view === 'day') {
    const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
    return formatter(locale, options).format(utc(day));
  }
  const { first, last } = daysShown(view, day, firstWeekday);
  const end = Temporal.PlainDate.from(last).subtract({ days: 1 }).toString();
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return formatter(locale, options).formatRange(utc(first), utc(end));
}
