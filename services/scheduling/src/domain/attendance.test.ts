import type { Appointment } from './appointment.ts';
import { defaultAppointmentType } from './appointment-type.ts';
import { type Attendance, recordAttendance, restore } from './attendance.ts';
import { newCustomer } from './customer.ts';
import { MINUTE } from './zone-offsets.ts';

const start = Date.UTC(2027, 0, 5, 10);
const before = start - 1;
const scheduled: Appointment = {
  id: 'id',
  organizationId: 'org',
  providerId: 'provider',
  type: { ...defaultAppointmentType, id: 'type', organizationId: 'org', isDefault: true, version: 1 },
  customer: newCustomer('ann', 'org', { name: 'Ann', email: '', phone: '', timeZone: '' }),
  start,
  end: start + 30 * MINUTE,
  status: 'scheduled',
  notes: '',
  arrivedAt: undefined,
  cancellationReason: '',
  override: false,
  version: 4,
  createdAt: before,
  updatedAt: before,
};
const arrived = { ...scheduled, arrivedAt: before };
const completed: Appointment = { ...arrived, status: 'completed' };
const missed: Appointment = { ...scheduled, status: 'no_show' };
const cancelled: Appointment = { ...scheduled, status: 'cancelled', cancellationReason: 'ill' };
const refusing = (code: string) => expect.objectContaining({ code }) as Error;

describe('a visit is recorded', () => {
  test.each<[string, Appointment, Attendance, object]>([
    ['an arrival', scheduled, 'arrived', { status: 'scheduled', arrivedAt: start }],
    ['an arrival taken back', arrived, 'expected', { status: 'scheduled', arrivedAt: undefined }],
    ['the end of a visit, which keeps the arrival', arrived, 'completed', { status: 'completed', arrivedAt: before }],
    ['the end of one who was never marked', scheduled, 'completed', { status: 'completed', arrivedAt: undefined }],
    ['an end taken back to the arrival', completed, 'arrived', { status: 'scheduled', arrivedAt: before }],
    ['one who did not come after all', arrived, 'no_show', { status: 'no_show', arrivedAt: undefined }],
    ['one who came after all', missed, 'arrived', { status: 'scheduled', arrivedAt: start }],
  ])('%s', (_name, current, attendance, becomes) => {
    const fact = recordAttendance(current, attendance, { expectedVersion: 4, now: start });
    expect(fact?.kind).toBe('changed');
    expect(fact?.appointment).toEqual({ ...current, ...becomes, version: 5, updatedAt: start });
  });

  test.each<[Appointment, Attendance]>([
    [scheduled, 'expected'],
    [arrived, 'arrived'],
    [completed, 'completed'],
    [missed, 'no_show'],
  ])('a repeat changes nothing, whatever version it names', (current, attendance) => {
    expect(recordAttendance(current, attendance, { expectedVersion: 1, now: start })).toBeUndefined();
  });

  test('what has not begun may be arrived for, but neither completed nor missed', () => {
    const early = { expectedVersion: 0, now: before };
    expect(recordAttendance(scheduled, 'arrived', early)?.appointment.arrivedAt).toBe(before);
    for (const end of ['completed', 'no_show'] as const)
      expect(() => recordAttendance(scheduled, end, early)).toThrow(refusing('APPOINTMENT_NOT_CHANGEABLE'));
  });

  test.each<Attendance>(['expected', 'arrived', 'completed', 'no_show'])(
    '%s is not for a cancelled one',
    (attendance) => {
      const work = (): unknown => recordAttendance(cancelled, attendance, { expectedVersion: 0, now: start });
      expect(work).toThrow(refusing('APPOINTMENT_NOT_CHANGEABLE'));
    },
  );

  test('an older version is refused', () => {
    const work = (): unknown => recordAttendance(scheduled, 'arrived', { expectedVersion: 3, now: start });
    expect(work).toThrow(refusing('VERSION_CONFLICT'));
  });
});

describe('a cancellation is taken back', () => {
  const soon = { expectedVersion: 4, now: before };

  test('at its old time, without its reason', () => {
    expect(restore(cancelled, soon)).toEqual({
      kind: 'changed',
      appointment: { ...cancelled, status: 'scheduled', cancellationReason: '', version: 5, updatedAt: before },
    });
  });

  test('once: a repeat changes nothing, whatever version it names', () => {
    expect(restore(scheduled, { ...soon, expectedVersion: 1 })).toBeUndefined();
  });

  test('only while its time lies ahead, and only of a cancelled one', () => {
    expect(() => restore(cancelled, { ...soon, now: start })).toThrow(refusing('START_IN_PAST'));
    expect(() => restore(completed, soon)).toThrow(refusing('APPOINTMENT_NOT_CHANGEABLE'));
    expect(() => restore(missed, soon)).toThrow(refusing('APPOINTMENT_NOT_CHANGEABLE'));
    expect(() => restore(cancelled, { ...soon, expectedVersion: 3 })).toThrow(refusing('VERSION_CONFLICT'));
  });
});
