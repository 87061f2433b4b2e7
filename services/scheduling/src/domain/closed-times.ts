import { type AvailabilityRules, expandWindows } from './availability.ts';
import { type Interval, IntervalSet } from './interval.ts';
import { listStartable } from './slots.ts';
import { DAY, formatDay, localDayOf, MINUTE, parseDay, resolveWallTime } from './zone-offsets.ts';

/** Which rule closes a stretch. Where several do, the first of this order is named. */
export type ClosedRule =
  'past' | 'hours' | 'override' | 'appointment' | 'block' | 'hold' | 'buffer' | 'too_short' | 'notice' | 'horizon';

/** A stretch in which no appointment of the asked length can start. Instants in epoch milliseconds, half-open. */
export type ClosedTime = Interval & {
  readonly rule: ClosedRule;
  /** Of the appointment or block that stands there or whose buffer it is; empty else. */
  readonly sourceId: string;
  /** Customer's name, block's title or override's date; empty else. */
  readonly sourceLabel: string;
  /** Minutes of the buffer, the length or the notice; days of the horizon; 0 else. */
  readonly amount: number;
  /** Whether the owner may book over it: it is no past, and no reservation is touched without buffers of our own. */
  readonly overridable: boolean;
};

/** Reserved time with what it is for. Instants in epoch milliseconds. */
export type Reservation = {
  readonly kind: 'appointment' | 'block' | 'hold';
  readonly during: Interval;
  /** With its own buffers. */
  readonly occupies: Interval;
  /** Of the appointment or block; empty for a hold. */
  readonly id: string;
  readonly label: string;
};

/** What closed times depend on. Instants in epoch milliseconds, lengths in milliseconds. */
export type ClosedQuestion = {
  readonly rules: AvailabilityRules;
  /** Ascending by start, their `occupies` disjoint, from a length and its buffers around the span. */
  readonly reservations: readonly Reservation[];
  readonly duration: number;
  readonly bufferBefore: number;
  readonly bufferAfter: number;
  readonly notice: number;
  readonly horizonDays: number;
  readonly span: Interval;
  readonly now: number;
};

type Piece = Omit<ClosedTime, 'overridable'>;
type Reason = Omit<Piece, 'start' | 'end'>;

const nobody = { sourceId: '', sourceLabel: '', amount: 0 };

/**
 * What of a span is closed to starts, and why: sorted and disjoint. It is what the engine that lists starts leaves out,
 * cut by the reasons in their order, so a whole minute lies in no stretch exactly when an appointment can start at it.
 * Starts are whole minutes, hence so are all bounds within the span.
 */
export function listClosedTimes(question: ClosedQuestion): ClosedTime[] {
  const { span, now, horizonDays, notice } = question;
  const windows = expandWindows(question.rules, { start: span.start, end: span.end + DAY });
  const startable = listStartable({ ...question, windows, busy: question.reservations.map((item) => item.occupies) });
  const possible = IntervalSet.of(startable.map(({ from, last }) => minutes(from, last + 1)));
  const whole = IntervalSet.of([span]);
  const layers: Piece[][] = [
    [{ ...nobody, rule: 'past', start: span.start, end: nextMinute(now) }],
    outsideHours(question, windows),
    question.reservations.map((item) => ({ ...minutes(item.during.start, item.during.end), ...standing(item) })),
    bufferPieces(question),
    reasonFor(whole.subtract(possible), { ...nobody, rule: 'too_short', amount: question.duration / MINUTE }),
    [{ ...nobody, rule: 'notice', start: span.start, end: ceilMinute(now + notice), amount: notice / MINUTE }],
    [{ ...nobody, rule: 'horizon', start: nextMinute(now + horizonDays * DAY), end: span.end, amount: horizonDays }],
  ];
  let rest = whole;
  const pieces: Piece[] = [];
  for (const layer of layers) {
    const disjoint = withoutOverlaps(layer);
    pieces.push(...cut(rest, disjoint));
    rest = rest.subtract(IntervalSet.of(disjoint));
  }
  return markOverridable(
    pieces.sort((a, b) => a.start - b.start),
    question,
  );
}

/** Closed by the weekly hours or, on the dates of an override, by that. */
function outsideHours({ rules, span }: ClosedQuestion, windows: readonly Interval[]): Piece[] {
  const open = IntervalSet.of(windows.map((window) => minutes(window.start, window.end)));
  const closed = IntervalSet.of([span]).subtract(open);
  const overridden = overriddenDays(rules, span);
  const byOverride = cut(closed, overridden);
  const byWeek = closed.subtract(IntervalSet.of(overridden));
  return [...byOverride, ...reasonFor(byWeek, { ...nobody, rule: 'hours' })].sort((a, b) => a.start - b.start);
}

/** The local days of a span that an override governs, one piece a day. */
function overriddenDays(rules: AvailabilityRules, span: Interval): Piece[] {
  const first = localDayOf(rules.timeZone, span.start);
  const last = localDayOf(rules.timeZone, span.end - 1);
  return rules.overrides.flatMap((override) => {
    const pieces: Piece[] = [];
    const from = Math.max(first, parseDay(override.date) ?? last + 1);
    const to = Math.min(last, parseDay(override.endDate) ?? first - 1);
    for (let day = from; day <= to; day += 1) {
      const start = resolveWallTime(rules.timeZone, day, 0, 'start');
      const end = resolveWallTime(rules.timeZone, day + 1, 0, 'start');
      if (start < end) pieces.push({ ...nobody, rule: 'override', start, end, sourceLabel: formatDay(day) });
    }
    return pieces;
  });
}

function standing({ kind, id, label }: Reservation): Reason {
  return { rule: kind, sourceId: id, sourceLabel: label, amount: 0 };
}

/** Starts that only free minutes stand against: those kept by what stands there, and those the asked type keeps. */
function bufferPieces({ reservations, duration, bufferBefore, bufferAfter }: ClosedQuestion): Piece[] {
  const pieces = reservations.flatMap(({ during, occupies, id, label }): Piece[] => {
    const piece = (stretch: Interval, length: number): Piece => {
      return { ...stretch, rule: 'buffer', sourceId: id, sourceLabel: label, amount: length / MINUTE };
    };
    const lastFree = occupies.start - duration - bufferAfter;
    return [
      piece({ start: nextMinute(lastFree), end: nextMinute(occupies.start - duration) }, bufferAfter),
      piece(minutes(occupies.start, during.start), during.start - occupies.start),
      piece(minutes(during.end, occupies.end), occupies.end - during.end),
      piece(minutes(occupies.end, occupies.end + bufferBefore), bufferBefore),
    ];
  });
  return pieces.sort((a, b) => a.start - b.start);
}

function reasonFor(stretches: IntervalSet, reason: Reason): Piece[] {
  return stretches.toArray().map((stretch) => ({ ...stretch, ...reason }));
}

/** Pieces in their order, each without what an earlier one covers; empty ones vanish. */
function withoutOverlaps(pieces: readonly Piece[]): Piece[] {
  let covered = -Infinity;
  return pieces.flatMap((piece) => {
    const start = Math.max(piece.start, covered);
    if (start >= piece.end) return [];
    covered = piece.end;
    return [{ ...piece, start }];
  });
}

/** What of a set lies in pieces, which are sorted and disjoint, with their reasons; one sweep. */
function cut(set: IntervalSet, pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  const stretches = set.toArray();
  let next = 0;
  for (const piece of pieces) {
    while (next < stretches.length && (stretches[next] as Interval).end <= piece.start) next += 1;
    for (let at = next; at < stretches.length && (stretches[at] as Interval).start < piece.end; at += 1) {
      const stretch = stretches[at] as Interval;
      const start = Math.max(stretch.start, piece.start);
      const end = Math.min(stretch.end, piece.end);
      if (start < end) found.push({ ...piece, start, end });
    }
  }
  return found;
}

/** Splits pieces where booking over them begins or ceases to be possible. */
function markOverridable(pieces: readonly Piece[], { reservations, duration, now }: ClosedQuestion): ClosedTime[] {
  const barred = IntervalSet.of([
    ...reservations.map(({ occupies }) => ({
      start: nextMinute(occupies.start - duration),
      end: ceilMinute(occupies.end),
    })),
    { start: -Infinity, end: nextMinute(now) },
  ]);
  const stretches = barred.toArray();
  const marked: ClosedTime[] = [];
  let next = 0;
  for (const piece of pieces) {
    while (next < stretches.length && (stretches[next] as Interval).end <= piece.start) next += 1;
    let { start } = piece;
    for (let at = next; start < piece.end; at += 1) {
      const wall = stretches[at] ?? { start: Infinity, end: Infinity };
      const freeEnd = Math.min(piece.end, wall.start);
      if (start < freeEnd) marked.push({ ...piece, start, end: freeEnd, overridable: true });
      start = Math.max(start, freeEnd);
      const barredEnd = Math.min(piece.end, wall.end);
      if (start < barredEnd) marked.push({ ...piece, start, end: barredEnd, overridable: false });
      start = Math.max(start, barredEnd);
    }
  }
  return marked;
}

/** The whole minutes of a half-open stretch. */
function minutes(start: number, end: number): Interval {
  return { start: ceilMinute(start), end: ceilMinute(end) };
}

function ceilMinute(instant: number): number {
  return Math.ceil(instant / MINUTE) * MINUTE;
}

/** The first whole minute after an instant. */
function nextMinute(instant: number): number {
  return (Math.floor(instant / MINUTE) + 1) * MINUTE;
}
