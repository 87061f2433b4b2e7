/** Milliseconds in a minute of elapsed time. */
export const MINUTE = 60_000;
/** Milliseconds in 24 hours of elapsed time, which is not always a calendar day. */
export const DAY = 86_400_000;

/** What has been asked of a zone: offsets by UTC day, and instants of wall-clock times near clock changes, by edge. */
type ZoneMemory = {
  readonly zone: string;
  readonly offsets: Map<number, number>;
  readonly start: Map<number, number>;
  readonly end: Map<number, number>;
};
const memories = new Map<string, ZoneMemory>();
/** The one asked last: a list of slots asks hundreds of times about one zone. */
let lastMemory: ZoneMemory | undefined;
const knownZones = new Map<string, boolean>();
const largestCache = 20_000;

/**
 * Whether the runtime's zone data knows this IANA name. Bare offsets ("+02:00") are refused: they cannot say when
 * clocks change, so a weekly rule in one of them is not what a person means.
 */
export function isTimeZone(name: string): boolean {
  const known = knownZones.get(name);
  if (known !== undefined) return known;
  const valid = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name) && canBeUsed(name);
  if (knownZones.size > 5_000) knownZones.clear();
  knownZones.set(name, valid);
  return valid;
}

function canBeUsed(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

function memoryOf(zone: string): ZoneMemory {
  if (lastMemory?.zone === zone) return lastMemory;
  let memory = memories.get(zone);
  if (!memory) {
    if (memories.size > 500) memories.clear();
    memories.set(zone, (memory = { zone, offsets: new Map(), start: new Map(), end: new Map() }));
  }
  return (lastMemory = memory);
}

/** The remembered answer, else the one that is asked for now. */
function recall(answers: Map<number, number>, key: number, ask: () => number): number {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  if (answers.size > largestCache) answers.clear();
  answers.set(key, asked);
  return asked;
}

/** The zone's offset from UTC in milliseconds at 00:00 UTC of a day (days since 1970-01-01); asked once per zone and day. */
export function offsetAtUtcDay(timeZone: string, utcDay: number): number {
  return recall(memoryOf(timeZone).offsets, utcDay, () => offsetAt(timeZone, utcDay * DAY));
}

/** The zone's offset from UTC in milliseconds at an instant. */
export function offsetAt(timeZone: string, instant: number): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).offsetNanoseconds / 1_000_000;
}

/** The calendar day in the zone that an instant falls on, as days since 1970-01-01. */
export function localDayOf(timeZone: string, instant: number): number {
  const utcDay = Math.floor(instant / DAY);
  const before = offsetAtUtcDay(timeZone, utcDay);
  const offset = before === offsetAtUtcDay(timeZone, utcDay + 1) ? before : offsetAt(timeZone, instant);
  return Math.floor((instant + offset) / DAY);
}

/** ISO weekday of a calendar day (days since 1970-01-01): 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** `YYYY-MM-DD` as days since 1970-01-01; undefined when there is no such day. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const day = milliseconds / DAY;
  return formatDay(day) === text ? day : undefined;
}

/** Days since 1970-01-01 as `YYYY-MM-DD`. */
export function formatDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/**
 * The instant of a wall-clock time, the one place that says what clock changes mean:
 * - a time inside a gap stands for the first instant that exists after it;
 * - in a repeated hour a start takes the first and an end the second occurrence.
 * @param day days since 1970-01-01, a calendar day in the zone
 * @param minute minutes after midnight on the wall clock, 0-1440 (1440 = 00:00 of the next day)
 * @returns epoch milliseconds
 */
export function resolveWallTime(timeZone: string, day: number, minute: number, edge: 'start' | 'end'): number {
  const wall = day * DAY + minute * MINUTE;
  const offset = offsetAtUtcDay(timeZone, day);
  if (isPlainDay(timeZone, day, offset)) return wall - offset;
  // The days around each clock change are asked for again and again while they are in view.
  return recall(memoryOf(timeZone)[edge], wall, () => disambiguate(timeZone, wall, edge));
}

/** No clock change within a day on either side, so that wall minutes and elapsed minutes agree. */
function isPlainDay(timeZone: string, day: number, offset: number): boolean {
  return (
    offset === offsetAtUtcDay(timeZone, day - 1) &&
    offset === offsetAtUtcDay(timeZone, day + 1) &&
    offset === offsetAtUtcDay(timeZone, day + 2)
  );
}

function disambiguate(timeZone: string, wall: number, edge: 'start' | 'end'): number {
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime();
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return earlier.epochMilliseconds;
  const repeated = earlier.toPlainDateTime().equals(local);
  if (repeated) return (edge === 'start' ? earlier : later).epochMilliseconds;
  const change = earlier.getTimeZoneTransition('next');
  return (change ?? later).epochMilliseconds;
}
