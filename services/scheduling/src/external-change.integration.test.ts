import { randomUUID } from 'node:crypto';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { callUnary } from '@daybook/runtime/grpc-client';
import { query } from '@daybook/runtime/postgres';
import { applyChange, asUser, type Caller, tokenFor } from './testing/start-scheduling.ts';
import { at, codeOf, iso, serviceUnderTest } from './testing/service-under-test.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const now = '2027-01-11T06:00:00Z';
const service = serviceUnderTest(now);
const { clock } = service;
let owner: Caller;
let organizationId: string;
beforeEach(async () => {
  ({ owner, organizationId } = await service.newPractice());
});

const book = async (start: string, more: object = {}) =>
  (await owner.book({ start: at(start), durationMinutes: 30, customer: { name: 'Ann' }, ...more })).appointment!;
const apply = (changeKey: string, change: object) =>
  applyChange(service.scheduling, { organizationId, source: 'calcom', changeKey, ...change });
const guest = { name: 'Carl Com', email: 'Carl@Example.com', phone: '621 123 456', timeZone: 'Europe/Paris' };
const bookOutside = (changeKey: string, start: string, more: object = {}) =>
  apply(changeKey, { booked: { start: at(start), durationMinutes: 30, customer: guest, ...more } });

const toldOf = async (id: string) => {
  const rows = await query<{ payload: Buffer }>(service.database, {
    text: 'SELECT payload FROM outbox WHERE aggregate_id = $1::uuid ORDER BY seq',
    values: [id],
  });
  return rows.map((row) => decodeSchedulingEvent(row.payload));
};

describe('a booking made outside', () => {
  test('becomes an appointment with its customer, history and event, whatever the hours say', async () => {
    const { appointment, replayed } = await bookOutside('b1', '2027-01-12T20:00:00Z', { notes: 'from outside' });
    expect(replayed).toBe(false);
    expect(appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      version: 1,
      durationMinutes: 30,
      notes: 'from outside',
      override: false,
      customer: { name: 'Carl Com', email: 'carl@example.com', phone: '+352621123456', timeZone: 'Europe/Paris' },
    });
    const found = await owner.get(appointment!.id);
    expect(found.history).toMatchObject([{ version: 1, action: 'booked', actor: 'service:calcom-sync' }]);
    expect(await toldOf(appointment!.id)).toMatchObject([{ payload: 'appointmentBooked', aggregateVersion: 1 }]);
    expect(await codeOf(book('2027-01-12T20:00:00Z', { override: true }))).toBe('SLOT_TAKEN');
  });

  test('told twice, even at once, is one appointment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => bookOutside('same', '2027-01-12T09:00:00Z')));
    expect(new Set(answers.map((answer) => answer.appointment!.id)).size).toBe(1);
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect((await owner.list()).appointments).toHaveLength(1);
    expect(await toldOf(answers[0]!.appointment!.id)).toHaveLength(1);
  });

  test('the same key in another practice, or of another calendar, is another change', async () => {
    const mine = await bookOutside('k', '2027-01-12T09:00:00Z');
    const other = asUser(service.scheduling, tokenFor(randomUUID()));
    const otherId = (await other.providers()).providers[0]!.organizationId;
    const booked = { start: at('2027-01-12T09:00:00Z'), durationMinutes: 30, customer: guest };
    const theirs = await applyChange(service.scheduling, {
      organizationId: otherId,
      source: 'calcom',
      changeKey: 'k',
      booked,
    });
    expect(theirs).toMatchObject({ replayed: false, appointment: { organizationId: otherId } });
    expect(theirs.appointment!.id).not.toBe(mine.appointment!.id);
    expect(
      await codeOf(applyChange(service.scheduling, { organizationId, source: 'other', changeKey: 'k', booked })),
    ).toBe('SLOT_TAKEN');
  });

  test('a reservation refuses it, names what stands there and leaves nothing; later the same key goes through', async () => {
    const ours = await book('2027-01-12T09:00:00Z');
    const refused = (await bookOutside('late', '2027-01-12T09:15:00Z').catch((error: unknown) => error)) as {
      code: string;
      context: { conflict: { id: string; label: string }; nearestStarts: string[] };
    };
    expect(refused.code).toBe('SLOT_TAKEN');
    expect(refused.context.conflict).toMatchObject({ id: ours.id, label: 'Ann' });
    expect(refused.context.nearestStarts).toHaveLength(3);
    expect((await owner.customers({ query: 'carl' })).customers).toEqual([]);
    await owner.cancel(ours.id);
    expect(await bookOutside('late', '2027-01-12T09:15:00Z')).toMatchObject({ replayed: false });
  });

  test('its buffers are kept where nothing stands in them, and bind it nowhere', async () => {
    const { appointmentType } = await owner.createType({
      name: 'Buffered',
      durationsMinutes: [30],
      bufferBeforeMinutes: 30,
      bufferAfterMinutes: 30,
      horizonDays: 60,
      slotStepMinutes: 15,
      color: '#112233',
    });
    const appointmentTypeId = appointmentType!.id;
    await book('2027-01-12T09:00:00Z');
    await bookOutside('tight', '2027-01-12T09:30:00Z', { appointmentTypeId });
    await bookOutside('wide', '2027-01-13T09:30:00Z', { appointmentTypeId });
    expect(await codeOf(book('2027-01-12T10:00:00Z'))).toBe('OK');
    expect(await codeOf(book('2027-01-13T10:00:00Z'))).toBe('SLOT_TAKEN');
  });

  test('a known customer is found again, and a stranger’s form changes nothing that is known of them', async () => {
    const known = await book('2027-01-12T09:00:00Z', {
      customer: { name: 'Carla Comte', email: 'carl@example.com', phone: '' },
    });
    const { appointment } = await bookOutside('b', '2027-01-12T10:00:00Z');
    expect(appointment!.customer).toMatchObject({
      id: known.customer!.id,
      name: 'Carla Comte',
      phone: '+352621123456',
      version: 2,
    });
  });

  test('what cannot be read of a customer is left out, not refused', async () => {
    const customer = { name: ' \u0007 ', email: 'no address', phone: 'call me', timeZone: 'Mars/Olympus' };
    const { appointment } = await bookOutside('odd', '2027-01-12T09:00:00Z', { customer, notes: 'x'.repeat(6000) });
    expect(appointment!.customer).toMatchObject({ name: 'Guest', email: '', phone: '', timeZone: '' });
    expect(appointment!.notes).toHaveLength(5000);
  });

  test('one that has begun or passed is taken in, as it took place there', async () => {
    const { appointment } = await bookOutside('past', '2027-01-10T09:00:00Z');
    expect(appointment).toMatchObject({ status: 'APPOINTMENT_STATUS_SCHEDULED' });
  });

  test('unknown provider, type or practice are named', async () => {
    const start = '2027-01-12T09:00:00Z';
    expect(await codeOf(bookOutside('p', start, { providerId: randomUUID() }))).toBe('PROVIDER_NOT_FOUND');
    expect(await codeOf(bookOutside('t', start, { appointmentTypeId: randomUUID() }))).toBe(
      'APPOINTMENT_TYPE_NOT_FOUND',
    );
    const booked = { start: at(start), durationMinutes: 30, customer: guest };
    const nowhere = { organizationId: randomUUID(), source: 'calcom', changeKey: 'n', booked };
    expect(await codeOf(applyChange(service.scheduling, nowhere))).toBe('PROVIDER_NOT_FOUND');
    for (const request of [{ changeKey: '' }, { source: 'Cal Com' }, { booked: null }]) {
      expect(await codeOf(applyChange(service.scheduling, { ...nowhere, ...request }))).toBe('VALIDATION_FAILED');
    }
    expect(await codeOf(bookOutside('d', start, { durationMinutes: 4 }))).toBe('VALIDATION_FAILED');
  });

  test('people may not call it', async () => {
    const request = { organizationId, source: 'calcom', changeKey: 'x', booked: { durationMinutes: 30 } };
    const asPerson = (bearer: string) =>
      codeOf(callUnary(service.scheduling.client, 'applyExternalChange', request, { deadlineMs: 5_000, bearer }));
    expect(await asPerson(tokenFor(organizationId))).toBe('NOT_PERMITTED');
    expect(
      await codeOf(callUnary(service.scheduling.client, 'applyExternalChange', request, { deadlineMs: 5_000 })),
    ).toBe('SESSION_INVALID');
  });
});

describe('a move, cancellation or mark made outside', () => {
  const move = (key: string, appointmentId: string, start: string, more: object = {}) =>
    apply(key, { moved: { appointmentId, start: at(start), durationMinutes: 30, reason: 'asked there', ...more } });

  test('moves here, once, with its reason; told again it changes nothing, even after a later move of ours', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    const moved = await move('m1', id, '2027-01-12T21:00:00Z', { expectedVersion: 1 });
    expect(moved).toMatchObject({ replayed: false, appointment: { version: 2 } });
    expect(iso(moved.appointment!.start)).toBe('2027-01-12T21:00:00.000Z');
    await owner.reschedule({ id, start: at('2027-01-12T11:00:00Z') });
    const again = await move('m1', id, '2027-01-12T21:00:00Z', { expectedVersion: 1 });
    expect(again).toMatchObject({ replayed: true, appointment: { version: 3 } });
    expect(iso(again.appointment!.start)).toBe('2027-01-12T11:00:00.000Z');
    const { history } = await owner.get(id);
    expect(history[1]).toMatchObject({
      action: 'rescheduled',
      actor: 'service:calcom-sync',
      reason: 'asked there',
    });
    expect((await toldOf(id)).map((event) => event.payload)).toEqual([
      'appointmentBooked',
      'appointmentRescheduled',
      'appointmentRescheduled',
    ]);
    expect(await codeOf(book('2027-01-12T09:00:00Z'))).toBe('OK');
  });

  test('a later change of ours wins, and leaves the key free', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    await owner.update({ id, notes: 'ours' });
    const stale = await codeOf(move('m', id, '2027-01-12T10:00:00Z', { expectedVersion: 1 }));
    expect(stale).toBe('VERSION_CONFLICT');
    expect(await codeOf(apply('c', { cancelled: { appointmentId: id, expectedVersion: 1 } }))).toBe('VERSION_CONFLICT');
    expect(await move('m', id, '2027-01-12T10:00:00Z', { expectedVersion: 2 })).toMatchObject({ replayed: false });
  });

  test('a taken time refuses the move, and the appointment stays where it was', async () => {
    const first = await book('2027-01-12T09:00:00Z');
    const second = await book('2027-01-12T10:00:00Z');
    expect(await codeOf(move('m', second.id, '2027-01-12T09:15:00Z'))).toBe('SLOT_TAKEN');
    expect((await owner.get(second.id)).appointment).toEqual(second);
    expect((await owner.get(first.id)).appointment).toEqual(first);
  });

  test('another length at the same start is a change, not a move; the same time is none', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    expect((await move('same', id, '2027-01-12T09:00:00Z')).appointment!.version).toBe(1);
    const longer = await move('longer', id, '2027-01-12T09:00:00Z', { durationMinutes: 45 });
    expect(longer.appointment).toMatchObject({ version: 2, durationMinutes: 45 });
    expect((await toldOf(id)).at(-1)).toMatchObject({ payload: 'appointmentChanged' });
  });

  test('cancels here and frees the time; a second cancellation changes nothing', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    const first = await apply('c1', { cancelled: { appointmentId: id, reason: 'r'.repeat(900), expectedVersion: 1 } });
    expect(first.appointment).toMatchObject({ status: 'APPOINTMENT_STATUS_CANCELLED', version: 2 });
    expect(first.appointment!.cancellationReason).toHaveLength(500);
    expect((await apply('c2', { cancelled: { appointmentId: id } })).appointment!.version).toBe(2);
    expect(await codeOf(book('2027-01-12T09:00:00Z'))).toBe('OK');
    expect(await codeOf(move('m', id, '2027-01-12T15:00:00Z'))).toBe('APPOINTMENT_NOT_CHANGEABLE');
  });

  test('a no-show counts once begun, and can be taken back; what is completed here stays so', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    const mark = (key: string, attendance: string) => apply(key, { attendance: { appointmentId: id, attendance } });
    expect(await codeOf(mark('early', 'ATTENDANCE_NO_SHOW'))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    clock.set('2027-01-12T09:10:00Z');
    expect((await mark('absent', 'ATTENDANCE_NO_SHOW')).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_NO_SHOW',
      version: 2,
    });
    expect((await mark('back', 'ATTENDANCE_EXPECTED')).appointment).toMatchObject({
      status: 'APPOINTMENT_STATUS_SCHEDULED',
      version: 3,
    });
    await owner.attend(id, 'ATTENDANCE_COMPLETED');
    expect(await codeOf(mark('absent again', 'ATTENDANCE_NO_SHOW'))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    expect((await mark('nothing', 'ATTENDANCE_EXPECTED')).appointment!.version).toBe(4);
    expect(await codeOf(mark('odd', 'ATTENDANCE_ARRIVED'))).toBe('VALIDATION_FAILED');
    expect(await codeOf(move('m', id, '2027-01-12T15:00:00Z'))).toBe('APPOINTMENT_NOT_CHANGEABLE');
    expect(await codeOf(apply('c', { cancelled: { appointmentId: id } }))).toBe('APPOINTMENT_NOT_CHANGEABLE');
  });

  test('who else comes is one line of the notes, exchanged for the one before; the rest of the notes stays', async () => {
    const { id } = await book('2027-01-14T09:00:00Z', { notes: 'Bring the papers.' });
    const tell = async (key: string, before: string, people: string) =>
      (await apply(key, { people: { appointmentId: id, before, now: people } })).appointment!;
    expect((await tell('p1', '', 'Also coming: Bob')).notes).toBe('Bring the papers.\n\nAlso coming: Bob');
    const more = await tell('p2', 'Also coming: Bob', 'Also coming: Bob, Cyd');
    expect(more).toMatchObject({ notes: 'Bring the papers.\n\nAlso coming: Bob, Cyd', version: 3 });
    // Told again, in the same words under another key, or under the same key: nothing more.
    expect((await tell('p3', 'Also coming: Bob', 'Also coming: Bob, Cyd')).version).toBe(3);
    expect((await tell('p2', 'Also coming: Bob', 'Also coming: Bob, Cyd')).version).toBe(3);
    expect(await tell('p4', 'Also coming: Bob, Cyd', '')).toMatchObject({ notes: 'Bring the papers.', version: 4 });
    expect((await toldOf(id)).map((event) => event.payload)).toEqual([
      'appointmentBooked',
      'appointmentChanged',
      'appointmentChanged',
      'appointmentChanged',
    ]);
    await owner.cancel(id);
    expect((await tell('p5', '', 'Also coming: Dan')).notes).toBe('Bring the papers.');
  });

  test('an appointment of another practice is not there', async () => {
    const { id } = await book('2027-01-12T09:00:00Z');
    const other = (await asUser(service.scheduling, tokenFor(randomUUID())).providers()).providers[0]!.organizationId;
    const as = (change: object) =>
      codeOf(applyChange(service.scheduling, { organizationId: other, source: 'calcom', changeKey: 'f', ...change }));
    const moved = { appointmentId: id, start: at('2027-01-12T15:00:00Z'), durationMinutes: 30 };
    expect(await as({ moved })).toBe('APPOINTMENT_NOT_FOUND');
    expect(await as({ cancelled: { appointmentId: id } })).toBe('APPOINTMENT_NOT_FOUND');
    expect(await as({ attendance: { appointmentId: id, attendance: 'ATTENDANCE_NO_SHOW' } })).toBe(
      'APPOINTMENT_NOT_FOUND',
    );
    expect((await owner.get(id)).appointment!.version).toBe(1);
  });
});
