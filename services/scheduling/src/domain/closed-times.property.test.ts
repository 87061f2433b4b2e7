import fc from 'fast-check';
import { arbitraryBusy, arbitraryRules, arbitraryRulesAndDay } from '../testing/arbitrary-time.ts';
import { type AvailabilityRules, expandWindows } from './availability.ts';
import { type ClosedQuestion, type ClosedTime, listClosedTimes, type Reservation } from './closed-times.ts';
import { listStarts } from './slots.ts';
import { DAY, MINUTE } from './zone-offsets.ts';

const days = 3;

/** Clock-change weeks of the two zones most of our practices live in, besides what the generator likes anyway. */
const changeWeeks = [
  ['Europe/Luxembourg', '2027-03-28'],
  ['Europe/Luxembourg', '2027-10-31'],
  ['America/New_York', '2027-03-14'],
  ['America/New_York', '2027-11-07'],
] as const;

const arbitraryChangeWeek = fc
  .tuple(fc.constantFrom(...changeWeeks), fc.integer({ min: -3, max: 3 }))
  .chain(([[timeZone, date], shift]) => {
    const day = Date.parse(`${date}T00:00:00Z`) / DAY + shift;
    return fc.tuple(arbitraryRules(day, fc.constant(timeZone)), fc.constant(day));
  });

const kinds = ['appointment', 'block', 'hold'] as const;

/** Reservations made of disjoint claims, each with buffers of its own where there is room. */
function arbitraryReservations(day: number): fc.Arbitrary<Reservation[]> {
  const buffers = fc.tuple(fc.constantFrom(0, 0, 5, 20), fc.constantFrom(0, 0, 5, 20), fc.constantFrom(...kinds));
  return fc.tuple(arbitraryBusy(day, days), fc.array(buffers, { minLength: 8, maxLength: 8 })).map(([claims, parts]) =>
    claims.map((occupies, index) => {
      const [before, after, kind] = parts[index % parts.length] ?? [0, 0, 'appointment'];
      const room = (occupies.end - occupies.start) / MINUTE;
      const [first, last] = before + after < room ? [before, after] : [0, 0];
      const during = { start: occupies.start + first * MINUTE, end: occupies.end - last * MINUTE };
      return { kind, during, occupies, id: `id-${index}`, label: `label ${index}` };
    }),
  );
}

type Case = ClosedQuestion & { readonly step: number };

const arbitraryCase: fc.Arbitrary<Case> = fc
  .oneof(arbitraryRulesAndDay, arbitraryChangeWeek)
  .chain(([rules, day]: [AvailabilityRules, number]) =>
    fc
      .record({
        reservations: arbitraryReservations(day),
        duration: fc.constantFrom(5, 15, 30, 45, 60, 90, 1440),
        step: fc.constantFrom(5, 15, 20, 30, 50, 60),
        before: fc.constantFrom(0, 0, 5, 10),
        after: fc.constantFrom(0, 0, 7, 15),
        notice: fc.constantFrom(0, 60, 1440),
        horizonDays: fc.constantFrom(1, 2, 30),
        nowMinute: fc.integer({ min: -1440, max: 2 * 1440 }),
        nowMs: fc.constantFrom(0, 1, 30_000, 59_999),
        cutMinute: fc.integer({ min: 0, max: 1440 }),
      })
      .map((part) => ({
        rules,
        reservations: part.reservations,
        duration: part.duration * MINUTE,
        step: part.step * MINUTE,
        bufferBefore: part.before * MINUTE,
        bufferAfter: part.after * MINUTE,
        notice: part.notice * MINUTE,
        horizonDays: part.horizonDays,
        now: day * DAY + part.nowMinute * MINUTE + part.nowMs,
        span: { start: day * DAY + part.cutMinute * MINUTE, end: (day + days) * DAY },
      })),
  );

/** The starts the engine offers by the same rules, as ListSlots asks it. */
function offeredStarts(question: Case, step: number): number[] {
  const { rules, span, now, notice, horizonDays } = question;
  return listStarts({
    ...question,
    timeZone: rules.timeZone,
    windows: expandWindows(rules, { start: span.start, end: span.end + DAY }),
    busy: question.reservations.map((item) => item.occupies),
    step,
    earliest: Math.max(span.start, now + 1, now + notice),
    before: Math.min(span.end, now + horizonDays * DAY + 1),
  });
}

function isClosed(closed: readonly ClosedTime[], instant: number): boolean {
  return closed.some((stretch) => stretch.start <= instant && instant < stretch.end);
}

test('a whole minute lies in no closed stretch exactly when the engine offers it on the finest grid', () => {
  fc.assert(
    fc.property(arbitraryCase, (question) => {
      const closed = listClosedTimes(question);
      const open: number[] = [];
      let next = 0;
      for (let minute = question.span.start; minute < question.span.end; minute += MINUTE) {
        while (next < closed.length && (closed[next] as ClosedTime).end <= minute) next += 1;
        if (next === closed.length || (closed[next] as ClosedTime).start > minute) open.push(minute);
      }
      expect(open).toEqual(offeredStarts(question, MINUTE));
    }),
    { numRuns: 600 },
  );
}, 120_000);

test('no start of any step is closed', () => {
  fc.assert(
    fc.property(arbitraryCase, (question) => {
      const closed = listClosedTimes(question);
      expect(offeredStarts(question, question.step).filter((start) => isClosed(closed, start))).toEqual([]);
    }),
    { numRuns: 600 },
  );
}, 60_000);

test('the stretches are sorted, disjoint, not empty, within the span, and each says why truly', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryCase, (question) => {
      let reached = question.span.start;
      for (const stretch of listClosedTimes(question)) {
        expect(stretch.start).toBeGreaterThanOrEqual(reached);
        expect(stretch.end).toBeGreaterThan(stretch.start);
        reached = stretch.end;
        seen.add(stretch.rule);
        for (const minute of sample(stretch)) expect(faultOf(question, { ...stretch, start: minute })).toBeUndefined();
      }
      expect(reached).toBeLessThanOrEqual(question.span.end);
    }),
    { numRuns: 600 },
  );
  // The generator has gone narrow when one of them never comes up.
  expect([...seen].sort()).toEqual(
    [...kinds, 'buffer', 'horizon', 'hours', 'notice', 'override', 'past', 'too_short'].sort(),
  );
}, 60_000);

/** Which free minutes, whose and how many, stand against a start by the words of the rule alone. */
function buffersAgainst({ reservations, duration, bufferBefore, bufferAfter }: ClosedQuestion, start: number) {
  return reservations.flatMap(({ id, label, during, occupies }) => {
    const end = start + duration;
    const against = [
      [occupies.start <= start && start < during.start, during.start - occupies.start],
      [during.end <= start && start < occupies.end, occupies.end - during.end],
      [occupies.end <= start && start < occupies.end + bufferBefore, bufferBefore],
      [end <= occupies.start && occupies.start < end + bufferAfter, bufferAfter],
    ] as const;
    return against.flatMap(([stands, length]) =>
      stands ? [JSON.stringify({ sourceId: id, sourceLabel: label, amount: length / MINUTE })] : [],
    );
  });
}

/** The first minute of a stretch, the last, and some between them. */
function sample({ start, end }: ClosedTime): number[] {
  const last = (end - start) / MINUTE - 1;
  return [...new Set([0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => start + Math.floor(last * part) * MINUTE))];
}

/** What is untrue of a stretch, judged at a minute of it by the words of the rule alone; undefined when all is true. */
function faultOf(question: Case, { start, rule, sourceId, sourceLabel, amount, overridable }: ClosedTime): unknown {
  const { now, notice, horizonDays, rules, reservations, duration } = question;
  const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(rules.timeZone);
  const date = local.toPlainDate().toString();
  const touches = (at: number, end: number) =>
    reservations.some(({ occupies }) => occupies.start < end && at < occupies.end);
  const stands = reservations.find(({ during }) => during.start <= start && start < during.end);
  const isOverridden = rules.overrides.some((override) => override.date <= date && date <= override.endDate);
  const isOpen = expandWindows(rules, { start, end: start + MINUTE }).some(
    (window) => window.start < start + MINUTE && start < window.end,
  );
  const buffers = buffersAgainst(question, start);
  if (overridable !== (start > now && !touches(start, start + duration))) return 'overridable';
  if ((rule === 'past') !== start <= now) return 'past';
  // The first of the order that holds is named.
  if (rule !== 'past' && (rule === 'hours' || rule === 'override') === isOpen) return 'hours';
  const unsaid = sourceId === '' && sourceLabel === '';
  const free = !stands && buffers.length === 0;
  const said = {
    past: unsaid && amount === 0,
    hours: !isOverridden && unsaid && amount === 0,
    override: isOverridden && sourceId === '' && sourceLabel === date && amount === 0,
    appointment: stands?.kind === rule && stands.id === sourceId && stands.label === sourceLabel && amount === 0,
    block: stands?.kind === rule && stands.id === sourceId && amount === 0,
    hold: stands?.kind === rule && amount === 0,
    buffer: !stands && buffers.includes(JSON.stringify({ sourceId, sourceLabel, amount })),
    too_short: free && unsaid && amount === duration / MINUTE,
    notice: free && unsaid && start < now + notice && amount === notice / MINUTE,
    horizon: free && unsaid && start > now + horizonDays * DAY && amount === horizonDays,
  };
  return said[rule] ? undefined : rule;
}

test('of two bookings close together, the buffer before the second is named where it reaches beyond that of the first', () => {
  const at = (minute: number): number => Date.parse('2026-03-02T10:00:00Z') + minute * MINUTE;
  const booking = (id: string, minute: number): Reservation => {
    const during = { start: at(minute), end: at(minute + 1) };
    return { kind: 'appointment', during, occupies: { ...during, end: at(minute + 3) }, id, label: id };
  };
  const weekly = [{ weekday: 1, startMinute: 0, endMinute: 1440 }];
  const closed = listClosedTimes({
    rules: { timeZone: 'UTC', weekly, overrides: [] },
    reservations: [booking('first', 0), booking('second', 5)],
    duration: 30 * MINUTE,
    bufferBefore: 0,
    bufferAfter: 10 * MINUTE,
    notice: 0,
    horizonDays: 30,
    span: { start: at(-60), end: at(60) },
    now: at(-120),
  });
  const reason = { rule: 'buffer', sourceId: 'second', sourceLabel: 'second', amount: 10, overridable: false };
  expect(closed.find(({ start, end }) => start <= at(-27) && at(-27) < end)).toMatchObject(reason);
});
