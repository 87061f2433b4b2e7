import { toInstant } from '../../lib/time.ts';
import { stepMinutes } from './calendar-hand.ts';

/**
 * The time under a point of the day or week view: an instant at the step below it, or undefined beside the columns and in an hour that
 * the clocks skip. Reads where the columns and rows are drawn, because the calendar tells it only of clicks.
 */
export function timeAtPoint(root: HTMLElement, point: { x: number; y: number }, zone: string): string | undefined {
  const column = columnAt(root, point);
  const rows = [...root.querySelectorAll<HTMLElement>('[data-time]')].map((row) => ({
    minutes: minutesOf(row),
    top: row.getBoundingClientRect().top,
  }));
  const first = rows.reduce((one, other) => (other.minutes < one.minutes ? other : one), rows[0] ?? nowhere);
  const last = rows.reduce((one, other) => (other.minutes > one.minutes ? other : one), first);
  if (column === undefined || last.minutes === first.minutes) return undefined;
  const minutesPerPixel = (last.minutes - first.minutes) / (last.top - first.top);
  const minutes = first.minutes + (point.y - first.top) * minutesPerPixel;
  const stepped = Math.floor(minutes / stepMinutes) * stepMinutes;
  if (stepped < 0 || stepped >= 1440) return undefined;
  const time = `${String(Math.floor(stepped / 60)).padStart(2, '0')}:${String(stepped % 60).padStart(2, '0')}`;
  return toInstant(column, time, zone);
}

const nowhere = { minutes: 0, top: 0 };

function columnAt(root: HTMLElement, point: { x: number; y: number }): string | undefined {
  for (const element of root.querySelectorAll<HTMLElement>('[data-date]')) {
    const box = element.getBoundingClientRect();
    // The columns are high; the day headers carry the date too.
    if (box.height < 200 || point.x < box.left || point.x >= box.right) continue;
    return element.dataset['date']?.slice(0, 10);
  }
  return undefined;
}

/** The part of the grid in which a day is drawn; undefined when it is not on the screen. */
export function dayElement(root: HTMLElement, day: string): HTMLElement | undefined {
  // Headers carry the date too, and stand before the days.
  return [...root.querySelectorAll<HTMLElement>(`[role=cell][data-date="${day}"]`)].at(-1);
}

function minutesOf(row: HTMLElement): number {
  const [hours = '0', minutes = '0'] = (row.dataset['time'] ?? '').split(':');
  return Number(hours) * 60 + Number(minutes);
}
