import { type FieldFault, ValidationError } from '@daybook/runtime/errors';
import { type Interval, IntervalSet } from './interval.ts';
import { DAY, isTimeZone, localDayOf, parseDay, resolveWallTime, weekdayOf } from './zone-offsets.ts';

/** Hours of every such weekday, in wall-clock time of the rules' zone. */
export type WeeklyWindow = {
  /** ISO weekday, 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
  /** Minutes after midnight, 0-1439. */
  readonly startMinute: number;
  /** Minutes after midnight, 1-1440, greater than start; 1440 is 24:00. A night shift is two windows. */
  readonly endMinute: number;
};

/** Hours within one day, in wall-clock minutes as in WeeklyWindow. */
export type DayWindow = { readonly startMinute: number; readonly endMinute: number };

/** Hours that replace the weekly ones on each date of a range; no intervals means closed. */
export type DateOverride = {
  /** `YYYY-MM-DD`, first day, in the rules' zone. */
  readonly date: string;
  /** `YYYY-MM-DD`, last day, inclusive. */
  readonly endDate: string;
  readonly intervals: readonly DayWindow[];
};

/** A provider's whole rule set, always valid and in canonical order once it passed `validateAvailability`. */
export type AvailabilityRules = {
  /** IANA zone of all wall-clock times. */
  readonly timeZone: string;
  readonly weekly: readonly WeeklyWindow[];
  readonly overrides: readonly DateOverride[];
};

const mostWindows = 7 * 24;
const mostOverrides = 1_000;
const mostWindowsPerDay = 48;
const longestOverrideDays = 3_660;

/**
 * Accepts a rule set or refuses it whole; nothing is trimmed or repaired except the order.
 * @throws ValidationError naming every fault by JSON pointer
 */
export function validateAvailability(rules: AvailabilityRules): AvailabilityRules {
  const faults: FieldFault[] = [];
  if (!isTimeZone(rules.timeZone)) {
    faults.push({ pointer: '/timeZone', message: 'Name an IANA time zone such as Europe/Luxembourg.' });
  }
  const weekly = validateWeekly(rules.weekly, faults);
  const overrides = validateOverrides(rules.overrides, faults);
  if (faults.length > 0) throw new ValidationError(faults);
  return { timeZone: rules.timeZone, weekly, overrides };
}

function validateWeekly(windows: readonly WeeklyWindow[], faults: FieldFault[]): WeeklyWindow[] {
  if (windows.length > mostWindows) {
    faults.push({ pointer: '/weekly', message: `At most ${mostWindows} weekly windows are possible.` });
    return [];
  }
  windows.forEach((window, index) => {
    if (!Number.isInteger(window.weekday) || window.weekday < 1 || window.weekday > 7) {
      faults.push({ pointer: `/weekly/${index}/day`, message: 'The weekday runs from 1 (Monday) to 7 (Sunday).' });
    }
    checkWindow(window, `/weekly/${index}`, faults);
  });
  const placed = windows.map((window, index) => ({ window, index, at: window.weekday * 10_000 }));
  reportOverlaps(placed, (index) => `/weekly/${index}`, 'This window overlaps another one of the same day.', faults);
  return [...windows]
    .sort((a, b) => a.weekday - b.weekday || a.startMinute - b.startMinute)
    .map(({ weekday, startMinute, endMinute }) => ({ weekday, startMinute, endMinute }));
}

function validateOverrides(overrides: readonly DateOverride[], faults: FieldFault[]): DateOverride[] {
  if (overrides.length > mostOverrides) {
    faults.push({ pointer: '/overrides', message: `At most ${mostOverrides} date overrides are possible.` });
    return [];
  }
  const ranges: { from: number; to: number; index: number }[] = [];
  overrides.forEach((override, index) => {
    const pointer = `/overrides/${index}`;
    const range = checkDates(override, pointer, faults);
    if (range) ranges.push({ ...range, index });
    if (override.intervals.length > mostWindowsPerDay) {
      faults.push({ pointer: `${pointer}/intervals`, message: `At most ${mostWindowsPerDay} stretches a day.` });
    }
    override.intervals.forEach((window, at) => checkWindow(window, `${pointer}/intervals/${at}`, faults));
    const placed = override.intervals.map((window, at) => ({ window, index: at, at: 0 }));
    reportOverlaps(placed, (at) => `${pointer}/intervals/${at}`, 'This stretch overlaps another one.', faults);
  });
  ranges.sort((a, b) => a.from - b.from);
  ranges.forEach((range, position) => {
    const previous = ranges[position - 1];
    if (previous && range.from <= previous.to) {
      faults.push({ pointer: `/overrides/${range.index}/date`, message: 'Another override already covers this date.' });
    }
  });
  return overrides
    .map((override) => ({
      date: override.date,
      endDate: override.endDate,
      intervals: [...override.intervals]
        .sort((a, b) => a.startMinute - b.startMinute)
        .map(({ startMinute, endMinute }) => ({ startMinute, endMinute })),
    }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

function checkDates(
  override: DateOverride,
  pointer: string,
  faults: FieldFault[],
): { from: number; to: number } | undefined {
  const from = parseYear2000To2999(override.date);
  const to = parseYear2000To2999(override.endDate);
  if (from === undefined) faults.push({ pointer: `${pointer}/date`, message: 'Give a real day as YYYY-MM-DD.' });
  if (to === undefined) faults.push({ pointer: `${pointer}/endDate`, message: 'Give a real day as YYYY-MM-DD.' });
  if (from === undefined || to === undefined) return undefined;
  if (to < from) faults.push({ pointer: `${pointer}/endDate`, message: 'The last day lies before the first.' });
  else if (to - from > longestOverrideDays) {
    faults.push({ pointer: `${pointer}/endDate`, message: 'A range spans at most ten years.' });
  } else return { from, to };
  return undefined;
}

/** Nobody keeps hours in other millennia; the bound keeps expansions finite and dates storable. */
function parseYear2000To2999(text: string): number | undefined {
  return text.startsWith('2') ? parseDay(text) : undefined;
}

function checkWindow(window: DayWindow, pointer: string, faults: FieldFault[]): void {
  const { startMinute, endMinute } = window;
  if (!Number.isInteger(startMinute) || startMinute < 0 || startMinute > 1_439) {
    faults.push({ pointer: `${pointer}/start`, message: 'A start lies between 00:00 and 23:59.' });
  }
  if (!Number.isInteger(endMinute) || endMinute < 1 || endMinute > 1_440) {
    faults.push({ pointer: `${pointer}/end`, message: 'An end lies between 00:01 and 24:00.' });
  } else if (endMinute <= startMinute) {
    faults.push({ pointer: `${pointer}/end`, message: 'The end must be after the start; a night shift is two rows.' });
  }
}

function reportOverlaps(
  placed: { window: DayWindow; index: number; at: number }[],
  pointer: (index: number) => string,
  message: string,
  faults: FieldFault[],
): void {
  const sorted = [...placed].sort((a, b) => a.at + a.window.startMinute - (b.at + b.window.startMinute));
  sorted.forEach((item, position) => {
    const previous = sorted[position - 1];
    if (previous && previous.at === item.at && item.window.startMinute < previous.window.endMinute) {
      faults.push({ pointer: pointer(item.index), message });
    }
  });
}

/** Whether two rule sets mean the same word for word (both in canonical order). */
export function sameAvailability(a: AvailabilityRules, b: AvailabilityRules): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(rules: AvailabilityRules): unknown {
  return [
    rules.timeZone,
    rules.weekly.map((w) => [w.weekday, w.startMinute, w.endMinute]),
    rules.overrides.map((o) => [o.date, o.endDate, o.intervals.map((w) => [w.startMinute, w.endMinute])]),
  ];
}

/**
 * The windows of every local day that touches the span, day by day and not merged: slots start anew in each of them.
 * Days are expanded whole, so that the result for a day never depends on where the span cuts it.
 * @param span epoch milliseconds
 * @returns ascending stretches in epoch milliseconds; a window that a clock change swallows is left out
 */
export function expandWindows(rules: AvailabilityRules, span: Interval): Interval[] {
  const byWeekday: DayWindow[][] = [[], [], [], [], [], [], [], []];
  for (const window of rules.weekly) byWeekday[window.weekday]?.push(window);
  const overrides = rules.overrides.map((o) => ({ from: parseDay(o.date) ?? 0, to: parseDay(o.endDate) ?? -1, o }));
  const windows: Interval[] = [];
  const lastDay = localDayOf(rules.timeZone, span.end - 1);
  let next = 0;
  for (let day = localDayOf(rules.timeZone, span.start); day <= lastDay; day += 1) {
    while (next < overrides.length && (overrides[next]?.to ?? 0) < day) next += 1;
    const override = overrides[next];
    const replaced = override !== undefined && override.from <= day;
    const hours = replaced ? override.o.intervals : (byWeekday[weekdayOf(day)] ?? []);
    for (const { startMinute, endMinute } of hours) {
      const start = resolveWallTime(rules.timeZone, day, startMinute, 'start');
      const end = resolveWallTime(rules.timeZone, day, endMinute, 'end');
      if (start < end) windows.push({ start, end });
    }
  }
  return windows;
}

/**
 * The open time within a span by the rules alone.
 * @param span epoch milliseconds
 */
export function openTime(rules: AvailabilityRules, span: Interval): IntervalSet {
  if (span.start >= span.end) return IntervalSet.empty;
  const around = { start: span.start - DAY, end: span.end + DAY };
  return IntervalSet.of(expandWindows(rules, around)).intersect(IntervalSet.of([span]));
}

/** Whether a stretch lies wholly within open hours; hours that touch (24:00 and 00:00) count as one. */
export function isWithinHours(rules: AvailabilityRules, stretch: Interval): boolean {
  return openTime(rules, stretch).contains(stretch);
}

/** The rule set of a new practice: no hours yet, for the first-run guide to fill. */
export function emptyAvailability(timeZone: string): AvailabilityRules {
  return { timeZone, weekly: [], overrides: [] };
}
