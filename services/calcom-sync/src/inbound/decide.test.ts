import type { TheirBooking } from '../targets/target.ts';
import { decideKnown, decideUnknown, type Ours } from './decide.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const START = NOW + 24 * HOUR;

function theirs(given: Partial<TheirBooking> = {}): TheirBooking {
  const status = given.status ?? 'accepted';
  return {
    uid: 'u1',
    start: START,
    minutes: 30,
    active: status === 'accepted' || status === 'pending',
    status,
    createdAt: 1,
    updatedAt: 1,
    appointmentId: 'a',
    movedTo: '',
    movedFrom: '',
    chainId: 'u1@Cal.com',
    hostedByUs: true,
    seated: false,
    attendees: [{ name: 'Leo', email: 'leo@example.com', phone: '', timeZone: 'UTC', absent: false }],
    eventTypeId: '1',
    eventTypeSlug: 'consultation',
    notes: '',
    reason: '',
    ...given,
  };
}

function ours(given: Partial<Ours> = {}): Ours {
  return {
    presence: 'present',
    status: 'scheduled',
    start: START,
    minutes: 30,
    standing: { uid: 'u1', start: START, minutes: 30 },
    standingNoShow: false,
    attempted: false,
    pushed: true,
    ...given,
  };
}

const moved = theirs({ uid: 'u2', start: START + HOUR, createdAt: 2, movedFrom: 'u1' });
const left = theirs({ status: 'cancelled', movedTo: 'u2' });

describe('a booking of an appointment of ours', () => {
  test('what stands as we know it means nothing, whatever its time of change', () => {
    expect(decideKnown(ours(), [theirs({ updatedAt: 99 })], NOW)).toEqual({ kind: 'nothing' });
  });
  test('nothing is decided while a call of ours may be under way', () => {
    expect(decideKnown(ours({ attempted: true }), [moved], NOW)).toMatchObject({ kind: 'wait' });
  });
  test('a move there moves ours', () => {
    expect(decideKnown(ours(), [left, moved], NOW)).toEqual({ kind: 'move_ours', booking: moved });
  });
  test('a move there loses against a later change of ours', () => {
    const changed = ours({ pushed: false, start: START - HOUR });
    expect(decideKnown(changed, [left, moved], NOW)).toEqual({ kind: 'put_back', standing: moved });
  });
  test('a move to where ours already wants to be is only noted', () => {
    expect(decideKnown(ours({ start: moved.start }), [left, moved], NOW)).toEqual({
      kind: 'put_back',
      standing: moved,
    });
  });
  test.each([
    ['cancelled', 'ill'],
    ['rejected', 'no time'],
  ] as const)('%s there cancels ours, with its reason', (status, reason) => {
    const gone = theirs({ status, reason });
    expect(decideKnown(ours(), [gone], NOW)).toEqual({ kind: 'cancel_ours', status, reason });
  });
  test('cancelled there loses against a later change of ours, which is made anew', () => {
    const gone = theirs({ status: 'cancelled' });
    expect(decideKnown(ours({ pushed: false }), [gone], NOW)).toEqual({ kind: 'put_back', standing: undefined });
  });
  test('a booking nobody knows any more was decided on by nobody: it is made anew', () => {
    expect(decideKnown(ours(), [], NOW)).toEqual({ kind: 'put_back', standing: undefined });
  });
  test('what was cancelled here and taken away there is settled; what stands again is taken away', () => {
    const gone = ours({ presence: 'absent', status: 'cancelled' });
    expect(decideKnown(gone, [theirs({ status: 'cancelled' })], NOW)).toEqual({
      kind: 'put_back',
      standing: undefined,
    });
    expect(decideKnown(gone, [moved], NOW)).toEqual({ kind: 'put_back', standing: moved });
    expect(decideKnown({ ...gone, standing: undefined }, [theirs()], NOW)).toMatchObject({ kind: 'put_back' });
  });
  test('a move that awaits a word leaves ours where it is', () => {
    const pending = theirs({ ...moved, status: 'pending', active: true });
    expect(decideKnown(ours(), [left, pending], NOW)).toEqual({ kind: 'wait', why: 'pending', booking: pending });
  });
  test('a booking found by its id, as after a restored backup, is known again', () => {
    expect(decideKnown(ours({ standing: undefined, pushed: false }), [theirs()], NOW)).toEqual({
      kind: 'put_back',
      standing: theirs(),
    });
  });
  test('of copies the one we know stays, else the oldest', () => {
    const copy = theirs({ uid: 'u9', createdAt: 0 });
    expect(decideKnown(ours(), [copy, theirs()], NOW)).toEqual({
      kind: 'cancel_copies',
      copies: [copy],
      keep: theirs(),
    });
    expect(decideKnown(ours({ standing: undefined }), [theirs(), copy], NOW)).toMatchObject({ keep: copy });
  });
  describe('who did not come', () => {
    const begun = { start: NOW - HOUR };
    const absent = theirs({ ...begun, attendees: theirs().attendees.map((one) => ({ ...one, absent: true })) });
    const standing = { uid: 'u1', minutes: 30, ...begun };
    test('marked there marks ours; taken back there takes ours back', () => {
      expect(decideKnown(ours({ ...begun, standing }), [absent], NOW)).toMatchObject({
        kind: 'mark_ours',
        noShow: true,
      });
      const missed = ours({ ...begun, standing, status: 'no_show', presence: 'as_is', standingNoShow: true });
      expect(decideKnown(missed, [theirs(begun)], NOW)).toMatchObject({ kind: 'mark_ours', noShow: false });
    });
    test('our own mark is only noted', () => {
      const missed = ours({ ...begun, standing, status: 'no_show', presence: 'as_is' });
      expect(decideKnown(missed, [absent], NOW)).toEqual({ kind: 'note_mark', noShow: true });
      expect(decideKnown({ ...missed, standingNoShow: true }, [absent], NOW)).toEqual({ kind: 'nothing' });
    });
    test('before it begins no mark counts', () => {
      const early = theirs({ attendees: absent.attendees });
      expect(decideKnown(ours(), [early], NOW)).toEqual({ kind: 'nothing' });
    });
  });
});

describe('a booking nobody here knows', () => {
  const cases: [string, Partial<TheirBooking>, string][] = [
    ['accepted is taken in', {}, 'take_in'],
    ['awaiting a word or a payment waits', { status: 'pending' }, 'wait'],
    ['rejected means nothing', { status: 'rejected' }, 'nothing'],
    ['cancelled means nothing', { status: 'cancelled' }, 'nothing'],
    ['at which we are only a guest is not ours', { hostedByUs: false }, 'nothing'],
    ['that began before the account was connected is not ours', { start: NOW - 1 }, 'nothing'],
    ['that carries the id of an appointment that is lost here is taken in', { appointmentId: 'lost' }, 'take_in'],
    ['longer than a day cannot be kept', { minutes: 2000 }, 'unfit'],
    ['shorter than five minutes cannot be kept', { minutes: 4 }, 'unfit'],
  ];
  test.each(cases)('%s', (_name, given, kind) => {
    expect(decideUnknown(theirs(given), NOW).kind).toBe(kind);
  });
});
