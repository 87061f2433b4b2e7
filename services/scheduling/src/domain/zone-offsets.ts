/** Milliseconds in a minute of elapsed time. */
export const MINUTE = 60_000;
/** Milliseconds in 24 hours of elapsed time, which is not always a calendar day. */
export const DAY = 86_400_000;

/** From one clock change (inclusive) until the next a zone keeps one offset from UTC; all three are milliseconds. */
type Steady = { readonly from: number; readonly until: number; readonly offset: number };

/** What has been asked of a zone: where its offset is steady, and instants of wall-clock times near clock changes, by edge. */
type ZoneMemory = {
  readonly zone: string;
  readonly steady: Steady[];
  /** The one asked last: a list of slots asks hundreds of times about one half-year. */
  lastSteady: Steady;
  readonly start: Map<number, number>;
  readonly end: Map<number, number>;
};
const memories = new Map<string, ZoneMemory>();
/** The one asked last: a list of slots asks hundreds of times about one zone. */
let lastMemory: ZoneMemory | undefined;
const knownZones = new Map<string, boolean>();
const largestCache = 20_000;
/** Half-years of one zone that are remembered. */
const mostSteady = 64;
const never: Steady = { from: Infinity, until: -Infinity, offset: 0 };

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
    memories.set(zone, (memory = { zone, steady: [], lastSteady: never, start: new Map(), end: new Map() }));
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

/** The stretch of steady offset that holds an instant; the zone's rules are asked once for each. */
function steadyAt(timeZone: string, instant: number): Steady {
  const memory = memoryOf(timeZone);
  const { lastSteady, steady } = memory;
  if (lastSteady.from <= instant && instant < lastSteady.until) return lastSteady;
  const known = steady.find(({ from, until }) => from <= instant && instant < until);
  if (known) return (memory.lastSteady = known);
  const asked = askSteady(timeZone, instant);
  if (steady.length >= mostSteady) steady.length = 0;
  steady.push(asked);
  return (memory.lastSteady = asked);
}

function askSteady(timeZone: string, instant: number): Steady {
  const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  // A change at this very instant begins the stretch, so the search backwards starts just after it.
  const begin = there.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const end = there.getTimeZoneTransition('next');
  return {
    from: begin?.epochMilliseconds ?? -Infinity,
    until: end?.epochMilliseconds ?? Infinity,
    offset: there.offsetNanoseconds / 1_000_000,
  };
}

/** The zone's offset from UTC in milliseconds at an instant. */
export function offsetAt(timeZone: string, instant: number): number {
  return steadyAt(timeZone, instant).offset;
}

/** The calendar day in the zone that an instant falls on, as days since 1970-01-01. */
export function localDayOf(timeZone: string, instant: number): number {
  return Math.floor((instant + offsetAt(timeZone, instant)) / DAY);
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
  // No offset reaches a day, so without a clock change within a day the wall and UTC differ by one known offset.
  const { from, until, offset } = steadyAt(timeZone, wall);
  if (from <= wall - DAY && wall + DAY < until) return wall - offset;
  // The days around each clock change are asked for again and again while they are in view.
  return recall(memoryOf(timeZone)[edge], wall, () => disambiguate(timeZone, wall, edge));
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
