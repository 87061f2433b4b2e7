import { checkHistory, type FinalAppointment, type Operation } from './support/history.ts';

const booked: Operation = {
  kind: 'book',
  outcome: 'ok',
  key: 'k1',
  appointmentId: 'a1',
  start: 0,
  end: 30,
  version: 1,
  invokedAt: 0,
  completedAt: 1,
};
const moved: Operation = {
  kind: 'reschedule',
  outcome: 'ok',
  appointmentId: 'a1',
  start: 60,
  end: 90,
  version: 2,
  invokedAt: 2,
  completedAt: 3,
};
const stands: FinalAppointment = { id: 'a1', status: 'scheduled', start: 60, end: 90, version: 2, key: 'k1' };

describe('the history checker', () => {
  test('accepts a history that explains the state', () => {
    expect(checkHistory([booked, moved], [stands])).toEqual([]);
  });

  test('accepts an unknown booking whether or not it took effect', () => {
    const unknown: Operation = {
      kind: 'book',
      outcome: 'unknown',
      key: 'k2',
      start: 100,
      end: 130,
      invokedAt: 5,
      completedAt: 9,
    };
    expect(checkHistory([booked, moved, unknown], [stands])).toEqual([]);
    const effect: FinalAppointment = { id: 'a2', status: 'scheduled', start: 100, end: 130, version: 1, key: 'k2' };
    expect(checkHistory([booked, moved, unknown], [stands, effect])).toEqual([]);
  });

  test('accepts a read at the same time as a change, of either version', () => {
    const read: Operation = {
      kind: 'read',
      outcome: 'ok',
      appointmentId: 'a1',
      version: 1,
      invokedAt: 2.5,
      completedAt: 4,
    };
    expect(checkHistory([booked, moved, read, { ...read, version: 2 }], [stands])).toEqual([]);
  });

  test.each<[string, Operation[], FinalAppointment[], RegExp]>([
    [
      'two that overlap',
      [booked, { ...booked, key: 'k2', appointmentId: 'a2', start: 15, end: 45 }],
      [
        { ...stands, start: 0, end: 30, version: 1 },
        { ...stands, id: 'a2', key: 'k2', start: 15, end: 45, version: 1 },
      ],
      /overlap/,
    ],
    ['a lost acknowledged booking', [booked], [], /lost/],
    [
      'a booking nobody asked for',
      [booked, moved],
      [stands, { ...stands, id: 'a9', key: 'k9', start: 500, end: 530 }],
      /phantom/,
    ],
    [
      'a refused booking that stands',
      [{ ...booked, outcome: 'fail' }],
      [{ ...stands, start: 0, end: 30, version: 1 }],
      /phantom/,
    ],
    ['one intent twice', [booked, moved], [stands, { ...stands, id: 'a2', start: 200, end: 230 }], /doubled/],
    [
      'one key with two answers',
      [booked, moved, { ...booked, appointmentId: 'a2' }],
      [stands, { ...stands, id: 'a2', start: 200, end: 230 }],
      /one key, two effects/,
    ],
    [
      'a version that goes back',
      [booked, { ...moved, version: 5 }, { ...moved, version: 3, invokedAt: 8, completedAt: 9 }],
      [{ ...stands, version: 5 }],
      /version went back/,
    ],
    ['an acknowledged move that is gone', [booked, moved], [{ ...stands, start: 0, end: 30, version: 1 }], /stale/],
    ['a state nothing led to', [booked], [{ ...stands, version: 1 }], /unexplained/],
    [
      'a read that shows less than what was confirmed',
      [booked, moved, { kind: 'read', outcome: 'ok', appointmentId: 'a1', version: 1, invokedAt: 4, completedAt: 5 }],
      [stands],
      /stale read/,
    ],
    [
      'a cancel that did not hold',
      [booked, { kind: 'cancel', outcome: 'ok', appointmentId: 'a1', version: 2, invokedAt: 4, completedAt: 5 }],
      [{ ...stands, start: 0, end: 30 }],
      /unexplained/,
    ],
  ])('rejects %s', (_name, history, final, fault) => {
    expect(checkHistory(history, final).join('\n')).toMatch(fault);
  });
});
