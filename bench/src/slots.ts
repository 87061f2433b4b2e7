import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { expandWindows, type AvailabilityRules } from '../../services/scheduling/src/domain/availability.ts';
import { listStarts } from '../../services/scheduling/src/domain/slots.ts';
import type { Row } from './report.ts';
import { percentile, show, summarize, type Summary } from './statistics.ts';

dayjs.extend(utc);
dayjs.extend(timezone);

/** One month to list. */
export type Case = { name: string; stepMinutes: number; bookings: number; firstDay: string };
/** Where the bench keeps its hours. */
export const zone = 'America/New_York';
const days = 30;
const minute = 60_000;
/** What is listed: plain months, one in which clocks change, and a finer grid. */
export const cases: readonly Case[] = [
  { name: '30 min, no bookings', stepMinutes: 30, bookings: 0, firstDay: '2027-05-03' },
  { name: '30 min, 200 bookings', stepMinutes: 30, bookings: 200, firstDay: '2027-05-03' },
  { name: '30 min, 200 bookings, clock change inside', stepMinutes: 30, bookings: 200, firstDay: '2027-03-01' },
  { name: '15 min, 400 bookings', stepMinutes: 15, bookings: 400, firstDay: '2027-05-03' },
];

const rules: AvailabilityRules = {
  timeZone: zone,
  weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 540, endMinute: 1020 })),
  overrides: [],
};

/** Every other slot of the month is taken, evenly, until as many bookings as wanted stand. */
export function busyOf({ bookings, stepMinutes, firstDay }: Case): { start: number; end: number }[] {
  const busy: { start: number; end: number }[] = [];
  for (let day = 0; day < days && busy.length < bookings; day += 1)
    for (let at = 540; at < 1020 && busy.length < bookings; at += stepMinutes * 2) {
      const start = dayjs
        .tz(`${firstDay}T00:00:00`, zone)
        .add(day, 'day')
        .hour(Math.floor(at / 60))
        .minute(at % 60)
        .valueOf();
      busy.push({ start, end: start + stepMinutes * minute });
    }
  return busy;
}

/** The reference: a zone-aware library object for each slot of each day, compared with each booking of the day. */
function libraryLoop({ stepMinutes, firstDay }: Case, busy: readonly { start: number; end: number }[]): number[] {
  const starts: number[] = [];
  const first = dayjs.tz(`${firstDay}T00:00:00`, zone);
  for (let day = 0; day < days; day += 1) {
    const date = first.add(day, 'day').format('YYYY-MM-DD');
    const close = dayjs.tz(`${date}T17:00:00`, zone);
    let slot = dayjs.tz(`${date}T09:00:00`, zone);
    while (slot.add(stepMinutes, 'minute').valueOf() <= close.valueOf()) {
      const start = slot.valueOf();
      const end = slot.add(stepMinutes, 'minute').valueOf();
      if (!busy.some((taken) => taken.start < end && taken.end > start)) starts.push(start);
      slot = slot.add(stepMinutes, 'minute');
    }
  }
  return starts;
}

/** Epoch milliseconds. */
export type Span = { start: number; end: number };

/** The range as a request brings it: two instants. */
export function spanOf({ firstDay }: Case): Span {
  const first = Temporal.PlainDate.from(firstDay);
  return {
    start: first.toZonedDateTime(zone).epochMilliseconds,
    end: first.add({ days }).toZonedDateTime(zone).epochMilliseconds,
  };
}

/** The starts as Daybook lists them. */
export function daybook({ stepMinutes }: Case, span: Span, busy: readonly Span[], timeZone = zone): number[] {
  return listStarts({
    timeZone,
    windows: expandWindows({ ...rules, timeZone }, span),
    busy,
    duration: stepMinutes * minute,
    bufferBefore: 0,
    bufferAfter: 0,
    step: stepMinutes * minute,
    earliest: span.start,
    before: span.end,
  });
}

/** How long the work takes, in milliseconds. */
export function time(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** What the rounds of one case gave. */
export type SlotFigures = { name: string; ratio: Summary; cold: Summary; p99: number };

/** Zones nobody has asked about yet, so that each first question finds no remembered offset. */
const freshZones = Intl.supportedValuesOf('timeZone').filter((name) => name !== zone);
const coldTimes = 5;

/** How long a month takes in a zone that was never asked about, in milliseconds: the median of some zones, each asked once. */
export function timeCold(one: Case, span: Span, busy: readonly Span[]): number {
  const zones = freshZones.splice(0, coldTimes);
  if (zones.length === 0) throw new Error('every zone has been asked about');
  return percentile(
    zones.map((fresh) => time(() => daybook(one, span, busy, fresh))),
    0.5,
  );
}

/** P5: the slot engine against a per-slot library loop, outputs compared start by start. */
export function benchSlots(rounds: number): SlotFigures[] {
  const figures: SlotFigures[] = [];
  for (const one of cases) {
    const busy = busyOf(one);
    const span = spanOf(one);
    if (JSON.stringify(daybook(one, span, busy)) !== JSON.stringify(libraryLoop(one, busy)))
      throw new Error(`the slots differ from the library's: ${one.name}`);
    for (let warm = 0; warm < 300; warm += 1) daybook(one, span, busy);
    const ratios: number[] = [];
    const cold: number[] = [];
    const own: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // The library's own quickest of three, so that a pause of the machine does not flatter us.
      const reference = Math.min(...[1, 2, 3].map(() => time(() => libraryLoop(one, busy))));
      const repeats = Array.from({ length: 200 }, () => time(() => daybook(one, span, busy)));
      own.push(...repeats);
      ratios.push(reference / percentile(repeats, 0.5));
      cold.push(reference / timeCold(one, span, busy));
    }
    figures.push({ name: one.name, ratio: summarize(ratios), cold: summarize(cold), p99: percentile(own, 0.99) });
  }
  return figures;
}

/** The rows of P5. The goal is set against Cal.com's generator; the loop is a second opinion that can be had everywhere. */
export function slotRows(figures: readonly SlotFigures[]): Row[] {
  const worst = Math.max(...figures.map(({ p99 }) => p99));
  return [
    ...figures.flatMap(({ name, ratio, cold }) => [
      {
        goal: 'P5',
        what: `slots of 30 days, ${name}, to a loop over a library's dates, warm / zone never asked before`,
        measured: `${show(ratio, 0)}× / ${show(cold, 0)}×`,
        wanted: '-',
      },
    ]),
    {
      goal: 'P5',
      what: 'slots of 30 days, own time at p99, worst case',
      measured: `${worst.toFixed(3)} ms`,
      wanted: '≤ 1 ms',
      met: worst <= 1,
    },
  ];
}
