import { expandWindows } from './availability.ts';
import { listStarts } from './slots.ts';
import { DAY, MINUTE } from './zone-offsets.ts';

test('a month of slots takes far less time than a library asked slot by slot', () => {
  const rules = {
    timeZone: 'America/New_York',
    weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 540, endMinute: 1020 })),
    overrides: [],
  };
  const from = Date.UTC(2027, 2, 1, 5);
  const span = { start: from, end: from + 30 * DAY };
  const ours = (): number[] =>
    listStarts({
      timeZone: rules.timeZone,
      windows: expandWindows(rules, span),
      busy: [],
      duration: 30 * MINUTE,
      bufferBefore: 0,
      bufferAfter: 0,
      step: 30 * MINUTE,
      earliest: from,
      before: span.end,
    });
  const slowly = (): number[] => {
    const starts: number[] = [];
    let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(rules.timeZone);
    while (at.epochMilliseconds < span.end) {
      const minute = at.hour * 60 + at.minute;
      if (minute >= 540 && minute + 30 <= 1020) starts.push(at.epochMilliseconds);
      at = at.add({ minutes: 30 });
    }
    return starts;
  };
  expect(ours()).toEqual(slowly());
  // Neighbours on the machine only ever add time, so the least of several short rounds is what the work itself takes.
  const timeOnce = (work: () => unknown): number => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  };
  for (let index = 0; index < 50; index += 1) ours();
  let ourBest = Infinity;
  let slowBest = Infinity;
  for (let round = 0; round < 10; round += 1) {
    slowBest = Math.min(slowBest, timeOnce(slowly));
    for (let index = 0; index < 20; index += 1) ourBest = Math.min(ourBest, timeOnce(ours));
  }
  expect(slowBest / ourBest).toBeGreaterThan(10);
});
