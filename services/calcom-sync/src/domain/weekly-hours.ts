/** A window of a weekday, minutes after local midnight; weekday 1 = Monday … 7 = Sunday; end up to 1440. */
export type WeekWindow = { weekday: number; startMinute: number; endMinute: number };

/** A window of a date, minutes after local midnight. */
export type DayWindow = { startMinute: number; endMinute: number };

/** Hours that replace the weekly ones on every date from `date` to `endDate` (YYYY-MM-DD, inclusive); none means closed. */
export type HoursOverride = { date: string; endDate: string; intervals: readonly DayWindow[] };

/** A provider's whole rule set at one version, wall-clock in `timeZone` (IANA). */
export type ProviderHours = {
  version: number;
  timeZone: string;
  weekly: readonly WeekWindow[];
  overrides: readonly HoursOverride[];
};

/** Days ahead for which overrides are written to a target; a target keeps single dates, so a range must end somewhere. */
export const OVERRIDE_HORIZON_DAYS = 400;

/**
 * The overrides date by date, from today (a calendar day in the provider's zone) to the horizon. Days gone by are left
 * out: they book nothing any more.
 * @param now epoch milliseconds
 */
export function expandOverrides(
  hours: Pick<ProviderHours, 'timeZone' | 'overrides'>,
  now: number,
): { date: string; windows: readonly DayWindow[] }[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(hours.timeZone).toPlainDate();
  const last = today.add({ days: OVERRIDE_HORIZON_DAYS });
  return hours.overrides.flatMap(({ date, endDate, intervals }) =>
    datesBetween(latest(Temporal.PlainDate.from(date), today), earliest(Temporal.PlainDate.from(endDate), last)).map(
      (day) => ({ date: day, windows: intervals }),
    ),
  );
}

function datesBetween(first: Temporal.PlainDate, last: Temporal.PlainDate): string[] {
  const dates: string[] = [];
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    dates.push(day.toString());
  return dates;
}

function latest(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) >= 0 ? a : b;
}

function earliest(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) <= 0 ? a : b;
}
