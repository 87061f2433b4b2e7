import { DAY, formatDay, isTimeZone, offsetAt, parseDay, resolveWallTime } from './zone-offsets.ts';

test.each([
  ['Europe/Luxembourg', true],
  ['Etc/GMT+1', true],
  ['America/Argentina/Buenos_Aires', true],
  ['UTC', true],
  ['', false],
  ['Europe/Nowhere', false],
  ['+02:00', false],
  // What Temporal would take for a zone although it is an instant.
  ['2026-03-01T00:00Z', false],
  ['T00:00+01:00', false],
  ['2026-03-01T00:00+01:00[Europe/Luxembourg]', false],
  ['Europe/Luxembourg ', false],
  ['A'.repeat(65), false],
])('%j is a zone: %s, each time it is asked', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
  expect(isTimeZone(name)).toBe(known);
});

test.each(['2026-02-30', '2026-13-01', '2026-00-10', '2026-2-3', 'x2026-02-03', '2026-02-03x', '+2026-02-03', ''])(
  '%j is no day',
  (text) => {
    expect(parseDay(text)).toBeUndefined();
  },
);

test.each(['1970-01-01', '2028-02-29', '2026-12-31', '1969-12-31'])('%s is a day, there and back', (text) => {
  const day = parseDay(text);
  expect(day).toBe(Date.parse(text) / DAY);
  expect(formatDay(day ?? NaN)).toBe(text);
});

test('the instant of a clock change has the new offset, also when the stretch before it is remembered', () => {
  const changes = ['2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z', '2028-03-26T01:00:00Z'].map((text) =>
    Date.parse(text),
  );
  const hour = 3_600_000;
  for (const [index, change] of changes.entries()) {
    const summer = index % 2 === 0;
    expect(offsetAt('Europe/Luxembourg', change - 1)).toBe(summer ? hour : 2 * hour);
    // Another stretch is asked for in between, so that the answer does not come from the last one.
    expect(offsetAt('Europe/Luxembourg', Date.parse('2020-01-15T00:00:00Z'))).toBe(hour);
    expect(offsetAt('Europe/Luxembourg', change)).toBe(summer ? 2 * hour : hour);
  }
});

test('a zone without clock changes has one offset for ever', () => {
  for (const instant of [0, Date.parse('1950-01-01'), Date.parse('2200-01-01')])
    expect(offsetAt('UTC', instant)).toBe(0);
  expect(resolveWallTime('UTC', 0, 60, 'start')).toBe(3_600_000);
});

test('more zones and half-years than are remembered are still told rightly', () => {
  const names = Intl.supportedValuesOf('timeZone');
  const instant = Date.parse('2026-07-01T12:00:00Z');
  const expected = names.map((name) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name));
  for (let round = 0; round < 2; round += 1) {
    expect(names.map((name) => offsetAt(name, instant))).toEqual(
      expected.map((there) => there.offsetNanoseconds / 1e6),
    );
  }
  for (let year = 1950; year < 2050; year += 1) {
    const noon = Temporal.ZonedDateTime.from(`${year}-07-01T12:00[Europe/Luxembourg]`);
    expect(offsetAt('Europe/Luxembourg', noon.epochMilliseconds)).toBe(noon.offsetNanoseconds / 1e6);
  }
});
