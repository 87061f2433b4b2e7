import type { CalendarLink, Wanted } from '../domain/calendar-link.ts';
import { dueAt } from './desired-state.ts';

const NOW = 1_800_000_000_000;
const options = { coalesceMs: 1500 };
const wanted: Wanted = {
  version: 2,
  presence: 'present',
  start: NOW + 3_600_000,
  minutes: 30,
  attendee: { customerId: 'c', name: 'n', email: '', timeZone: '' },
};
const standing = { uid: 'u', start: wanted.start, minutes: 30 };

function row(
  link: Partial<CalendarLink>,
  rest: { state?: 'waiting' | 'in_step'; nextAttemptAt?: number; faults?: number },
) {
  return {
    readAt: NOW,
    link: { appointmentId: 'a', wanted, attempted: undefined, standing: undefined, uids: [], ...link },
    state: rest.state ?? 'in_step',
    nextAttemptAt: rest.nextAttemptAt,
    faults: rest.faults ?? 0,
    attempts: 0,
  };
}

describe('when a changed row is due', () => {
  const moved = { ...wanted, start: wanted.start + 60_000 };
  test('a creation never waits', () => {
    expect(dueAt(row({}, { state: 'waiting', nextAttemptAt: NOW }), wanted, NOW, options)).toBe(NOW);
  });
  test('a move waits for a change of mind, counted from its commit', () => {
    expect(dueAt(row({ standing }, {}), moved, NOW - 400, options)).toBe(NOW + 1100);
  });
  test('a move that arrives late does not wait', () => {
    expect(dueAt(row({ standing }, {}), moved, NOW - 9000, options)).toBe(NOW);
  });
  test('a clock ahead of ours cannot make it wait longer', () => {
    expect(dueAt(row({ standing }, {}), moved, NOW + 60_000, options)).toBe(NOW + 1500);
  });
  test('a second move does not begin the wait anew', () => {
    const waiting = row({ standing }, { state: 'waiting', nextAttemptAt: NOW + 300 });
    expect(dueAt(waiting, moved, NOW, options)).toBe(NOW + 300);
  });
  test('a change ends a long pause after faults', () => {
    const paused = row({ standing }, { state: 'waiting', nextAttemptAt: NOW + 600_000, faults: 9 });
    expect(dueAt(paused, moved, NOW, options)).toBe(NOW + 1500);
  });
  test('an undo needs no call and no wait', () => {
    expect(dueAt(row({ standing }, { state: 'waiting', nextAttemptAt: NOW + 900 }), wanted, NOW, options)).toBe(NOW);
  });
});
