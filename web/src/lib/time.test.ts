import {
  addDays,
  addMinutes,
  dayOf,
  formatSpan,
  formatWallTime,
  readTypedTime,
  startOfDay,
  toInstant,
  wallTimeOf,
} from './time.ts';

const luxembourg = 'Europe/Luxembourg';

test('a wall time becomes an instant with the offset of its day', () => {
  expect(toInstant('2026-06-04', '10:00', luxembourg)).toBe('2026-06-04T10:00:00+02:00');
  expect(toInstant('2026-12-04', '10:00', luxembourg)).toBe('2026-12-04T10:00:00+01:00');
});

test('a time the clocks skip is none, one they show twice is the earlier', () => {
  expect(toInstant('2026-03-29', '02:30', luxembourg)).toBeUndefined();
  expect(toInstant('2026-10-25', '02:30', luxembourg)).toBe('2026-10-25T02:30:00+02:00');
  expect(toInstant('2026-03-08', '02:30', 'America/New_York')).toBeUndefined();
});

test('the day and the wall time of an instant are those of the zone', () => {
  expect(dayOf('2026-06-04T23:30:00-04:00', luxembourg)).toBe('2026-06-05');
  expect(wallTimeOf('2026-06-04T23:30:00-04:00', luxembourg)).toBe('05:30');
});

test('a day of clock change is as long as it is', () => {
  const hours = (day: string) =>
    (Date.parse(startOfDay(addDays(day, 1), luxembourg)) - Date.parse(startOfDay(day, luxembourg))) / 3_600_000;
  expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-06-04')]).toEqual([23, 25, 24]);
});

test('minutes are added to the instant, not to the clock', () => {
  expect(addMinutes('2026-03-29T01:30:00+01:00', 60, luxembourg)).toBe('2026-03-29T03:30:00+02:00');
});

test.each([
  ['9', '09:00'],
  ['930', '09:30'],
  ['9:30', '09:30'],
  ['14.15', '14:15'],
  ['3pm', '15:00'],
  ['12am', '00:00'],
  ['12:30 pm', '12:30'],
  ['23h45', '23:45'],
])('"%s" is read as %s', (typed, time) => expect(readTypedTime(typed)).toBe(time));

test.each(['', 'noon', '25', '9:75', '13pm', '0am'])('"%s" is no time', (typed) => {
  expect(readTypedTime(typed)).toBeUndefined();
});

test('times are written as the locale does, in the zone of the practice', () => {
  const span = ['2026-06-04T08:00:00Z', '2026-06-04T08:30:00Z', luxembourg] as const;
  expect(formatSpan(...span, 'en-GB')).toMatch(/^Thursday,? 4 June 2026, 10:00.10:30$/);
  expect(formatSpan(...span, 'en-US')).toMatch(/^Thursday, June 4, 2026, 10:00.*10:30.AM$/);
  expect(formatWallTime('24:00', 'en-GB')).toBe('24:00');
});
