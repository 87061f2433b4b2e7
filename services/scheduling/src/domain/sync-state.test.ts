import fc from 'fast-check';
import { deriveSync, type RecordedSync } from './sync-state.ts';
import { MINUTE } from './zone-offsets.ts';

const start = Date.UTC(2027, 0, 5, 10);
const appointment = { version: 3, start, end: start + 30 * MINUTE, status: 'scheduled' };
const there: RecordedSync = {
  appointmentVersion: 3,
  state: 'in_step',
  externalUid: 'uid',
  start,
  durationMinutes: 30,
  syncedAt: start - MINUTE,
  lastError: 'none of late',
};
const nothingThere = { start: undefined, durationMinutes: 0 };

test('in step is said with all that is known when the very same stands there', () => {
  expect(deriveSync(appointment, there, true)).toEqual({
    state: 'in_step',
    externalUid: 'uid',
    syncedAt: start - MINUTE,
    lastError: 'none of late',
  });
});

test.each<[string, Partial<RecordedSync>]>([
  ['an older version', { appointmentVersion: 2 }],
  ['another start', { start: start + MINUTE }],
  ['another length', { durationMinutes: 45 }],
  ['no booking', { externalUid: '' }],
  ['nothing', nothingThere],
])('in step with %s means that it waits', (_name, differs) => {
  expect(deriveSync(appointment, { ...there, ...differs }, true).state).toBe('waiting');
});

test('a cancelled one is in step when nothing stands there', () => {
  const cancelled = { ...appointment, status: 'cancelled' };
  expect(deriveSync(cancelled, { ...there, ...nothingThere }, true).state).toBe('in_step');
  expect(deriveSync(cancelled, there, true).state).toBe('waiting');
});

test.each(['waiting', 'failed', 'different'] as const)('%s is passed on with its words', (state) => {
  expect(deriveSync(appointment, { ...there, state, lastError: 'refused' }, true)).toMatchObject({
    state,
    lastError: 'refused',
  });
});

test('where nothing was said yet it waits, and nothing is made up', () => {
  expect(deriveSync(appointment, undefined, true)).toEqual({
    state: 'waiting',
    externalUid: '',
    syncedAt: undefined,
    lastError: '',
  });
});

test('without a calendar it is off, whatever was said before', () => {
  expect(deriveSync(appointment, there, false)).toMatchObject({ state: 'off', lastError: '' });
  expect(deriveSync(appointment, { ...there, state: 'off' }, true)).toMatchObject({ state: 'off', lastError: '' });
});

test('in step is said only when uid, version, start and length all agree', () => {
  const recorded = fc.record({
    appointmentVersion: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom('off', 'waiting', 'in_step', 'failed', 'different'),
    externalUid: fc.constantFrom('', 'uid'),
    start: fc.constantFrom(undefined, 0, 60_000),
    durationMinutes: fc.constantFrom(0, 30, 45),
    syncedAt: fc.constant(undefined),
    lastError: fc.constant(''),
  }) as fc.Arbitrary<RecordedSync>;
  fc.assert(
    fc.property(
      fc.option(recorded, { nil: undefined }),
      fc.boolean(),
      fc.constantFrom('scheduled', 'cancelled'),
      (said, isOn, status) => {
        const { state } = deriveSync({ version: 2, start: 60_000, end: 31 * 60_000, status }, said, isOn);
        const agrees =
          status === 'cancelled'
            ? said?.start === undefined
            : said?.externalUid === 'uid' && said.start === 60_000 && said.durationMinutes === 30;
        const expected = isOn && said?.state === 'in_step' && said.appointmentVersion === 2 && agrees;
        expect(state === 'in_step').toBe(expected);
        if (!isOn) expect(state).toBe('off');
      },
    ),
    { numRuns: 500 },
  );
});
