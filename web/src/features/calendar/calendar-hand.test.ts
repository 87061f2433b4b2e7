import { makeAppointment, zone } from '../../testing/fixtures.ts';
import { firstPick, hasMoved, moveHand, takeUp } from './calendar-hand.ts';
import { clockChanges } from './clock-changes.ts';
import { findClash } from './find-clash.ts';

const entry = { kind: 'appointment', appointment: makeAppointment() } as const;

test('an entry is taken up at its place and has not moved until an arrow moves it', () => {
  const taken = takeUp(entry, zone);
  expect(taken).toMatchObject({ start: '2099-06-04T10:00:00-04:00', minutes: 30 });
  expect(hasMoved(taken)).toBe(false);
  expect(hasMoved(moveHand(taken, 'down', zone))).toBe(true);
  expect(hasMoved(moveHand(moveHand(taken, 'down', zone), 'up', zone))).toBe(false);
});

test('a day further ten o’clock stays ten o’clock over a change of the clocks', () => {
  const before = { kind: 'pick', start: '2027-03-13T10:00:00-05:00', minutes: 30 } as const;
  expect(moveHand(before, 'right', 'America/New_York').start).toBe('2027-03-14T10:00:00-04:00');
  expect(moveHand(moveHand(before, 'right', 'America/New_York'), 'left', 'America/New_York')).toEqual(before);
});

test('a step over the skipped hour lands behind it, and one through the repeated hour takes it twice', () => {
  const skipped = { kind: 'pick', start: '2027-03-28T01:45:00+01:00', minutes: 30 } as const;
  expect(moveHand(skipped, 'down', 'Europe/Luxembourg').start).toBe('2027-03-28T03:00:00+02:00');
  const repeated = { kind: 'pick', start: '2027-10-31T02:45:00+02:00', minutes: 30 } as const;
  expect(moveHand(repeated, 'down', 'Europe/Luxembourg').start).toBe('2027-10-31T02:00:00+01:00');
});

test('a length never falls below a step nor rises above a day', () => {
  const short = { kind: 'pick', start: '2099-06-04T10:00:00-04:00', minutes: 15 } as const;
  expect(moveHand(short, 'up', zone, true).minutes).toBe(15);
  expect(moveHand({ ...short, minutes: 1440 }, 'down', zone, true).minutes).toBe(1440);
});

test('choosing begins at nine on another day', () => {
  expect(firstPick('2099-06-04', 30, zone)).toEqual({ kind: 'pick', start: '2099-06-04T09:00:00-04:00', minutes: 30 });
});

test('the days of the clock change are named with their hour, others are not', () => {
  expect(clockChanges('2027-03-22', '2027-03-29', 'Europe/Luxembourg')).toEqual([
    { day: '2027-03-28', direction: 'forward', from: '02:00', to: '03:00' },
  ]);
  expect(clockChanges('2027-11-01', '2027-11-08', 'America/New_York')).toEqual([
    { day: '2027-11-07', direction: 'back', from: '01:00', to: '02:00' },
  ]);
  expect(clockChanges('2027-04-01', '2027-04-30', 'Europe/Luxembourg')).toEqual([]);
  expect(clockChanges('2027-03-01', '2027-12-01', 'Asia/Tokyo')).toEqual([]);
});

test('a clash is an appointment before a block before closed time, never the moved entry itself', () => {
  const appointment = makeAppointment();
  const span = { start: Date.parse(appointment.start), end: Date.parse(appointment.end) };
  const block = { id: 'b', providerId: 'p', start: appointment.start, end: appointment.end, title: 'Lunch' };
  const open = [{ start: '2099-06-04T09:00:00-04:00', end: '2099-06-04T17:00:00-04:00' }];
  const content = { appointments: [appointment], blocks: [block], open };
  expect(findClash(content, span)).toEqual({ kind: 'appointment', name: 'Ann Lee' });
  expect(findClash(content, span, appointment.id)).toEqual({ kind: 'block', name: 'Lunch' });
  expect(findClash({ ...content, blocks: [] }, span, appointment.id)).toBeUndefined();
  expect(findClash({ ...content, blocks: [], open: [] }, span, appointment.id)).toEqual({ kind: 'closed' });
  const noShow = { ...content, appointments: [makeAppointment({ status: 'no_show' })], blocks: [] };
  expect(findClash(noShow, span)).toBeUndefined();
});
