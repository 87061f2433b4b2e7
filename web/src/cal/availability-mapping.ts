import '../lib/schema-setup.ts';
import type { Availability, ReplaceAvailabilityRequest, Weekday } from '@daybook/http-contract/availability';
import { weekdays } from '@daybook/http-contract/availability';

/**
 * The only place that knows how the atoms write hours down (tried with 2.11.0): a range is two instants whose UTC clock reading is the
 * wall-clock time. Weekly hours carry TODAY's date in UTC (an older date makes the editor collapse a changed range), dates carry
 * their own. Closed all day is a range that starts and ends at 00:00. Days count from Sunday.
 * The end of the day, 24:00, cannot be written that way; the editor shows it as 23:59 and 23:59 is read back as 24:00, which means
 * the same to everybody.
 */

/** Two instants of the editor. */
export type EditorRange = { start: Date; end: Date };

/** The hours as the editor takes them. */
export type EditorSchedule = {
  id: number;
  name: string;
  timeZone: string;
  isDefault: boolean;
  isLastSchedule: boolean;
  workingHours: { days: number[]; startTime: number; endTime: number }[];
  schedule: { days: number[]; startTime: Date; endTime: Date }[];
  /** Seven lists, Sunday first. */
  availability: EditorRange[][];
  dateOverrides: { ranges: EditorRange[] }[];
};

/** The hours as the editor submits them; instants may arrive as texts. */
export type EditorValues = {
  timeZone: string;
  schedule: readonly (readonly { start: Date | string; end: Date | string }[])[];
  dateOverrides: readonly { ranges: readonly { start: Date | string; end: Date | string }[] }[];
};

type Rules = Pick<Availability, 'timeZone' | 'weekly' | 'overrides'>;

const dayMs = 86_400_000;
const endOfDay = '24:00';
const lastMinute = '23:59';

/** The editor's number of a weekday: 0 is Sunday. */
export function editorDay(day: Weekday): number {
  return (weekdays.indexOf(day) + 1) % 7;
}

/** A wall time on a date as the editor writes it. */
export function encodeWallTime(time: string, date: string): Date {
  return new Date(`${date}T${time === endOfDay ? lastMinute : time}:00.000Z`);
}

/** The wall time of an editor's instant. As an end, 23:59 and a midnight mean the end of the day. */
export function decodeWallTime(instant: Date | string, edge: 'start' | 'end'): string {
  const time = new Date(instant).toISOString().slice(11, 16);
  return edge === 'end' && (time === lastMinute || time === '00:00') ? endOfDay : time;
}

/** Today's date in UTC, which weekly hours must carry. */
export function editorToday(now: number = Date.now()): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** Rules of Daybook as the editor takes them. A range of dates becomes one entry per date, which is all the editor knows. */
export function toEditorSchedule(rules: Rules, name: string, today: string = editorToday()): EditorSchedule {
  const range = (window: { start: string; end: string }, date: string) => ({
    start: encodeWallTime(window.start, date),
    end: encodeWallTime(window.end, date),
  });
  const availability: EditorRange[][] = Array.from({ length: 7 }, () => []);
  for (const window of rules.weekly) availability[editorDay(window.day)]?.push(range(window, today));
  for (const ranges of availability) ranges.sort((a, b) => a.start.getTime() - b.start.getTime());

  return {
    id: 1,
    name,
    timeZone: rules.timeZone,
    isDefault: true,
    isLastSchedule: true,
    workingHours: rules.weekly.map((window) => ({
      days: [editorDay(window.day)],
      startTime: minutesOf(window.start),
      endTime: minutesOf(window.end === endOfDay ? lastMinute : window.end),
    })),
    schedule: rules.weekly.map((window) => ({
      days: [editorDay(window.day)],
      startTime: encodeWallTime(window.start, '1970-01-01'),
      endTime: encodeWallTime(window.end, '1970-01-01'),
    })),
    availability,
    dateOverrides: rules.overrides.flatMap((entry) =>
      datesOf(entry).map((date) => ({
        ranges:
          entry.intervals.length === 0
            ? [{ start: encodeWallTime('00:00', date), end: encodeWallTime('00:00', date) }]
            : entry.intervals.map((window) => range(window, date)),
      })),
    ),
  };
}

/** What the editor submits as the body of PUT /api/availability: sorted, one entry per date, neighbours with equal hours joined. */
export function fromEditorValues(values: EditorValues): ReplaceAvailabilityRequest {
  const weekly = weekdays.flatMap((day) =>
    (values.schedule[editorDay(day)] ?? []).map((range) => ({ day, ...decodeRange(range) })).sort(byStart),
  );
  const byDate = new Map<string, { start: string; end: string }[]>();
  for (const range of values.dateOverrides.flatMap((entry) => entry.ranges)) {
    const date = new Date(range.start).toISOString().slice(0, 10);
    const intervals = byDate.get(date) ?? [];
    if (!isClosedAllDay(range)) intervals.push(decodeRange(range));
    byDate.set(date, intervals.sort(byStart));
  }
  const overrides = [...byDate]
    .map(([date, intervals]) => ({ date, intervals }))
    .sort((a, b) => a.date.localeCompare(b.date));
  return { timeZone: values.timeZone, weekly, overrides: joinDates(overrides) };
}

type DateEntry = { date: string; endDate?: string; intervals: { start: string; end: string }[] };

/** Time off over several days is one entry, whichever way the editor took it apart. */
function joinDates(entries: readonly DateEntry[]): DateEntry[] {
  const joined: DateEntry[] = [];
  for (const entry of entries) {
    const before = joined.at(-1);
    const follows = before !== undefined && nextDate(before.endDate ?? before.date) === entry.date;
    if (follows && JSON.stringify(before.intervals) === JSON.stringify(entry.intervals)) before.endDate = entry.date;
    else joined.push({ ...entry });
  }
  return joined;
}

function decodeRange(range: { start: Date | string; end: Date | string }) {
  return { start: decodeWallTime(range.start, 'start'), end: decodeWallTime(range.end, 'end') };
}

function isClosedAllDay(range: { start: Date | string; end: Date | string }): boolean {
  return new Date(range.start).getTime() === new Date(range.end).getTime();
}

function byStart(a: { start: string }, b: { start: string }): number {
  return a.start.localeCompare(b.start);
}

function datesOf(entry: { date: string; endDate?: string | undefined }): string[] {
  const dates = [entry.date];
  const last = entry.endDate ?? entry.date;
  for (let date = entry.date; date < last;) {
    date = nextDate(date);
    dates.push(date);
  }
  return dates;
}

function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
