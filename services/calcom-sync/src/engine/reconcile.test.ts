import type { CalendarLink } from '../domain/calendar-link.ts';
import { TargetError, type TargetBooking } from '../targets/target.ts';
import { reconcile } from './reconcile.ts';

const wanted = {
  version: 1,
  presence: 'present' as const,
  start: 1_800_000_000_000,
  minutes: 30,
  attendee: { customerId: 'c', name: 'n', email: '', timeZone: '' },
};
const link: CalendarLink = { appointmentId: 'a', wanted, attempted: undefined, standing: undefined, uids: [] };
const taken = new TargetError({ kind: 'refused', reason: 'not_available' }, 'This time is taken in Cal.com.');

/** Creates once: the calendar says that the time is taken, and then shows what stands there. */
async function createWhereTaken(standing: TargetBooking[]): Promise<unknown[]> {
  const recorded: unknown[] = [];
  await reconcile(link, {
    target: {
      find: () => Promise.resolve(standing),
      create: () => Promise.reject(taken),
      move: () => Promise.reject(new Error('nothing is moved')),
      remove: () => Promise.reject(new Error('nothing is taken away')),
    },
    journal: {
      begin: () => Promise.resolve(),
      record: (result) => Promise.resolve(void recorded.push(result)),
    },
  });
  return recorded;
}

const booking = { uid: 'first', start: wanted.start, minutes: 30, active: true, createdAt: 0 };

test('what a resend finds taken by our own first copy is that copy, which is kept', async () => {
  expect(await createWhereTaken([booking])).toEqual([
    { standing: { uid: 'first', start: wanted.start, minutes: 30 }, uids: ['first'] },
  ]);
});

test('what somebody else has taken is a refusal', async () => {
  await expect(createWhereTaken([])).rejects.toBe(taken);
  await expect(createWhereTaken([{ ...booking, start: wanted.start + 60_000 }])).rejects.toBe(taken);
});
