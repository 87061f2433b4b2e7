/**
 * Times as the app shows and sends them. A `day` is YYYY-MM-DD and a wall time HH:MM, both in a named zone; an instant is RFC 3339
 * with offset. Rules come from Temporal, words from Intl.
 */

const minute = 60_000;

/** The instant now, in a zone's offset. */
export function nowIn(zone: string): string {
  return toRfc3339(Temporal.Now.zonedDateTimeISO(zone));
}

/** The day now in a zone. */
export function todayIn(zone: string): string {
  return Temporal.Now.plainDateISO(zone).toString();
}

/** The day an instant falls on in a zone. */
export function dayOf(instant: string, zone: string): string {
  return zoned(instant, zone).toPlainDate().toString();
}

/** The wall time of an instant in a zone, HH:MM. */
export function wallTimeOf(instant: string, zone: string): string {
  return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** The instant a day begins in a zone; not always midnight where clocks change at night. */
export function startOfDay(day: string, zone: string): string {
  return toRfc3339(Temporal.PlainDate.from(day).toZonedDateTime(zone));
}

/** The day so many days later; negative goes back. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The instant so many minutes later, in the zone's offset. */
export function addMinutes(instant: string, minutes: number, zone: string): string {
  return toRfc3339(zoned(instant, zone).add({ minutes }));
}

/** Whole minutes from one instant to another. */
export function minutesBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / minute);
}

/**
 * The instant of a wall time on a day in a zone; the earlier one when the clock shows it twice.
 * Undefined when the clock skips it: nobody can come at a time that does not exist.
 */
export function toInstant(day: string, time: string, zone: string): string | undefined {
  const wall = Temporal.PlainDate.from(day).toPlainDateTime(Temporal.PlainTime.from(time));
  const found = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return found.toPlainDateTime().equals(wall) ? toRfc3339(found) : undefined;
}

/** An instant of a script Date in a zone's offset. */
export function fromDate(date: Date, zone: string): string {
  return toRfc3339(Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone));
}

/** A wall time typed by a person (9, 930, 9:30, 14.15, 3pm) as HH:MM; undefined when it is none. */
export function readTypedTime(text: string): string | undefined {
  const match = /^\s*(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*([ap])?\.?m?\.?\s*$/i.exec(text);
  if (match === null) return undefined;
  let hours = Number(match[1]);
  const minutes = Number(match[2] ?? '0');
  const half = match[3]?.toLowerCase();
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half === 'p' ? 12 : 0);
  }
  if (hours > 23 || minutes > 59) return undefined;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** "10:00" or "10:00 am", as the locale writes it. */
export function formatTime(instant: string, zone: string, locale: string): string {
  return formatter(locale, { timeStyle: 'short', timeZone: zone }).format(new Date(instant));
}

/** "10:00 – 10:30". */
export function formatTimeSpan(start: string, end: string, zone: string, locale: string): string {
  const format = formatter(locale, { timeStyle: 'short', timeZone: zone });
  if (dayOf(start, zone) !== dayOf(end, zone))
    return `${format.format(new Date(start))} – ${format.format(new Date(end))}`;
  return format.formatRange(new Date(start), new Date(end));
}

/** "Thursday 4 June 2026", or without the year. */
export function formatDay(day: string, locale: string, length: 'long' | 'short' = 'long'): string {
  const options: Intl.DateTimeFormatOptions =
    length === 'long'
      ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : { weekday: 'short', day: 'numeric', month: 'short' };
  return formatter(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** "Thursday 4 June 2026, 10:00 – 10:30". */
export function formatSpan(start: string, end: string, zone: string, locale: string): string {
  return `${formatDay(dayOf(start, zone), locale)}, ${formatTimeSpan(start, end, zone, locale)}`;
}

/** "4 Jun 2026, 10:00". */
export function formatMoment(instant: string, zone: string, locale: string): string {
  return formatter(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(instant));
}

/** A wall time as the locale writes it; 24:00, the end of the day, stays as it is because no clock shows it. */
export function formatWallTime(time: string, locale: string): string {
  if (time === '24:00') return time;
  return formatter(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(`2026-01-01T${time}:00Z`));
}

/** "in 25 minutes", "2 hours ago". */
export function formatDistance(instant: string, now: number, locale: string): string {
  const minutes = Math.round((Date.parse(instant) - now) / minute);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), 'hour');
  return relative.format(Math.round(minutes / 1440), 'day');
}

/** "Europe/Luxembourg (CET)": a zone and how its time is called at an instant; "UTC" where both are one. */
export function nameZone(zone: string, locale: string, at: number): string {
  const parts = formatter(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(new Date(at));
  const short = parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
  return short === zone ? zone : `${zone} (${short})`;
}

/** First day of the week in a locale, 0 = Sunday, as calendars count. A `-u-fw-` in the tag wins; not every browser reads it. */
export function firstWeekday(locale: string): number {
  const asked = /-fw-([a-z]{3})/.exec(locale)?.[1];
  if (asked !== undefined) return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].indexOf(asked);
  const info = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return (info.getWeekInfo?.().firstDay ?? 1) % 7;
}

/** Whether the locale's clock counts to twelve. */
export function isTwelveHour(locale: string): boolean {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 === true;
}

function zoned(instant: string, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
}

function toRfc3339(time: Temporal.ZonedDateTime): string {
  return time.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A formatter, made once: making one costs more than a hundred uses of it. */
export function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

/** "30 minutes", "2 hours", "14 days": a length in the largest unit that fits whole, in the locale's words. */
export function formatLength(minutes: number, locale: string): string {
  const [value, unit] =
    minutes > 0 && minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes > 0 && minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
