import fc from 'fast-check';
import type { CalendarLink, FoundBooking } from '../domain/calendar-link.ts';
import { TargetError, type CalendarTarget } from '../targets/target.ts';
import { reconcile, soundRules, type Journal, type StepRules } from './reconcile.ts';

/**
 * The model: a calendar that gives a new uid on every move, that can be searched only by the time attempted (a moved
 * booking's old uid does not say where it went), whose answers get lost, whose calls sometimes take effect only later,
 * and a worker that crashes between any two of its steps. Wishes arrive late, twice and out of order.
 */
type Command =
  | { kind: 'wish'; start: number; minutes: number; presence: 'present' | 'absent' }
  | { kind: 'redeliver'; which: number }
  | { kind: 'work'; faults: readonly Fault[] };
type Fault = 'none' | 'crash_before' | 'crash_after' | 'lost_answer' | 'late_effect' | 'refused_connection';

class Crash extends Error {}

const HOUR = 3_600_000;
const attendee = { customerId: 'c', name: 'n', email: '', timeZone: '' };

class ModelCalendar {
  readonly bookings: FoundBooking[] = [];
  private pending: (() => void)[] = [];
  private issued = 0;

  active(): FoundBooking[] {
    return this.bookings.filter((booking) => booking.active);
  }
  add(start: number, minutes: number): FoundBooking {
    this.issued += 1;
    const booking = { uid: `u${this.issued}`, start, minutes, active: true, createdAt: this.issued };
    this.bookings.push(booking);
    return booking;
  }
  byUid(uid: string): FoundBooking | undefined {
    return this.bookings.find((booking) => booking.uid === uid);
  }
  /** The target's own timeout has passed: whatever was in flight has landed. */
  land(): void {
    for (const effect of this.pending.splice(0)) effect();
  }
  later(effect: () => void): void {
    this.pending.push(effect);
  }
}

/** Every port call asks here what goes wrong around it. */
function faultSource(faults: readonly Fault[]): () => Fault {
  let next = 0;
  return () => faults[next++] ?? 'none';
}

function modelTarget(
  calendar: ModelCalendar,
  nextFault: () => Fault,
): Pick<CalendarTarget, 'find' | 'create' | 'move' | 'remove'> {
  async function during<T>(effect: () => T): Promise<T> {
    const fault = nextFault();
    if (fault === 'crash_before') throw new Crash();
    if (fault === 'refused_connection') throw new TargetError({ kind: 'unavailable', effect: 'none' }, 'refused');
    if (fault === 'late_effect') {
      calendar.later(() => void attemptQuietly(effect));
      throw new TargetError({ kind: 'unavailable', effect: 'possible' }, 'timeout');
    }
    const result = effect();
    if (fault === 'crash_after') throw new Crash();
    if (fault === 'lost_answer') throw new TargetError({ kind: 'unavailable', effect: 'possible' }, 'lost');
    return result;
  }
  return {
    find: ({ uids, place }) =>
      during(() =>
        calendar.bookings
          .filter((booking) => uids.includes(booking.uid) || (place !== undefined && booking.start === place.start))
          .map((booking) => ({ ...booking })),
      ),
    create: ({ start, minutes }) => during(() => ({ ...calendar.add(start, minutes) })),
    move: ({ uid, start }) =>
      during(() => {
        const old = calendar.byUid(uid);
        if (!old?.active) throw new TargetError({ kind: 'refused', reason: 'gone' }, 'gone');
        old.active = false;
        return { ...calendar.add(start, old.minutes) };
      }),
    remove: ({ uid }) =>
      during(() => {
        const booking = calendar.byUid(uid);
        if (booking) booking.active = false;
      }),
  };
}

function attemptQuietly(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // A call that lands late and is refused changes nothing.
  }
}

function modelJournal(row: { link: CalendarLink }, nextFault: () => Fault): Journal {
  const write = async (change: Partial<CalendarLink>): Promise<void> => {
    const fault = nextFault();
    if (fault === 'crash_before') throw new Crash();
    row.link = { ...row.link, ...change };
    if (fault === 'crash_after') throw new Crash();
  };
  return {
    begin: (attempted, { standing, uids }) => write({ attempted, standing, uids }),
    record: ({ standing, uids }) => write({ attempted: undefined, standing, uids }),
  };
}

async function work(row: { link: CalendarLink }, calendar: ModelCalendar, faults: readonly Fault[], rules: StepRules) {
  if (row.link.attempted) calendar.land();
  const nextFault = faultSource(faults);
  const target = modelTarget(calendar, nextFault);
  try {
    const end = await reconcile(row.link, { target, journal: modelJournal(row, nextFault), rules });
    if (end.kind === 'look_again' && row.link.attempted) {
      row.link = { ...row.link, attempted: { ...row.link.attempted, looksLeft: end.looksLeft } };
    }
  } catch (error) {
    if (error instanceof TargetError || error instanceof Crash) return;
    throw error;
  }
}

async function play(commands: readonly Command[], rules: StepRules): Promise<string | undefined> {
  const calendar = new ModelCalendar();
  const wishes: CalendarLink['wanted'][] = [{ version: 1, presence: 'present', start: 0, minutes: 30, attendee }];
  const row = {
    link: {
      appointmentId: 'a',
      wanted: wishes[0]!,
      attempted: undefined,
      standing: undefined,
      uids: [],
    } as CalendarLink,
  };
  const deliver = (wanted: CalendarLink['wanted']): void => {
    if (wanted.version > row.link.wanted.version) row.link = { ...row.link, wanted };
  };
  for (const command of commands) {
    if (command.kind === 'work') await work(row, calendar, command.faults, rules);
    else if (command.kind === 'redeliver') deliver(wishes[command.which % wishes.length]!);
    else {
      const wish = { version: wishes.length + 1, attendee, ...command };
      wishes.push(wish);
      // Every third wish is held back, so that a later one overtakes it.
      if (wishes.length % 3 !== 0) deliver(wish);
    }
  }
  const last = wishes.at(-1)!;
  deliver(last);
  for (let round = 0; round < 8; round += 1) await work(row, calendar, [], rules);
  return verdict(calendar, last, row.link);
}

function verdict(calendar: ModelCalendar, last: CalendarLink['wanted'], link: CalendarLink): string | undefined {
  const active = calendar.active();
  if (last.presence === 'absent') return active.length === 0 ? undefined : `${active.length} left standing`;
  if (active.length !== 1) return `${active.length} bookings instead of one`;
  const [only] = active;
  if (only!.start !== last.start || only!.minutes !== last.minutes) return 'it stands at the wrong time';
  return link.standing?.uid === only!.uid && link.uids[0] === only!.uid ? undefined : 'the recorded uid is not its uid';
}

const fault = fc.constantFrom<Fault>(
  'none',
  'none',
  'none',
  'crash_before',
  'crash_after',
  'lost_answer',
  'late_effect',
  'refused_connection',
);
const command = fc.oneof(
  fc.record({
    kind: fc.constant('wish' as const),
    start: fc.integer({ min: 0, max: 4 }).map((hour) => hour * HOUR),
    minutes: fc.constantFrom(30, 30, 60),
    presence: fc.constantFrom('present' as const, 'present' as const, 'absent' as const),
  }),
  fc.record({ kind: fc.constant('redeliver' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('work' as const), faults: fc.array(fault, { maxLength: 7 }) }),
  fc.record({ kind: fc.constant('work' as const), faults: fc.array(fault, { maxLength: 7 }) }),
);
const history = fc.array(command, { minLength: 1, maxLength: 25 });

function holds(rules: StepRules, numRuns: number) {
  return fc.check(
    fc.asyncProperty(history, async (commands) => (await play(commands, rules)) === undefined),
    { numRuns },
  );
}

describe('the convergence step over histories of crashes, lost answers, duplicates and reordering', () => {
  test('ends with exactly the wanted booking, known by its newest uid', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        expect(await play(commands, soundRules)).toBeUndefined();
      }),
      { numRuns: 4_000 },
    );
  });

  const broken: [string, StepRules][] = [
    ['blind retry', { ...soundRules, mustLook: () => false }],
    ['look only before creating', { ...soundRules, mustLook: (_link, next) => next.kind === 'create' }],
    ['look only when no uid is recorded', { ...soundRules, mustLook: (link) => !link.standing }],
    ['look but forget the uid that was found', { ...soundRules, keepsFind: false }],
  ];
  test.each(broken)('the variant "%s" is caught', async (_name, rules) => {
    const result = await holds({ ...rules, mustLook: guarded(rules) }, 20_000);
    expect(result.failed).toBe(true);
  });
});

/** A variant looks at most where the sound rule does: only rows with an unfinished attempt. */
function guarded(rules: StepRules): StepRules['mustLook'] {
  return (link, next) => link.attempted !== undefined && rules.mustLook(link, next);
}
