import { randomUUID } from 'node:crypto';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { query } from '@daybook/runtime/postgres';
import { asUser, type Caller, tokenFor } from './testing/start-scheduling.ts';
import { at, codeOf, serviceUnderTest } from './testing/service-under-test.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const now = '2027-01-11T06:00:00Z';
const start = '2027-01-12T09:00:00Z';
const service = serviceUnderTest(now);
const { clock } = service;
let owner: Caller;
let organizationId: string;
beforeEach(async () => {
  ({ owner, organizationId } = await service.newPractice());
});

const book = async (text = start) =>
  (await owner.book({ start: at(text), durationMinutes: 30, customer: { name: 'Ann' } })).appointment!;
const claims = async (id: string): Promise<number> => {
  const rows = await query(service.database, {
    text: 'SELECT 1 FROM reservations r JOIN appointments a ON a.reservation_id = r.id WHERE a.id = $1::uuid',
    values: [id],
  });
  return rows.length;
};

describe('attendance', () => {
  test('runs from expected through arrived to completed and all the way back, each a version with history', async () => {
    const { id } = await book();
    clock.set('2027-01-12T08:55:00Z');
    expect((await owner.attend(id, 'ATTENDANCE_ARRIVED')).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      arrivedAt: at('2027-01-12T08:55:00Z'),
      version: 2,
    });
    clock.set('2027-01-12T09:20:00Z');
    expect((await owner.attend(id, 'ATTENDANCE_COMPLETED', { expectedVersion: 2 })).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_COMPLETED',
      arrivedAt: at('2027-01-12T08:55:00Z'),
      version: 3,
    });
    expect((await owner.attend(id, 'ATTENDANCE_COMPLETED')).appointment!.version).toBe(3);
    expect(await claims(id)).toBe(1);
    expect((await owner.attend(id, 'ATTENDANCE_EXPECTED')).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      arrivedAt: null,
      version: 4,
    });
    const { history } = await owner.get(id);
    expect(history.map((entry) => entry.action)).toEqual(['booked', 'arrived', 'completed', 'expected']);
    const rows = await query<{ payload: Buffer }>(service.database, {
      text: 'SELECT payload FROM outbox WHERE aggregate_id = $1::uuid ORDER BY aggregate_version',
      values: [id],
    });
    const told = rows.map((row) => decodeSchedulingEvent(row.payload));
    expect(told.map((event) => event.appointmentChanged?.appointment?.status)).toEqual([
      undefined,
      'APPOINTMENT_STATUS_SCHEDULED',
      'APPOINTMENT_STATUS_COMPLETED',
      'APPOINTMENT_STATUS_SCHEDULED',
    ]);
  });

  test('a no-show gives its time away; expected again takes it back unless it is gone', async () => {
    const { id } = await book();
    clock.set('2027-01-12T09:10:00Z');
    const missed = (await owner.attend(id, 'ATTENDANCE_NO_SHOW')).appointment!;
    expect([missed.status, await claims(id)]).toEqual(['APPOINTMENT_STATUS_NO_SHOW', 0]);
    const walkIn = await book('2027-01-12T09:15:00Z');
    const refused = (await owner.attend(id, 'ATTENDANCE_EXPECTED').catch((error: unknown) => error)) as {
      code: string;
      context: { conflict: { id: string } };
    };
    expect([refused.code, refused.context.conflict.id]).toEqual(['SLOT_TAKEN', walkIn.id]);
    expect(await codeOf(owner.attend(id, 'ATTENDANCE_COMPLETED'))).toBe('SLOT_TAKEN');
    expect((await owner.get(id)).appointment).toEqual(missed);
    await owner.cancel(walkIn.id);
    expect((await owner.attend(id, 'ATTENDANCE_ARRIVED')).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      version: missed.version + 1,
    });
    expect(await claims(id)).toBe(1);
    expect(await codeOf(book('2027-01-12T09:15:00Z'))).toBe('SLOT_TAKEN');
  });

  test('nothing ends before it begins, and what is cancelled has no attendance', async () => {
    const { id } = await book();
    for (const end of ['ATTENDANCE_COMPLETED', 'ATTENDANCE_NO_SHOW'] as const) {
      expect(await codeOf(owner.attend(id, end))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    }
    expect(await codeOf(owner.attend(id, 'ATTENDANCE_ARRIVED', { expectedVersion: 7 }))).toBe('VERSION_CONFLICT');
    expect(await codeOf(owner.attend(id, 'ATTENDANCE_UNSPECIFIED'))).toBe('VALIDATION_FAILED');
    await owner.cancel(id);
    for (const any of ['ATTENDANCE_ARRIVED', 'ATTENDANCE_EXPECTED'] as const) {
      expect(await codeOf(owner.attend(id, any))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    }
  });

  test('completed and missed ones are counted out of changes until that is taken back', async () => {
    const { id } = await book();
    clock.set('2027-01-12T09:10:00Z');
    await owner.attend(id, 'ATTENDANCE_COMPLETED');
    expect(await codeOf(owner.cancel(id))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    expect(await codeOf(owner.restore(id))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    await owner.attend(id, 'ATTENDANCE_EXPECTED');
    expect(await codeOf(owner.cancel(id))).toBe('OK');
  });

  test('whoever runs the book may record it, customers and other practices may not', async () => {
    const { id } = await book();
    const as = (caller: Caller) => codeOf(caller.attend(id, 'ATTENDANCE_ARRIVED'));
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['customer'] })))).toBe(
      'NOT_PERMITTED',
    );
    expect(await as(asUser(service.scheduling, tokenFor(randomUUID())))).toBe('APPOINTMENT_NOT_FOUND');
    expect((await owner.get(id)).appointment!.version).toBe(1);
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['staff'] })))).toBe('OK');
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['admin'] })))).toBe('OK');
  });
});

describe('a cancellation taken back', () => {
  test('is the same appointment at its old time, with the next version; a repeat changes nothing', async () => {
    const before = await book();
    await owner.cancel(before.id, { reason: 'by mistake' });
    const { appointment } = await owner.restore(before.id, { expectedVersion: 2 });
    expect(appointment).toMatchObject({
      id: before.id,
      start: before.start,
      end: before.end,
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      cancellationReason: '',
      version: 3,
    });
    expect((await owner.restore(before.id, { expectedVersion: 2 })).appointment).toEqual(appointment);
    expect((await owner.get(before.id)).history.map((entry) => entry.action)).toEqual([
      'booked',
      'cancelled',
      'restored',
    ]);
    expect(await claims(before.id)).toBe(1);
    expect(await codeOf(book())).toBe('SLOT_TAKEN');
    await owner.cancel(before.id);
    await owner.restore(before.id);
    expect(await claims(before.id)).toBe(1);
  });

  test('fails when the time was given to another, has passed, or another version stands', async () => {
    const first = await book();
    await owner.cancel(first.id);
    expect(await codeOf(owner.restore(first.id, { expectedVersion: 1 }))).toBe('VERSION_CONFLICT');
    const second = await book();
    expect(await codeOf(owner.restore(first.id))).toBe('SLOT_TAKEN');
    await owner.cancel(second.id);
    clock.set(start);
    expect(await codeOf(owner.restore(first.id))).toBe('START_IN_PAST');
    expect((await owner.get(first.id)).appointment!.version).toBe(2);
  });

  test('many who want the time at once: one of all of them has it', async () => {
    const first = await book();
    await owner.cancel(first.id);
    const outcomes = await Promise.all([
      ...Array.from({ length: 6 }, () => codeOf(book())),
      ...Array.from({ length: 6 }, () => codeOf(owner.restore(first.id))),
    ]);
    const scheduled = (await owner.list({ statuses: ['APPOINTMENT_STATUS_SCHEDULED'] })).appointments;
    expect(scheduled).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['OK', 'SLOT_TAKEN']));
  });

  test('another practice and customers find nothing to take back', async () => {
    const { id } = await book();
    await owner.cancel(id);
    const as = (caller: Caller) => codeOf(caller.restore(id));
    expect(await as(asUser(service.scheduling, tokenFor(randomUUID())))).toBe('APPOINTMENT_NOT_FOUND');
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['customer'] })))).toBe(
      'APPOINTMENT_NOT_FOUND',
    );
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['staff'] })))).toBe('OK');
  });
});
