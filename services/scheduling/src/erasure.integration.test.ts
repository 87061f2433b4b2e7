import { randomInt, randomUUID } from 'node:crypto';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { query } from '@daybook/runtime/postgres';
import { asUser, type Caller, tokenFor } from './testing/start-scheduling.ts';
import { at, codeOf, serviceUnderTest } from './testing/service-under-test.ts';

// Generous, for machines that do much else at the same time.
jest.setTimeout(60_000);

const service = serviceUnderTest('2027-01-11T06:00:00Z');
let owner: Caller;
let organizationId: string;
/** Stands in every word about the person of a test, and nowhere else. */
let mark: string;
let zoe: { name: string; email: string; phone: string; timeZone: string };
beforeEach(async () => {
  ({ owner, organizationId } = await service.newPractice());
  mark = randomInt(100_000, 999_999).toString();
  zoe = {
    name: `Zoë Quandt ${mark}`,
    email: `zoe@q${mark}.example`,
    phone: `+352621${mark}`,
    timeZone: 'Europe/Paris',
  };
});

/** Everything the database holds, as text; bytes are read as the events they are. */
async function wholeDatabase(): Promise<string> {
  const tables = await query<{ name: string }>(service.database, {
    text: `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  });
  const rows = await Promise.all(
    tables.map(({ name }) =>
      query<{ row: string }>(service.database, { text: `SELECT t::text AS row FROM ${name} t` }),
    ),
  );
  const events = await query<{ payload: Buffer }>(service.database, { text: 'SELECT payload FROM outbox' });
  return [
    ...rows.flat().map(({ row }) => row),
    ...events.map(({ payload }) => JSON.stringify(decodeSchedulingEvent(payload))),
  ].join('\n');
}

/** Lines that tell of the person of this test. */
const traces = (text: string): string[] => {
  const words = new RegExp(`(quandt |@q|352621|knee |holiday |doctor |mornings )${mark}`, 'i');
  return text.split('\n').filter((line) => words.test(line));
};

async function visit(start: string, more: object = {}): Promise<string> {
  const request = { start: at(start), durationMinutes: 30, customer: zoe, notes: `sore knee ${mark}`, ...more };
  return (await owner.book(request)).appointment!.id;
}

/** A past visit, and one that was moved and cancelled, each with words about the person. */
async function visits(): Promise<{ customerId: string; past: string; cancelled: string }> {
  const past = await visit('2027-01-12T09:00:00Z', { idempotencyKey: 'intent-1' });
  const cancelled = await visit('2027-01-13T09:00:00Z');
  await owner.reschedule({ id: cancelled, start: at('2027-01-14T09:00:00Z'), reason: `on holiday ${mark}` });
  await owner.cancel(cancelled, { reason: `another doctor ${mark}` });
  const { id: customerId } = (await owner.get(past)).appointment!.customer!;
  await owner.updateCustomer({ id: customerId, customer: zoe, notes: `prefers mornings ${mark}` });
  service.clock.set('2027-01-12T10:00:00Z');
  return { customerId, past, cancelled };
}

describe('an export', () => {
  test('holds the particulars, the notes and every appointment with its history, by start', async () => {
    const { customerId, past, cancelled } = await visits();
    const { customer, appointments } = await owner.exportCustomer(customerId);
    expect(customer).toMatchObject({ ...zoe, notes: `prefers mornings ${mark}` });
    expect(appointments.map(({ appointment }) => appointment!.id)).toEqual([past, cancelled]);
    expect(appointments[0]).toMatchObject({
      appointment: { notes: `sore knee ${mark}` },
      history: [{ action: 'booked' }],
    });
    expect(appointments[1]!.history.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'booked ',
      `rescheduled on holiday ${mark}`,
      `cancelled another doctor ${mark}`,
    ]);
  });
});

describe('an erasure', () => {
  test('leaves no trace of the person in any table or event, and every time as it was', async () => {
    const { customerId, past, cancelled } = await visits();
    const before = (await owner.get(past)).appointment!;
    expect(traces(await wholeDatabase()).length).toBeGreaterThan(10);
    expect((await owner.eraseCustomer(customerId)).erasedAppointments).toBe(2);

    expect(traces(await wholeDatabase())).toEqual([]);
    const after = (await owner.get(past)).appointment!;
    expect(after).toEqual({
      ...before,
      notes: '',
      customer: { ...before.customer!, name: '—', email: '', phone: '', timeZone: '', notes: '', version: 3 },
    });
    expect((await owner.get(cancelled)).history.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect((await owner.list({ query: mark })).appointments).toEqual([]);
  });

  test('is told to whoever keeps the name, with the appointments, and asks for the copies in the stream', async () => {
    const { customerId, past, cancelled } = await visits();
    await owner.eraseCustomer(customerId);
    const rows = await query<{ payload: Buffer }>(service.database, {
      text: 'SELECT payload FROM outbox WHERE aggregate_id = $1::uuid ORDER BY seq DESC LIMIT 1',
      values: [customerId],
    });
    expect(decodeSchedulingEvent(rows[0]!.payload).customerChanged).toEqual({
      customerId,
      mergedIntoId: '',
      erased: true,
      appointmentIds: [past, cancelled],
    });
    const asked = await query<{ events: number }>(service.database, {
      text: `SELECT count(*)::int AS events FROM stream_erasures e JOIN outbox o ON o.seq = e.outbox_seq
        WHERE o.aggregate_id = ANY ($1::uuid[])`,
      values: [[past, cancelled]],
    });
    expect(asked).toEqual([{ events: 4 }]);
  });

  test('a request of before, sent again with its key, gives the one appointment and nobody’s name', async () => {
    const { customerId, past } = await visits();
    await owner.eraseCustomer(customerId);
    service.clock.set('2027-01-11T06:00:00Z');
    const request = {
      start: at('2027-01-12T09:00:00Z'),
      durationMinutes: 30,
      customer: zoe,
      notes: `sore knee ${mark}`,
    };
    const { appointment, replayed } = await owner.book({ ...request, idempotencyKey: 'intent-1' });
    expect([replayed, appointment!.id, appointment!.customer!.name, appointment!.notes]).toEqual([true, past, '—', '']);
  });

  test('is refused while the person is expected', async () => {
    const id = await visit('2027-01-15T09:00:00Z');
    const { id: customerId } = (await owner.get(id)).appointment!.customer!;
    expect(await codeOf(owner.eraseCustomer(customerId))).toBe('CUSTOMER_HAS_APPOINTMENTS');
    expect((await owner.customer(customerId)).customer!.name).toBe(zoe.name);
    await owner.cancel(id);
    expect(await codeOf(owner.eraseCustomer(customerId))).toBe('OK');
  });

  test('afterwards nobody is there to be read, changed, joined or erased; the person can come again as somebody new', async () => {
    const { customerId } = await visits();
    const { id: other } = (await owner.createCustomer({ name: 'Other' })).customer!;
    await owner.eraseCustomer(customerId);
    for (const work of [
      owner.customer(customerId),
      owner.exportCustomer(customerId),
      owner.eraseCustomer(customerId),
      owner.updateCustomer({ id: customerId, customer: zoe }),
      owner.mergeCustomers(other, customerId),
    ])
      expect(await codeOf(work)).toBe('CUSTOMER_NOT_FOUND');
    expect((await owner.customers({ query: '—' })).customers).toEqual([]);
    const again = (await owner.get(await visit('2027-01-18T09:00:00Z'))).appointment!.customer!;
    expect(again).toMatchObject({ name: zoe.name, version: 1 });
    expect(again.id).not.toBe(customerId);
  });

  test('is for owner and admin, of this practice alone', async () => {
    const { customerId } = await visits();
    const as = (caller: Caller) =>
      Promise.all([caller.exportCustomer, caller.eraseCustomer].map((call) => codeOf(call(customerId))));
    for (const role of ['staff', 'customer'] as const)
      expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: [role] })))).toEqual([
        'NOT_PERMITTED',
        'NOT_PERMITTED',
      ]);
    expect(await as(asUser(service.scheduling, tokenFor(randomUUID())))).toEqual([
      'CUSTOMER_NOT_FOUND',
      'CUSTOMER_NOT_FOUND',
    ]);
    const admin = asUser(service.scheduling, tokenFor(organizationId, { roles: ['admin'] }));
    expect(await codeOf(admin.eraseCustomer(customerId))).toBe('OK');
  });
});
