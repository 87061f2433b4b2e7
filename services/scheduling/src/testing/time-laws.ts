import { type AvailabilityRules } from '../domain/availability.ts';
import { type Interval } from '../domain/interval.ts';
import type { SlotQuestion } from '../domain/slots.ts';
import { MINUTE } from '../domain/zone-offsets.ts';

/**
 * Laws of time, each written a second time with `Temporal` minute by minute instead of the engine's integers. A law takes
 * the implementation under judgement, so that the mutants of `check-mutants.ts` are judged by the very same text.
 */

/** Whether an instant is open by the rules, decided from the wall clock alone (no clock change near). */
export function isOpenByWallClock(rules: AvailabilityRules, instant: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(rules.timeZone);
  const date = local.toPlainDate().toString();
  const minute = local.hour * 60 + local.minute;
  const override = rules.overrides.find((candidate) => candidate.date <= date && date <= candidate.endDate);
  const windows = override ? override.intervals : rules.weekly.filter((window) => window.weekday === local.dayOfWeek);
  return windows.some((window) => window.startMinute <= minute && minute < window.endMinute);
}

/** Whether the zone's offset stays the same for a day and a half on either side of an instant. */
export function isFarFromClockChange(timeZone: string, instant: number): boolean {
  const hours = [-36, -12, 0, 12, 36];
  const offsets = hours.map(
    (shift) =>
      Temporal.Instant.fromEpochMilliseconds(instant + shift * 60 * MINUTE).toZonedDateTimeISO(timeZone).offset,
  );
  return new Set(offsets).size === 1;
}

/** Every fault of a list of starts against the rules of slots.ts; an empty list means lawful. */
export function judgeStarts(question: SlotQuestion, starts: readonly number[]): string[] {
  const faults: string[] = [];
  starts.forEach((start, index) => {
    const end = start + question.duration;
    if (index > 0 && start <= (starts[index - 1] as number)) faults.push('not ascending');
    if (start < question.earliest || start >= question.before) faults.push('outside the asked range');
    if (!isCovered(question.windows, { start, end })) faults.push('outside the hours');
    const claim = { start: start - question.bufferBefore, end: end + question.bufferAfter };
    if (question.busy.some((taken) => taken.start < claim.end && claim.start < taken.end))
      faults.push('over a booking');
  });
  return faults;
}

function isCovered(windows: readonly Interval[], stretch: Interval): boolean {
  let reached = stretch.start;
  for (const window of [...windows].sort((a, b) => a.start - b.start)) {
    if (window.start <= reached && window.end > reached) reached = window.end;
  }
  return reached >= stretch.end;
}

/**
 * The starts a slow reader of the rules would list: for each window every minute is tried on the local hour grid,
 * restarting after each reservation. What ends in a window that touches or overlaps lies within the hours as well; no start
 * goes back behind one of an earlier window.
 */
export function listStartsSlowly(question: SlotQuestion): number[] {
  const starts: number[] = [];
  const grid = commonDivisor(question.step / MINUTE, 60);
  for (const window of question.windows) {
    let next: number | undefined;
    const last = starts.at(-1) ?? -Infinity;
    for (let start = window.start; start < window.end; start += MINUTE) {
      const claim = { start: start - question.bufferBefore, end: start + question.duration + question.bufferAfter };
      if (question.busy.some((taken) => taken.start < claim.end && claim.start < taken.end)) {
        next = undefined;
        continue;
      }
      const { minute } = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(question.timeZone);
      const offered = next === undefined ? minute % grid === 0 : start === next;
      if (!offered) continue;
      next = start + question.step;
      if (!isCovered(question.windows, { start, end: start + question.duration })) continue;
      if (start >= question.earliest && start < question.before && start > last) starts.push(start);
    }
  }
  return starts;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
