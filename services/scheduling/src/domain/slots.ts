import type { Interval } from './interval.ts';
import { MINUTE, offsetAt } from './zone-offsets.ts';

/** What a list of bookable starts depends on. All instants are epoch milliseconds, all lengths milliseconds. */
export type SlotQuestion = {
  /** IANA zone whose wall clock the grid follows. */
  readonly timeZone: string;
  /** Open windows day by day, ascending, as `expandWindows` gives them; touching ones may be crossed. */
  readonly windows: readonly Interval[];
  /** Reserved time with its buffers, ascending by start, disjoint. */
  readonly busy: readonly Interval[];
  readonly duration: number;
  readonly bufferBefore: number;
  readonly bufferAfter: number;
  readonly step: number;
  /** Starts before this are not offered (now plus notice, or the range's begin). */
  readonly earliest: number;
  /** Starts at or after this are not offered (horizon or the range's end). */
  readonly before: number;
};

/**
 * Bookable starts, ascending. Rules, each stated once:
 * - the appointment lies within open hours, its buffers may stick out;
 * - with its buffers it touches no reserved time (which includes the neighbours' buffers);
 * - in each free stretch the first start is the first point of the local hour grid (greatest common divisor of step and
 *   60 minutes), the following ones come every step.
 */
export function listStarts(question: SlotQuestion): number[] {
  const starts: number[] = [];
  for (const { from, last } of listStartable(question)) collectStarts(question, from, last, starts);
  return starts;
}

/** From its first to its last instant a start is possible as far as hours and reservations go. */
export type Startable = { readonly from: number; readonly last: number };

/** Where starts are possible by hours and reservations alone, window by window and ascending; grid and range come later. */
export function listStartable(
  question: Pick<SlotQuestion, 'windows' | 'busy' | 'duration' | 'bufferBefore' | 'bufferAfter'>,
): Startable[] {
  const { windows, busy, duration, bufferBefore, bufferAfter } = question;
  const stretches: Startable[] = [];
  let firstBusy = 0;
  for (let index = 0; index < windows.length; index += 1) {
    const window = windows[index] as Interval;
    const reach = reachOf(windows, index);
    while (firstBusy < busy.length && (busy[firstBusy] as Interval).end + bufferBefore <= window.start) firstBusy += 1;
    let from = window.start;
    for (let at = firstBusy; from < window.end; at += 1) {
      const taken = busy[at];
      const until = taken ? Math.min(reach, taken.start - bufferAfter) : reach;
      const last = Math.min(until - duration, window.end - 1);
      if (last >= from) stretches.push({ from, last });
      if (!taken || taken.start - bufferAfter >= reach) break;
      from = Math.max(from, taken.end + bufferBefore);
    }
  }
  return stretches;
}

/** The end of the open time that begins with this window, through windows that touch or overlap it. */
function reachOf(windows: readonly Interval[], index: number): number {
  let reach = (windows[index] as Interval).end;
  for (let next = index + 1; next < windows.length; next += 1) {
    const following = windows[next] as Interval;
    if (following.start > reach) break;
    reach = Math.max(reach, following.end);
  }
  return reach;
}

function collectStarts(question: SlotQuestion, from: number, last: number, starts: number[]): void {
  const { step, earliest, before } = question;
  if (last < earliest || from >= before) return;
  let start = alignToGrid(question.timeZone, from, greatestCommonDivisor(step, 60 * MINUTE));
  if (start < earliest) start += Math.ceil((earliest - start) / step) * step;
  const previous = starts.at(-1);
  for (; start <= last && start < before; start += step) {
    if (previous === undefined || start > previous) starts.push(start);
  }
}

/** The first instant at or after `from` whose local minute of the hour is a multiple of the grid. */
function alignToGrid(timeZone: string, from: number, grid: number): number {
  const offset = offsetAt(timeZone, from);
  const start = nextOnGrid(from, offset, grid);
  const later = offsetAt(timeZone, start);
  if (later === offset) return start;
  // The clock changes before it, which moves the grid where it changes by less than an hour.
  const moved = nextOnGrid(from, later, grid);
  return offsetAt(timeZone, moved) === later ? moved : moved + grid;
}

function nextOnGrid(from: number, offset: number, grid: number): number {
  const past = (((from + offset) % grid) + grid) % grid;
  return past === 0 ? from : from + grid - past;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The up to `count` starts nearest to `wanted`, ascending; of two equally near the later one wins. */
export function nearestStarts(starts: readonly number[], wanted: number, count: number): number[] {
  return [...starts]
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || b - a)
    .slice(0, count)
    .sort((a, b) => a - b);
}
