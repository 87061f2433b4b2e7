import { randomUUID } from 'node:crypto';
import { fromTimestamp } from '@daybook/protos/instant';
import { query } from '@daybook/runtime/postgres';
import { asUser, type Caller, tokenFor } from './testing/start-scheduling.ts';
import { at, serviceUnderTest } from './testing/service-under-test.ts';

/** A Monday in winter, 07:00 in Luxembourg. */
const now = '2027-01-11T06:00:00Z';
const service = serviceUnderTest(now);
const { clock } = service;
let owner: Caller;
let organizationId: string;
beforeEach(async () => {
  ({ owner, organizationId } = await service.newPractice());
});

const ann = { name: 'Ann Lee', email: 'Ann@Example.com', phone: '621 123 456', timeZone: 'Europe/Luxembourg' };
const tuesday10 = '2027-01-12T09:00:00Z';

async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; kind: string; context: Record<string, unknown> }> {
  return work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: { code: string; kind: string; context: Record<string, unknown> }) => error,
  );
}

async function outboxOf(id: string): Promise<{ subject: string; version: number }[]> {
  return query(service.database, {
    text: 'SELECT subject, aggregate_version AS version FROM outbox WHERE aggregate_id = $1::uuid ORDER BY seq',
    values: [id],
  });
}

test('a booking is stored whole, with history, event and customer in canonical form', async () => {
  const { appointment, replayed } = await owner.book({
    start: at(tuesday10),
    durationMinutes: 45,
    customer: ann,
    notes: 'first visit',
  });
  expect(replayed).toBe(false);
  const { appointment: read, history } = await owner.get(appointment!.id);
  expect(read).toEqual(appointment);
  expect(read).toMatchObject({
    status: 'APPOINTMENT_STATUS_SCHEDULED',
    durationMinutes: 45,
    version: 1,
    notes: 'first visit',
    override: false,
    customer: { name: 'Ann Lee', email: 'ann@example.com', phone: '+352621123456', timeZone: 'Europe/Luxembourg' },
    sync: { state: 'SYNC_STATE_WAITING' },
  });
  expect(fromTimestamp(read!.end!).toISOString()).toBe('2027-01-12T09:45:00.000Z');
  expect(history).toMatchObject([{ version: 1, action: 'booked', status: 'APPOINTMENT_STATUS_SCHEDULED' }]);
  expect(await outboxOf(read!.id)).toEqual([{ subject: 'daybook.scheduling.v1.appointment.booked', version: 1 }]);
});

test('a taken time is refused with what stands there and the three nearest free starts, each of them bookable', async () => {
  const first = await owner.book({ start: at(tuesday10), durationMinutes: 60, customer: ann });
  const error = await refusal(
    owner.book({ start: at('2027-01-12T09:15:00Z'), durationMinutes: 30, customer: { name: 'Bob' } }),
  );
  expect(error).toMatchObject({
    kind: 'taken',
    code: 'SLOT_TAKEN',
    context: {
      nearestStarts: ['2027-01-12T08:30:00.000Z', '2027-01-12T10:00:00.000Z', '2027-01-12T10:15:00.000Z'],
      conflict: { kind: 'appointment', id: first.appointment!.id, label: 'Ann Lee' },
    },
  });
  for (const start of ['2027-01-12T08:30:00.000Z', '2027-01-12T10:00:00.000Z']) {
    await owner.book({ start: at(start), durationMinutes: 30, customer: { name: 'Bob' } });
  }
});

test('rules refuse by their own codes and nothing is written', async () => {
  const book = (start: string, durationMinutes = 30, more: object = {}) =>
    refusal(owner.book({ start: at(start), durationMinutes, customer: { name: 'Bob' }, ...more }));
  expect(await book('2027-01-11T05:59:00Z')).toMatchObject({ kind: 'refused', code: 'START_IN_PAST' });
  expect(await book('2027-01-12T04:00:00Z')).toMatchObject({ code: 'OUTSIDE_AVAILABILITY' });
  expect(await book('2027-01-12T15:45:00Z')).toMatchObject({ code: 'OUTSIDE_AVAILABILITY' });
  expect(await book('2027-12-12T09:00:00Z')).toMatchObject({ code: 'BEYOND_HORIZON' });
  expect(await book(tuesday10, 4)).toMatchObject({ kind: 'invalid', code: 'VALIDATION_FAILED' });
  expect(await book(tuesday10, -30)).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(await book(tuesday10, 1441)).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(await book(tuesday10, 30, { customer: { name: ' ' } })).toMatchObject({
    context: { errors: [{ pointer: '/customer/name' }] },
  });
  expect(await book(tuesday10, 30, { customer: { name: 'Bob', email: 'nobody' } })).toMatchObject({
    context: { errors: [{ pointer: '/customer/email' }] },
  });
  expect(await book(tuesday10, 30, { providerId: randomUUID() })).toMatchObject({ code: 'PROVIDER_NOT_FOUND' });
  expect(await book(tuesday10, 30, { appointmentTypeId: randomUUID() })).toMatchObject({
    code: 'APPOINTMENT_TYPE_NOT_FOUND',
  });
  expect(await book(tuesday10, 30, { providerId: "1' OR '1'='1" })).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect((await owner.list()).appointments).toEqual([]);
});

test('the owner may override hours, which is recorded, but never another reservation or the past; staff may not', async () => {
  const night = { start: at('2027-01-12T03:07:00Z'), durationMinutes: 20, customer: { name: 'Bob' }, override: true };
  const { appointment } = await owner.book(night);
  expect(appointment!.override).toBe(true);
  expect((await owner.get(appointment!.id)).history[0]!.override).toBe(true);
  expect(await refusal(owner.book(night))).toMatchObject({ code: 'SLOT_TAKEN' });
  expect(await refusal(owner.book({ ...night, start: at('2027-01-11T05:00:00Z') }))).toMatchObject({
    code: 'START_IN_PAST',
  });
  const staff = asUser(service.scheduling, tokenFor(organizationId, { roles: ['staff'] }));
  expect(await refusal(staff.book(night))).toMatchObject({ kind: 'forbidden', code: 'NOT_PERMITTED' });
  await staff.book({ ...night, start: at(tuesday10), override: false });
});

test('a key gives the same answer again, refuses another body, and binds its user only', async () => {
  const request = { start: at(tuesday10), durationMinutes: 30, customer: ann, idempotencyKey: 'k-1' };
  const first = await owner.book(request);
  const again = await owner.book(request);
  expect(again).toEqual({ ...first, replayed: true });
  expect(await refusal(owner.book({ ...request, notes: 'other' }))).toMatchObject({
    kind: 'refused',
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  clock.set('2027-01-13T00:00:00Z');
  expect((await owner.book(request)).appointment!.id).toBe(first.appointment!.id);
  const other = asUser(service.scheduling, tokenFor(organizationId));
  expect(await refusal(other.book(request))).toMatchObject({ code: 'START_IN_PAST' });
  expect((await owner.list()).appointments).toHaveLength(1);
});

test('a refused request leaves no answer behind, so the key still works once the time is free', async () => {
  const taken = await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann });
  const request = { start: at(tuesday10), durationMinutes: 30, customer: { name: 'Bob' }, idempotencyKey: 'k-2' };
  expect(await refusal(owner.book(request))).toMatchObject({ code: 'SLOT_TAKEN' });
  await owner.cancel(taken.appointment!.id);
  expect((await owner.book(request)).replayed).toBe(false);
});

test('customers are known again by e-mail, then phone, never by name', async () => {
  const book = async (hour: number, customer: object) => {
    const start = at(`2027-01-12T${String(hour).padStart(2, '0')}:00:00Z`);
    return (await owner.book({ start, durationMinutes: 30, customer: { name: 'Ann', ...customer } })).appointment!
      .customer!;
  };
  const first = await book(8, { email: 'ann@example.com', phone: '+352 621 123 456' });
  expect((await book(9, { name: 'Ann Lee', email: ' ANN@example.com ' })).id).toBe(first.id);
  expect((await book(10, { phone: '00352621123456' })).id).toBe(first.id);
  expect((await book(11, {})).id).not.toBe(first.id);
  expect((await book(12, { email: 'spouse@example.com', phone: '621123456' })).id).not.toBe(first.id);
  const { customers } = await owner.customers({ query: 'ann 621' });
  expect(customers.map((customer) => customer.email).sort()).toEqual(['ann@example.com', 'spouse@example.com']);
});

test('buffers of neighbours add up and may stick out of the hours', async () => {
  const { appointmentType } = await owner.createType({
    name: 'Massage',
    durationsMinutes: [60, 30],
    bufferBeforeMinutes: 10,
    bufferAfterMinutes: 15,
    horizonDays: 183,
    slotStepMinutes: 5,
    color: '#aa0000',
  });
  const appointmentTypeId = appointmentType!.id;
  const book = (start: string) => owner.book({ appointmentTypeId, start: at(start), customer: { name: 'Bob' } });
  await book('2027-01-12T08:00:00Z');
  for (const tooNear of ['2027-01-12T09:00:00Z', '2027-01-12T09:20:00Z']) {
    expect(await refusal(book(tooNear))).toMatchObject({ code: 'SLOT_TAKEN' });
  }
  const slots = await owner.slots({
    appointmentTypeId,
    from: at('2027-01-12T08:00:00Z'),
    to: at('2027-01-13T00:00:00Z'),
  });
  expect(fromTimestamp(slots.starts[0]!).toISOString()).toBe('2027-01-12T09:25:00.000Z');
  expect(fromTimestamp(slots.starts.at(-1)!).toISOString()).toBe('2027-01-12T15:00:00.000Z');
  await book('2027-01-12T09:25:00Z');
  expect(
    await refusal(
      owner.book({ appointmentTypeId, start: at('2027-01-12T11:00:00Z'), durationMinutes: 45, customer: ann }),
    ),
  ).toMatchObject({
    code: 'DURATION_NOT_OFFERED',
  });
});

test('rescheduling keeps customer and length, frees the old time, refuses a conflict and may overlap itself', async () => {
  const first = (await owner.book({ start: at(tuesday10), durationMinutes: 60, customer: ann })).appointment!;
  const second = (
    await owner.book({ start: at('2027-01-12T11:00:00Z'), durationMinutes: 30, customer: { name: 'Bob' } })
  ).appointment!;
  const moved = (await owner.reschedule({ id: first.id, start: at('2027-01-12T09:30:00Z'), reason: 'late bus' }))
    .appointment!;
  expect(moved).toMatchObject({ version: 2, durationMinutes: 60, customer: first.customer });
  expect(await refusal(owner.reschedule({ id: first.id, start: at('2027-01-12T10:45:00Z') }))).toMatchObject({
    code: 'SLOT_TAKEN',
    context: { conflict: { id: second.id } },
  });
  await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: { name: 'Cid' } });
  const { history } = await owner.get(first.id);
  expect(history.map((entry) => [entry.version, entry.action, entry.reason])).toEqual([
    [1, 'booked', ''],
    [2, 'rescheduled', 'late bus'],
  ]);
  expect(await outboxOf(first.id)).toEqual([
    { subject: 'daybook.scheduling.v1.appointment.booked', version: 1 },
    { subject: 'daybook.scheduling.v1.appointment.rescheduled', version: 2 },
  ]);
});

test('an update changes what it names; the same again makes neither version nor event; a stale version is refused', async () => {
  const { id } = (await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann, notes: 'x' }))
    .appointment!;
  const changed = (await owner.update({ id, expectedVersion: 1, durationMinutes: 45, notes: '' })).appointment!;
  expect(changed).toMatchObject({ version: 2, durationMinutes: 45, notes: '' });
  const same = (await owner.update({ id, expectedVersion: 2, durationMinutes: 45, start: at(tuesday10) })).appointment!;
  expect(same).toEqual(changed);
  expect(await refusal(owner.update({ id, expectedVersion: 1, notes: 'late' }))).toMatchObject({
    kind: 'stale',
    code: 'VERSION_CONFLICT',
    context: { currentVersion: 2 },
  });
  const renamed = (await owner.update({ id, customer: { name: 'Ann Miller', email: 'ann@example.com' } })).appointment!;
  expect(renamed).toMatchObject({ version: 3, customer: { name: 'Ann Miller', phone: '', version: 2 } });
  expect((await owner.list({ query: 'miller' })).appointments).toHaveLength(1);
  expect((await outboxOf(id)).map((row) => row.subject.split('.').at(-1))).toEqual(['booked', 'changed', 'changed']);
});

test('cancelling frees the time, keeps the row, and a repeat answers the same', async () => {
  const { id } = (await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann })).appointment!;
  const cancelled = (await owner.cancel(id, { reason: 'ill', expectedVersion: 1 })).appointment!;
  expect(cancelled).toMatchObject({ status: 'APPOINTMENT_STATUS_CANCELLED', cancellationReason: 'ill', version: 2 });
  expect((await owner.cancel(id, { reason: 'again', expectedVersion: 1 })).appointment).toEqual(cancelled);
  expect(await refusal(owner.reschedule({ id, start: at(tuesday10) }))).toMatchObject({
    code: 'APPOINTMENT_NOT_CHANGEABLE',
  });
  await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: { name: 'Bob' } });
  expect(await refusal(owner.cancel(randomUUID()))).toMatchObject({ kind: 'absent', code: 'APPOINTMENT_NOT_FOUND' });
});

test('two appointments that want each other’s place are both refused, without a deadlock', async () => {
  const a = (await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann })).appointment!;
  const b = (await owner.book({ start: at('2027-01-12T11:00:00Z'), durationMinutes: 30, customer: { name: 'Bob' } }))
    .appointment!;
  const outcomes = await Promise.all(
    [owner.reschedule({ id: a.id, start: b.start }), owner.reschedule({ id: b.id, start: a.start })].map(refusal),
  );
  expect(outcomes.map((outcome) => outcome.code)).toEqual(['SLOT_TAKEN', 'SLOT_TAKEN']);
});

test('blocked time is busy for bookings and slots, is listed by overlap and can be freed', async () => {
  const { block } = await owner.block({
    start: at('2027-01-12T11:00:00Z'),
    end: at('2027-01-12T12:00:00Z'),
    title: 'Lunch',
  });
  expect(
    await refusal(owner.book({ start: at('2027-01-12T11:30:00Z'), durationMinutes: 30, customer: ann })),
  ).toMatchObject({
    code: 'SLOT_TAKEN',
    context: { conflict: { kind: 'block', label: 'Lunch' } },
  });
  expect(
    await refusal(owner.block({ start: at('2027-01-12T11:30:00Z'), end: at('2027-01-12T13:00:00Z') })),
  ).toMatchObject({
    code: 'SLOT_TAKEN',
  });
  const range = { from: at('2027-01-12T11:59:00Z'), to: at('2027-01-13T00:00:00Z') };
  expect((await owner.blocks(range)).blocks).toMatchObject([{ id: block!.id, title: 'Lunch' }]);
  expect((await owner.blocks({ ...range, from: block!.end })).blocks).toEqual([]);
  await owner.unblock(block!.id);
  expect(await refusal(owner.unblock(block!.id))).toMatchObject({ code: 'BLOCK_NOT_FOUND' });
  await owner.book({ start: at('2027-01-12T11:30:00Z'), durationMinutes: 30, customer: ann });
  expect((await outboxOf(block!.id)).map((row) => row.version)).toEqual([1, 2]);
});

test('an expired hold is no obstacle and goes; a live one is', async () => {
  const { providers } = await owner.providers();
  const hold = (start: string, expires: string) =>
    query(service.database, {
      text: `INSERT INTO reservations (id, organization_id, provider_id, kind, expires_at, during, occupies)
        SELECT gen_random_uuid(), $1::uuid, $2::uuid, 'hold', now() + $4::interval, r, r
        FROM (SELECT tstzrange($3::timestamptz, $3::timestamptz + interval '30 minutes', '[)')) AS s (r)`,
      values: [organizationId, providers[0]!.id, start, expires],
    });
  await hold(tuesday10, '-1 second');
  await hold('2027-01-12T10:00:00Z', '10 minutes');
  await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann });
  expect(
    await refusal(owner.book({ start: at('2027-01-12T10:00:00Z'), durationMinutes: 30, customer: ann })),
  ).toMatchObject({
    code: 'SLOT_TAKEN',
    context: { conflict: { kind: 'hold' } },
  });
});

test('time that has passed is refused like any other, and only times to come are offered', async () => {
  const past = { start: at('2026-12-28T10:00:00Z'), end: at('2026-12-28T11:00:00Z'), title: 'Notes' };
  await owner.block(past);
  const { code, context } = await refusal(owner.block(past));
  expect(code).toBe('SLOT_TAKEN');
  for (const start of context['nearestStarts'] as string[]) expect(Date.parse(start)).toBeGreaterThan(Date.parse(now));
});

test('an edit speaks of another known customer by e-mail only; a shared number does not turn a child into the mother', async () => {
  const mother = (await owner.book({ start: at(tuesday10), durationMinutes: 30, customer: ann })).appointment!;
  const child = (
    await owner.book({ start: at('2027-01-12T11:00:00Z'), durationMinutes: 30, customer: { name: 'Little Lee' } })
  ).appointment!;
  const named = { name: 'Little Lee', phone: ann.phone };
  const edited = (await owner.update({ id: child.id, customer: named })).appointment!;
  expect(edited.customer).toMatchObject({ id: child.customer!.id, name: 'Little Lee', phone: '+352621123456' });
  expect((await owner.get(mother.id)).appointment!.customer).toMatchObject({ name: 'Ann Lee' });
  const other = (
    await owner.book({ start: at('2027-01-12T13:00:00Z'), durationMinutes: 30, customer: { name: 'Cousin' } })
  ).appointment!;
  expect(await refusal(owner.update({ id: other.id, customer: { name: 'Cousin', phone: ann.phone } }))).toMatchObject({
    code: 'VALIDATION_FAILED',
    context: { errors: [{ pointer: '/customer/phone' }] },
  });
});

test('a cursor that nobody made is refused in words', async () => {
  for (const start of [8.64e15, -8.64e15]) {
    const cursor = Buffer.from(JSON.stringify([start, randomUUID()])).toString('base64url');
    expect(await refusal(owner.list({ cursor }))).toMatchObject({ code: 'VALIDATION_FAILED' });
  }
});
