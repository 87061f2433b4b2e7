import type { Appointment } from '@daybook/http-contract/appointments';
import type { Block } from '@daybook/http-contract/practice';
import { addMinutes, dayOf, fromDate, nowIn, toInstant } from '../../lib/time.ts';

/** Something in the calendar that has a place in time. */
export type CalendarEntry = { kind: 'appointment'; appointment: Appointment } | { kind: 'block'; block: Block };

/**
 * What the keyboard holds: nothing but a free stretch that is being chosen (`pick`), or an entry that is being moved (`hold`).
 * `start` is an instant in the practice's offset.
 */
export type CalendarHand =
  | { kind: 'pick'; start: string; minutes: number }
  | { kind: 'hold'; entry: CalendarEntry; start: string; minutes: number };

/** Minutes of one step, with the pointer and with the keys. */
export const stepMinutes = 15;

const shortest = 15;
const longestAppointment = 1440;
const longestBlock = 366 * 1440;

/** The id under which an entry stands in the calendar. */
export function entryId(entry: CalendarEntry): string {
  return entry.kind === 'appointment' ? entry.appointment.id : `block-${entry.block.id}`;
}

/** Whose time an entry takes. */
export function providerOf(entry: CalendarEntry): string {
  return entry.kind === 'appointment' ? entry.appointment.providerId : entry.block.providerId;
}

/** Where an entry stands. */
export function entrySpan(entry: CalendarEntry): { start: string; end: string } {
  return entry.kind === 'appointment' ? entry.appointment : entry.block;
}

/** Takes an entry into the hand, at its place. */
export function takeUp(entry: CalendarEntry, zone: string): CalendarHand {
  const { start, end } = entrySpan(entry);
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  return { kind: 'hold', entry, start: fromDate(new Date(start), zone), minutes };
}

/** Where choosing a time begins: now when the day is today, else at nine. */
export function firstPick(day: string, minutes: number, zone: string): CalendarHand {
  const now = nowIn(zone);
  if (dayOf(now, zone) === day) {
    const quarter = stepMinutes * 60_000;
    const next = Math.ceil(Date.parse(now) / quarter) * quarter;
    return { kind: 'pick', start: fromDate(new Date(next), zone), minutes };
  }
  return { kind: 'pick', start: toInstant(day, '09:00', zone) ?? now, minutes };
}

/**
 * The hand after an arrow: up and down by a step, or longer and shorter with `resize`; left and right by a day of the calendar, so that
 * ten o'clock stays ten o'clock over a change of the clocks. An hour that the clocks skip is stepped over.
 */
export function moveHand(
  hand: CalendarHand,
  arrow: 'up' | 'down' | 'left' | 'right',
  zone: string,
  resize = false,
): CalendarHand {
  if (arrow === 'left' || arrow === 'right') {
    const days = arrow === 'left' ? -1 : 1;
    const start = Temporal.Instant.from(hand.start).toZonedDateTimeISO(zone).add({ days });
    return { ...hand, start: fromDate(new Date(start.epochMilliseconds), zone) };
  }
  const step = arrow === 'up' ? -stepMinutes : stepMinutes;
  if (!resize) return { ...hand, start: addMinutes(hand.start, step, zone) };
  const longest = hand.kind === 'hold' && hand.entry.kind === 'block' ? longestBlock : longestAppointment;
  return { ...hand, minutes: Math.min(longest, Math.max(shortest, hand.minutes + step)) };
}

/** Whether the hand holds its entry at another place or length than it has. */
export function hasMoved(hand: CalendarHand): boolean {
  if (hand.kind === 'pick') return true;
  const { start, end } = entrySpan(hand.entry);
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  return Date.parse(start) !== Date.parse(hand.start) || minutes !== hand.minutes;
}
