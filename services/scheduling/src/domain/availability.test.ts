import { ValidationError } from '@daybook/runtime/errors';
import {
  type AvailabilityRules,
  emptyAvailability,
  expandWindows,
  isWithinHours,
  openTime,
  sameAvailability,
  validateAvailability,
} from './availability.ts';

const base: AvailabilityRules = {
  timeZone: 'Europe/Luxembourg',
  weekly: [
    { weekday: 1, startMinute: 540, endMinute: 720 },
    { weekday: 1, startMinute: 780, endMinute: 1020 },
  ],
  overrides: [{ date: '2026-12-24', endDate: '2026-12-26', intervals: [{ startMinute: 540, endMinute: 600 }] }],
};
const window = (startMinute: number, endMinute: number, weekday = 2) => ({ weekday, startMinute, endMinute });
const closed = (date: string, endDate = date) => ({ date, endDate, intervals: [] });

/** What a rule set is refused with: pointer and message of each fault; nothing when it is accepted. */
function faultsOf(change: Partial<AvailabilityRules>): [string, string][] {
  try {
    validateAvailability({ ...base, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const faults = error.context['errors'] as { pointer: string; message: string }[];
    return faults.map(({ pointer, message }) => [pointer, message]);
  }
}

const noZone = 'Name an IANA time zone such as Europe/Luxembourg.';
const noWeekday = 'The weekday runs from 1 (Monday) to 7 (Sunday).';
const noStart = 'A start lies between 00:00 and 23:59.';
const noEnd = 'An end lies between 00:01 and 24:00.';
const notAfter = 'The end must be after the start; a night shift is two rows.';
const overlap = 'This window overlaps another one of the same day.';
const noDay = 'Give a real day as YYYY-MM-DD.';

describe('a rule set is refused, each fault at its place', () => {
  test.each<[string, Partial<AvailabilityRules>, [string, string][]]>([
    ['an offset for a zone', { timeZone: '+02:00' }, [['/timeZone', noZone]]],
    ['weekday 0', { weekly: [window(0, 60, 0)] }, [['/weekly/0/day', noWeekday]]],
    ['weekday 8', { weekly: [window(0, 60), window(0, 60, 8)] }, [['/weekly/1/day', noWeekday]]],
    ['half a weekday', { weekly: [window(0, 60, 1.5)] }, [['/weekly/0/day', noWeekday]]],
    ['a start before midnight', { weekly: [window(-1, 60)] }, [['/weekly/0/start', noStart]]],
    [
      'a start at 24:00',
      { weekly: [window(1440, 1440)] },
      [
        ['/weekly/0/start', noStart],
        ['/weekly/0/end', notAfter],
      ],
    ],
    ['half a minute', { weekly: [window(0.5, 60)] }, [['/weekly/0/start', noStart]]],
    ['an end at 00:00', { weekly: [window(0, 0)] }, [['/weekly/0/end', noEnd]]],
    ['an end after 24:00', { weekly: [window(0, 1441)] }, [['/weekly/0/end', noEnd]]],
    ['an end of half a minute', { weekly: [window(0, 60.5)] }, [['/weekly/0/end', noEnd]]],
    ['an end that is the start', { weekly: [window(60, 60)] }, [['/weekly/0/end', notAfter]]],
    ['an end before the start', { weekly: [window(120, 60)] }, [['/weekly/0/end', notAfter]]],
    ['windows that overlap by a minute', { weekly: [window(60, 121), window(120, 180)] }, [['/weekly/1', overlap]]],
    [
      'windows that overlap, the later one first',
      { weekly: [window(120, 180), window(60, 121)] },
      [['/weekly/0', overlap]],
    ],
    [
      'windows that overlap, hours of another day between them',
      { weekly: [window(60, 121, 1), window(100, 110, 2), window(120, 180, 1)] },
      [['/weekly/2', overlap]],
    ],
    ['a day that is none', { overrides: [closed('2026-02-30', '2026-03-01')] }, [['/overrides/0/date', noDay]]],
    ['a last day that is none', { overrides: [closed('2026-02-01', '2026-02-30')] }, [['/overrides/0/endDate', noDay]]],
    ['another millennium', { overrides: [closed('1999-12-31', '2000-01-01')] }, [['/overrides/0/date', noDay]]],
    [
      'a last day before the first',
      { overrides: [closed('2026-02-02', '2026-02-01')] },
      [['/overrides/0/endDate', 'The last day lies before the first.']],
    ],
    [
      'more than ten years',
      { overrides: [closed('2026-01-01', '2036-01-10')] },
      [['/overrides/0/endDate', 'A range spans at most ten years.']],
    ],
    [
      'two overrides for a day',
      { overrides: [closed('2026-02-03'), closed('2026-02-01', '2026-02-03')] },
      [['/overrides/0/date', 'Another override already covers this date.']],
    ],
    [
      'hours of an override that are none',
      { overrides: [closed('2026-02-01'), { ...closed('2026-02-02'), intervals: [window(0, 60), window(90, 80)] }] },
      [['/overrides/1/intervals/1/end', notAfter]],
    ],
    [
      'hours of an override that overlap',
      { overrides: [{ ...closed('2026-02-02'), intervals: [window(0, 60), window(59, 80)] }] },
      [['/overrides/0/intervals/1', 'This stretch overlaps another one.']],
    ],
    [
      'too many hours of an override',
      { overrides: [{ ...closed('2026-02-02'), intervals: manyWindows(49) }] },
      [['/overrides/0/intervals', 'At most 48 stretches a day.']],
    ],
    ['too many windows', { weekly: manyWindows(169) }, [['/weekly', 'At most 168 weekly windows are possible.']]],
    [
      'too many overrides',
      { overrides: manyDays(1001) },
      [['/overrides', 'At most 1000 date overrides are possible.']],
    ],
    [
      'several at once',
      { timeZone: 'Nowhere', weekly: [window(60, 60)], overrides: [closed('x', 'y')] },
      [
        ['/timeZone', noZone],
        ['/weekly/0/end', notAfter],
        ['/overrides/0/date', noDay],
        ['/overrides/0/endDate', noDay],
      ],
    ],
  ])('%s', (_what, change, faults) => {
    expect(faultsOf(change)).toEqual(faults);
  });
});

function manyWindows(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const [weekday, at] = [1 + (index % 7), Math.floor(index / 7) * 20];
    return count > 100 ? window(at, at + 20, weekday) : window(index * 20, index * 20 + 10);
  });
}

function manyDays(count: number) {
  return Array.from({ length: count }, (_, index) =>
    closed(new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)),
  );
}

test.each<[string, Partial<AvailabilityRules>]>([
  ['a whole day and Sunday', { weekly: [window(0, 1440, 7), window(1439, 1440, 1), window(0, 1, 1)] }],
  ['windows that touch', { weekly: [window(60, 120), window(120, 180)] }],
  ['the same hours on two days', { weekly: [window(60, 120, 2), window(60, 120, 3)] }],
  ['as many windows as are possible', { weekly: manyWindows(168) }],
  ['as many overrides as are possible', { overrides: manyDays(1000) }],
  ['as many hours of a day as are possible', { overrides: [{ ...closed('2026-02-02'), intervals: manyWindows(48) }] }],
  ['days that follow each other', { overrides: [closed('2026-02-01', '2026-02-02'), closed('2026-02-03')] }],
  ['ten years', { overrides: [closed('2026-01-01', '2036-01-09')] }],
  ['the last day that is possible', { overrides: [closed('2999-12-31')] }],
])('%s is accepted', (_what, change) => {
  expect(faultsOf(change)).toEqual([]);
});

test('a rule set is put in order and stripped of what it does not know', () => {
  const extra = { note: 'lunch' };
  const rules = validateAvailability({
    timeZone: 'UTC',
    weekly: [{ ...window(780, 1020, 2), ...extra }, window(540, 720, 2), window(600, 660, 1)],
    overrides: [
      {
        ...closed('2026-05-02'),
        intervals: [
          { startMinute: 780, endMinute: 800, ...extra },
          { startMinute: 60, endMinute: 90 },
        ],
      },
      { ...closed('2026-05-01'), ...extra },
    ],
  });
  expect(rules).toEqual({
    timeZone: 'UTC',
    weekly: [window(600, 660, 1), window(540, 720, 2), window(780, 1020, 2)],
    overrides: [
      closed('2026-05-01'),
      {
        ...closed('2026-05-02'),
        intervals: [
          { startMinute: 60, endMinute: 90 },
          { startMinute: 780, endMinute: 800 },
        ],
      },
    ],
  });
});

test.each<[string, Partial<AvailabilityRules>]>([
  ['the zone', { timeZone: 'Europe/Paris' }],
  ['no window', { weekly: [] }],
  ['a weekday', { weekly: base.weekly.map((one) => ({ ...one, weekday: 2 })) }],
  ['a start', { weekly: base.weekly.map((one) => ({ ...one, startMinute: one.startMinute + 1 })) }],
  ['an end', { weekly: base.weekly.map((one) => ({ ...one, endMinute: one.endMinute + 1 })) }],
  ['no override', { overrides: [] }],
  ['a first day', { overrides: base.overrides.map((one) => ({ ...one, date: '2026-12-23' })) }],
  ['a last day', { overrides: base.overrides.map((one) => ({ ...one, endDate: '2026-12-27' })) }],
  ['no hours of an override', { overrides: base.overrides.map((one) => ({ ...one, intervals: [] })) }],
  ['a start of an override', { overrides: base.overrides.map((one) => ({ ...one, intervals: [window(541, 600)] })) }],
  ['an end of an override', { overrides: base.overrides.map((one) => ({ ...one, intervals: [window(540, 601)] })) }],
])('rule sets that differ by %s are not the same', (_what, change) => {
  expect(sameAvailability(base, structuredClone(base))).toBe(true);
  expect(sameAvailability(base, { ...base, ...change })).toBe(false);
});

const at = (text: string): number => Date.parse(text);

test('the windows of a span are those of the days it touches, an override in place of the week', () => {
  const spanOf = (start: string, end: string) => ({ start: at(start), end: at(end) });
  // Monday, 21 December; the day after has no hours.
  const monday = [
    { start: at('2026-12-21T08:00Z'), end: at('2026-12-21T11:00Z') },
    { start: at('2026-12-21T12:00Z'), end: at('2026-12-21T16:00Z') },
  ];
  expect(expandWindows(base, spanOf('2026-12-21T20:00Z', '2026-12-21T20:01Z'))).toEqual(monday);
  expect(expandWindows(base, spanOf('2026-12-20T22:59:00Z', '2026-12-20T23:00:00Z'))).toEqual([]);
  expect(expandWindows(base, spanOf('2026-12-20T22:59:00Z', '2026-12-20T23:00:01Z'))).toEqual(monday);
  const days = ['24', '25', '26'].map((day) => ({
    start: at(`2026-12-${day}T08:00Z`),
    end: at(`2026-12-${day}T09:00Z`),
  }));
  expect(expandWindows(base, spanOf('2026-12-23T12:00Z', '2026-12-27T12:00Z'))).toEqual(days);
});

test('a window that a clock change swallows is left out', () => {
  const rules = { ...emptyAvailability('Europe/Luxembourg'), weekly: [window(130, 170, 7)] };
  expect(expandWindows(rules, { start: at('2027-03-28T00:00Z'), end: at('2027-03-28T12:00Z') })).toEqual([]);
});

test('an empty or reversed span holds no open time, and nothing lies within no hours', () => {
  const instant = at('2026-12-21T09:00Z');
  expect(openTime(base, { start: instant, end: instant }).isEmpty).toBe(true);
  expect(openTime(base, { start: instant + 60_000, end: instant }).isEmpty).toBe(true);
  expect(isWithinHours(base, { start: instant, end: instant + 60_000 })).toBe(true);
  expect(isWithinHours(emptyAvailability('UTC'), { start: instant, end: instant + 60_000 })).toBe(false);
  expect(emptyAvailability('UTC')).toEqual({ timeZone: 'UTC', weekly: [], overrides: [] });
});
