import {
  type Appointment,
  book,
  cancel,
  change,
  checkDuration,
  checkText,
  checkTime,
  chooseDuration,
  occupiedTime,
} from './appointment.ts';
import { type AppointmentType, defaultAppointmentType } from './appointment-type.ts';
import { newCustomer } from './customer.ts';
import { DAY, MINUTE } from './zone-offsets.ts';

const now = Date.UTC(2027, 0, 4, 8);
const type: AppointmentType = {
  ...defaultAppointmentType,
  id: 'type',
  organizationId: 'org',
  isDefault: true,
  version: 1,
  bufferBeforeMinutes: 5,
  bufferAfterMinutes: 10,
  minimumNoticeMinutes: 60,
  horizonDays: 30,
};
const availability = {
  timeZone: 'UTC',
  weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMinute: 9 * 60, endMinute: 17 * 60 })),
  overrides: [],
};
const ann = newCustomer('ann', 'org', { name: 'Ann', email: '', phone: '', timeZone: '' });
const at = (day: number, hour: number, minute = 0): number => Date.UTC(2027, 0, 4 + day, hour, minute);
const half = (start: number) => ({ start, end: start + 30 * MINUTE });
const code = (work: () => unknown): string => {
  try {
    work();
    return 'fine';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
const faultsOf = (work: () => unknown): unknown => {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { context: { errors: unknown } }).context.errors;
  }
};
const booked = (start = at(1, 10)): Appointment =>
  book({
    id: 'id',
    organizationId: 'org',
    providerId: 'provider',
    type,
    customer: ann,
    during: half(start),
    notes: '',
    override: false,
    now,
  }).appointment;

describe('a time is judged', () => {
  test.each([
    ['the very moment it is', now, false, 'START_IN_PAST'],
    ['the past, though overridden', now - 1, true, 'START_IN_PAST'],
    ['a minute short of the notice', at(0, 9) - MINUTE, false, 'TOO_SHORT_NOTICE'],
    ['exactly the notice', at(0, 9), false, 'fine'],
    ['short notice, overridden', at(0, 8, 30), true, 'fine'],
    ['the last moment of the horizon', now + 30 * DAY + 60 * MINUTE - 60 * MINUTE, false, 'OUTSIDE_AVAILABILITY'],
    ['beyond the horizon', at(30, 10), false, 'BEYOND_HORIZON'],
    ['beyond the horizon, overridden', at(30, 10), true, 'fine'],
    ['before the hours', at(1, 8, 59), false, 'OUTSIDE_AVAILABILITY'],
    ['the first minute of the hours', at(1, 9), false, 'fine'],
    ['the last that ends with the hours', at(1, 16, 30), false, 'fine'],
    ['a minute past that', at(1, 16, 31), false, 'OUTSIDE_AVAILABILITY'],
    ['outside the hours, overridden', at(1, 3), true, 'fine'],
    ['ten years and more ahead, though overridden', now + 3_661 * DAY, true, 'VALIDATION_FAILED'],
  ])('%s', (_, start, override, expected) => {
    expect(code(() => checkTime(half(start), { type, availability, override, now }))).toBe(expected);
  });
});

describe('a length is chosen', () => {
  test.each([
    [0, true, false, 30],
    [45, true, false, 45],
    [40, false, false, 40],
    [40, true, true, 40],
    [40, true, false, 'DURATION_NOT_OFFERED'],
    [4, false, true, 'VALIDATION_FAILED'],
    [1441, false, true, 'VALIDATION_FAILED'],
    [30.5, false, true, 'VALIDATION_FAILED'],
  ])('%d minutes, type named %s, override %s: %s', (asked, named, override, expected) => {
    let chosen: number | undefined;
    const outcome = code(() => (chosen = chooseDuration(type, asked, named, override)));
    expect(chosen ?? outcome).toBe(expected);
  });
});

test('a claim keeps its buffers free, an overridden one its bare time', () => {
  const during = half(at(1, 10));
  expect(occupiedTime(during, type, false)).toEqual({
    start: during.start - 5 * MINUTE,
    end: during.end + 10 * MINUTE,
  });
  expect(occupiedTime(during, type, true)).toBe(during);
});

describe('a change', () => {
  const rules = { availability, override: false, now: now + MINUTE };

  test('of the start keeps customer, length and notes, and remembers where it was', () => {
    const fact = change(booked(), { start: at(2, 11), reason: 'asked' }, 1, rules);
    expect(fact).toMatchObject({
      kind: 'rescheduled',
      reason: 'asked',
      previous: half(at(1, 10)),
      appointment: { start: at(2, 11), end: at(2, 11, 30), customer: ann, version: 2, updatedAt: rules.now },
    });
  });

  test('of the length alone is no move, and is allowed after the start', () => {
    const late = { ...rules, now: at(1, 10, 5) };
    expect(change(booked(), { durationMinutes: 45 }, 0, late)).toMatchObject({
      kind: 'changed',
      appointment: { start: at(1, 10), end: at(1, 10, 45) },
    });
    expect(code(() => change(booked(at(1, 16, 30)), { durationMinutes: 45 }, 0, rules))).toBe('OUTSIDE_AVAILABILITY');
  });

  test('that changes nothing is none', () => {
    expect(change(booked(), {}, 1, rules)).toBeUndefined();
    expect(
      change(booked(), { start: at(1, 10), durationMinutes: 30, notes: '', customer: ann }, 0, rules),
    ).toBeUndefined();
  });

  test('of another version is refused, and of what is over too', () => {
    expect(code(() => change(booked(), { notes: 'x' }, 2, rules))).toBe('VERSION_CONFLICT');
    for (const status of ['cancelled', 'completed', 'no_show'] as const)
      expect(code(() => change({ ...booked(), status }, { notes: 'x' }, 0, rules))).toBe('APPOINTMENT_NOT_CHANGEABLE');
  });

  test('of the notes leaves an earlier override as it was, a new time decides anew', () => {
    const overridden = { ...booked(), override: true };
    expect(change(overridden, { notes: 'x' }, 0, rules)?.appointment.override).toBe(true);
    expect(change(overridden, { start: at(2, 10) }, 0, rules)?.appointment.override).toBe(false);
  });
});

test('a cancellation is said once; what is over cannot be called off', () => {
  const request = { reason: 'ill', expectedVersion: 1, now };
  const fact = cancel(booked(), request);
  expect(fact).toMatchObject({ kind: 'cancelled', appointment: { status: 'cancelled', version: 2 } });
  expect(cancel(fact!.appointment, request)).toBeUndefined();
  expect(code(() => cancel({ ...booked(), status: 'completed' }, request))).toBe('APPOINTMENT_NOT_CHANGEABLE');
  expect(code(() => cancel({ ...booked(), version: 2 }, request))).toBe('VERSION_CONFLICT');
});

test('a text is refused when it is too long or cannot be stored', () => {
  expect(code(() => checkText('ab', 2, '/notes'))).toBe('fine');
  expect(faultsOf(() => checkText('abc', 2, '/notes'))).toEqual([
    { pointer: '/notes', message: 'Give at most 2 characters.' },
  ]);
  expect(faultsOf(() => checkText('a\u0000', 2, '/notes'))).toEqual([
    { pointer: '/notes', message: 'Remove the NUL character.' },
  ]);
});

test('a length is 5 to 1,440 whole minutes', () => {
  for (const minutes of [5, 6, 1439, 1440]) expect(faultsOf(() => checkDuration(minutes))).toEqual([]);
  for (const minutes of [4, 1441, 30.5, Number.NaN])
    expect(faultsOf(() => checkDuration(minutes))).toEqual([
      { pointer: '/durationMinutes', message: 'Give whole minutes from 5 to 1440.' },
    ]);
});

test('nobody means a start more than ten years ahead, not even the owner', () => {
  const rules = { type, availability, override: true, now };
  expect(faultsOf(() => checkTime(half(now + 3_660 * DAY), rules))).toEqual([]);
  expect(faultsOf(() => checkTime(half(now + 3_660 * DAY + 1), rules))).toEqual([
    { pointer: '/start', message: 'The start lies more than ten years ahead.' },
  ]);
});

test('who comes is a change when it is somebody else, or the same person with other particulars', () => {
  const rules = { availability, override: false, now };
  const other = { ...ann, id: 'other' };
  const newer = { ...ann, version: ann.version + 1 };
  for (const customer of [other, newer])
    expect(change(booked(), { customer }, 0, rules)).toMatchObject({ kind: 'changed', appointment: { customer } });
});

test('an appointment that has begun can become longer, and only within the hours', () => {
  const begun = { ...booked(at(0, 10)), version: 3 };
  const rules = { availability, override: false, now: at(0, 10, 15) };
  expect(change(begun, { durationMinutes: 60 }, 3, rules)).toMatchObject({
    kind: 'changed',
    appointment: { start: at(0, 10), end: at(0, 11), version: 4 },
  });
  expect(code(() => change(begun, { start: at(0, 10, 5) }, 3, rules))).toBe('START_IN_PAST');
});

test('a booking is told as one', () => {
  const request = { id: 'id', organizationId: 'org', providerId: 'p', type, customer: ann, notes: '', override: false };
  expect(book({ ...request, during: half(at(1, 10)), now }).kind).toBe('booked');
});
