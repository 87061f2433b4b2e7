import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { expandWindows, type AvailabilityRules } from '../../services/scheduling/src/domain/availability.ts';
import { listStarts } from '../../services/scheduling/src/domain/slots.ts';
import { percentile, show, summarize } from './statistics.ts';

dayjs.extend(utc);
dayjs.extend(timezone);

type Case = { name: string; stepMinutes: number; bookings: number; firstDay: string };
const zone = 'America/New_York';
const days = 30;
const minute = 60_000;
const cases: readonly Case[] = [
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
function busyOf({ bookings, stepMinutes, firstDay }: Case): { start: number; end: number }[] {
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

type Span = { start: number; end: number };

/** The range as a request brings it: two instants. */
function spanOf({ firstDay }: Case): Span {
  const first = Temporal.PlainDate.from(firstDay);
  return {
    start: first.toZonedDateTime(zone).epochMilliseconds,
    end: first.add({ days }).toZonedDateTime(zone).epochMilliseconds,
  };
}

function daybook({ stepMinutes }: Case, span: Span, busy: readonly Span[]): number[] {
  return listStarts({
    timeZone: zone,
    windows: expandWindows(rules, span),
    busy,
    duration: stepMinutes * minute,
    bufferBefore: 0,
    bufferAfter: 0,
    step: stepMinutes * minute,
    earliest: span.start,
    before: span.end,
  });
}

function time(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** P5: the slot engine against a per-slot library loop, outputs compared start by start. */
export function benchSlots(
  rounds: number,
): { name: string; ratio: string; median: number; p99: string; starts: number }[] {
  return cases.map((one) => {
    const busy = busyOf(one);
    const span = spanOf(one);
    const expected = libraryLoop(one, busy);
    const actual = daybook(one, span, busy);
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      throw new Error(`the slots differ from the library's: ${one.name}`);
    for (let warm = 0; warm < 50; warm += 1) daybook(one, span, busy);
    const ratios: number[] = [];
    const own: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const reference = time(() => libraryLoop(one, busy));
      const repeats = Array.from({ length: 50 }, () => time(() => daybook(one, span, busy)));
      own.push(...repeats);
      ratios.push(reference / percentile(repeats, 0.5));
    }
    const ratio = summarize(ratios);
    return {
      name: one.name,
      ratio: show(ratio, 0),
      median: ratio.median,
      p99: percentile(own, 0.99).toFixed(3),
      starts: actual.length,
    };
  });
}
