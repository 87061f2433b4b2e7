import { randomUUID } from 'node:crypto';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { query } from '@daybook/runtime/postgres';
import { asUser, type Caller, tokenFor } from './testing/start-scheduling.ts';
import { at, iso, serviceUnderTest } from './testing/service-under-test.ts';

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

const errorOf = async (work: Promise<unknown>) =>
  (await work.then(
    () => ({ code: 'OK' }),
    (error: unknown) => error,
  )) as { code: string; context: Record<string, unknown> & { errors?: { pointer: string }[] } };
const codeOf = async (work: Promise<unknown>) => (await errorOf(work)).code;
const bookFor = async (customer: object, start: string) =>
  (await owner.book({ start: at(start), durationMinutes: 30, customer: customer })).appointment!;
const ann = { name: 'Ann', email: 'ann@example.com', phone: '621 123 456' };
const told = async (id: string) => {
  const rows = await query<{ payload: Buffer }>(service.database, {
    text: 'SELECT payload FROM outbox WHERE aggregate_id = $1::uuid ORDER BY seq',
    values: [id],
  });
  return rows.map((row) => decodeSchedulingEvent(row.payload));
};

describe('a customer', () => {
  test('is made, read, changed with a version, and told of without particulars', async () => {
    const { customer } = await owner.createCustomer(ann, 'likes mornings');
    const { id } = customer!;
    expect(customer).toMatchObject({ ...ann, phone: '+352621123456', notes: 'likes mornings', version: 1 });
    const changed = await owner.updateCustomer({ id, customer: { name: 'Anna' }, notes: '', expectedVersion: 1 });
    expect(changed.customer).toMatchObject({ name: 'Anna', email: '', phone: '', notes: '', version: 2 });
    expect((await owner.updateCustomer({ id, customer: { name: 'Anna' } })).customer!.version).toBe(2);
    expect(await codeOf(owner.updateCustomer({ id, customer: ann, expectedVersion: 1 }))).toBe('VERSION_CONFLICT');
    expect((await owner.customer(id)).customer).toEqual(changed.customer);
    const events = await told(id);
    expect(events.map((event) => [event.aggregateVersion, event.customerChanged?.mergedIntoId])).toEqual([
      [1, ''],
      [2, ''],
    ]);
    expect(JSON.stringify(events)).not.toContain('Ann');
    expect((await owner.book({ start: at('2027-01-12T09:00:00Z'), customer: { name: 'B', phone: '' } })).appointment);
  });

  test('whose e-mail address or phone is known is refused, naming the known one', async () => {
    const { id } = (await owner.createCustomer(ann)).customer!;
    const refused = await errorOf(owner.createCustomer({ name: 'A', email: 'ANN@example.com' }));
    expect([refused.code, refused.context['customerId']]).toEqual(['CUSTOMER_EXISTS', id]);
    expect(await codeOf(owner.createCustomer({ name: 'A', phone: '+352 621 123 456' }))).toBe('CUSTOMER_EXISTS');
    expect(await codeOf(owner.createCustomer({ name: 'Ann' }))).toBe('OK');
    const other = (await owner.createCustomer({ name: 'Bob', email: 'bob@example.com' })).customer!;
    const taken = await errorOf(owner.updateCustomer({ id: other.id, customer: { ...ann, name: 'Bob' } }));
    expect([taken.code, taken.context['customerId']]).toEqual(['CUSTOMER_EXISTS', id]);
    const racing = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(owner.createCustomer({ name: 'C', email: 'c@example.com' }))),
    );
    expect(racing.filter((code) => code === 'OK')).toHaveLength(1);
    expect(new Set(racing)).toEqual(new Set(['OK', 'CUSTOMER_EXISTS']));
  });

  test('with wrong particulars is refused by pointers of its own', async () => {
    const wrong = { name: ' ', email: 'nobody', phone: 'call me', timeZone: 'Mars/Olympus' };
    const { code, context } = await errorOf(owner.createCustomer(wrong));
    expect([code, context.errors!.map((fault) => fault.pointer)]).toEqual([
      'VALIDATION_FAILED',
      ['/name', '/email', '/phone', '/timeZone'],
    ]);
    expect(await codeOf(owner.createCustomer(ann, 'x'.repeat(5001)))).toBe('VALIDATION_FAILED');
    expect(await codeOf(owner.createCustomer({ ...ann, email: 'a\u0000b@example.com' }))).toBe('VALIDATION_FAILED');
  });

  test('is summed up from the appointments, in the list as on the page', async () => {
    const first = await bookFor(ann, '2027-01-11T09:00:00Z');
    const { id } = first.customer!;
    const missed = await bookFor(ann, '2027-01-11T10:00:00Z');
    const cancelled = await bookFor(ann, '2027-01-13T09:00:00Z');
    const next = await bookFor(ann, '2027-01-14T09:00:00Z');
    await bookFor(ann, '2027-01-15T09:00:00Z');
    await owner.cancel(cancelled.id);
    clock.set('2027-01-12T06:00:00Z');
    await owner.attend(first.id, 'ATTENDANCE_COMPLETED');
    await owner.attend(missed.id, 'ATTENDANCE_NO_SHOW');
    await owner.createCustomer({ name: 'Zoe' });
    const { summary } = await owner.customer(id);
    expect(summary).toMatchObject({ appointmentCount: 4, noShowCount: 1, cancelledCount: 1 });
    expect([iso(summary!.nextStart), iso(summary!.lastStart)]).toEqual([iso(next.start), iso(first.start)]);
    expect(summary!.lastAppointmentTypeId).toBe(first.appointmentType!.id);
    const list = await owner.customers();
    expect(list.customers.map((customer) => customer.name)).toEqual(['Ann', 'Zoe']);
    expect(list.summaries[0]).toEqual(summary);
    expect(list.summaries[1]).toMatchObject({ appointmentCount: 0, nextStart: null, lastAppointmentTypeId: '' });
  });

  test('shows who may be the same person', async () => {
    const { id } = (await owner.createCustomer(ann)).customer!;
    const namesake = (await owner.createCustomer({ name: 'ANN' })).customer!;
    const family = (await owner.createCustomer({ name: 'Ben', email: 'ben@example.com', phone: ann.phone })).customer!;
    await owner.createCustomer({ name: 'Carl' });
    const { possibleDuplicates } = await owner.customer(id);
    expect(possibleDuplicates.map((other) => other.id)).toEqual([namesake.id, family.id]);
  });

  test('changed shows on their appointments and is found by the new name', async () => {
    const appointment = await bookFor(ann, '2027-01-12T09:00:00Z');
    await owner.updateCustomer({ id: appointment.customer!.id, customer: { ...ann, name: 'Anouk' } });
    expect((await owner.get(appointment.id)).appointment).toMatchObject({ version: 1, customer: { name: 'Anouk' } });
    expect((await owner.list({ query: 'anouk' })).appointments).toHaveLength(1);
  });
});

describe('a list of customers', () => {
  const names = [
    'Émile',
    'emil',
    'Emily',
    'EMILE ZOLA',
    'Tom Emile',
    'Ben',
    'Zoé Emilenko',
    'Ann-Emile',
    'Émilie',
    'Emil 100%',
    'emil_x',
  ];
  const fold = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const modelOf = (words: string) => {
    const folded = fold(words);
    const matching = names.filter((name) => folded.split(' ').every((word) => fold(name).includes(word)));
    const inOrder = matching.toSorted((a, b) => (fold(a) < fold(b) ? -1 : 1));
    return [
      ...inOrder.filter((n) => fold(n).startsWith(folded)),
      ...inOrder.filter((n) => !fold(n).startsWith(folded)),
    ];
  };

  test('has names that begin with the words first, whatever their accents, and loses nobody between its pages', async () => {
    for (const name of names) await owner.createCustomer({ name });
    for (const words of ['', 'e', 'emil', 'Émile', 'emile zola', 'zola emile', '%', '_', '100%', 'nobody']) {
      for (const limit of [1, 3, 50]) {
        const seen: string[] = [];
        let cursor = '';
        do {
          const page = await owner.customers({ query: words, limit, cursor });
          seen.push(...page.customers.map((customer) => customer.name));
          cursor = page.nextCursor;
        } while (cursor !== '');
        expect({ words, limit, seen }).toEqual({ words, limit, seen: modelOf(words) });
      }
    }
    expect(await codeOf(owner.customers({ cursor: 'not-one-of-ours' }))).toBe('VALIDATION_FAILED');
  });
});

describe('two customers who are one person', () => {
  test('become one: nothing is lost, what is to come is told', async () => {
    const past = await bookFor({ name: 'Ann', phone: '621 111 111' }, '2027-01-11T09:00:00Z');
    const coming = await bookFor({ name: 'Ann', phone: '621 111 111' }, '2027-01-13T09:00:00Z');
    const other = coming.customer!;
    await owner.updateCustomer({
      id: other.id,
      customer: { name: 'Ann', phone: '621 111 111', email: 'ann@example.com', timeZone: 'Europe/Paris' },
      notes: 'second notes',
    });
    const kept = (await owner.createCustomer({ name: 'Ann Other' }, 'first notes')).customer!;
    clock.set('2027-01-12T06:00:00Z');
    const { customer, movedAppointments } = await owner.mergeCustomers(kept.id, other.id);
    expect(movedAppointments).toBe(2);
    expect(customer).toMatchObject({
      id: kept.id,
      name: 'Ann Other',
      email: 'ann@example.com',
      phone: '+352621111111',
      timeZone: 'Europe/Paris',
      notes: 'first notes\n\nsecond notes',
      version: 2,
    });
    expect(await codeOf(owner.customer(other.id))).toBe('CUSTOMER_NOT_FOUND');
    expect(await codeOf(owner.mergeCustomers(kept.id, other.id))).toBe('CUSTOMER_NOT_FOUND');
    expect((await owner.get(past.id)).appointment).toMatchObject({ version: 1, customer: { id: kept.id } });
    const after = await owner.get(coming.id);
    expect(after.appointment).toMatchObject({ version: 2, start: coming.start, customer: { id: kept.id, version: 2 } });
    expect(after.history.map((entry) => entry.action)).toEqual(['booked', 'changed']);
    expect((await told(coming.id)).at(-1)!.appointmentChanged!.appointment).toMatchObject({
      version: 2,
      customer: { id: kept.id, email: 'ann@example.com' },
    });
    expect((await told(other.id)).at(-1)).toMatchObject({
      aggregateVersion: 3,
      customerChanged: { mergedIntoId: kept.id },
    });
    expect((await owner.list({ customerId: kept.id })).appointments).toHaveLength(2);
    expect((await owner.list({ query: 'ann other' })).appointments).toHaveLength(2);
    await owner.cancel(coming.id, { expectedVersion: 2 });
  });

  test('cannot be joined with themselves or across practices', async () => {
    const { id } = (await owner.createCustomer(ann)).customer!;
    expect(await codeOf(owner.mergeCustomers(id, id))).toBe('VALIDATION_FAILED');
    const stranger = asUser(service.scheduling, tokenFor(randomUUID()));
    const theirs = (await stranger.createCustomer({ name: 'Theirs' })).customer!;
    expect(await codeOf(owner.mergeCustomers(id, theirs.id))).toBe('CUSTOMER_NOT_FOUND');
    expect(await codeOf(owner.mergeCustomers(theirs.id, id))).toBe('CUSTOMER_NOT_FOUND');
    expect((await stranger.customer(theirs.id)).customer!.version).toBe(1);
    expect((await owner.customer(id)).customer!.version).toBe(1);
  });

  test('while both are being booked: every booking ends with the one that stays', async () => {
    const kept = (await owner.createCustomer({ name: 'K', email: 'k@example.com' })).customer!;
    const other = (await owner.createCustomer({ name: 'O', phone: '621 222 222' })).customer!;
    const times = Array.from(
      { length: 12 },
      (_, index) => `2027-01-13T${String(8 + Math.floor(index / 2)).padStart(2, '0')}:${index % 2 ? '30' : '00'}:00Z`,
    );
    const outcomes = await Promise.all([
      ...times.map((start) => codeOf(bookFor({ name: 'O', phone: '621 222 222' }, start))),
      codeOf(owner.mergeCustomers(kept.id, other.id)),
    ]);
    expect(new Set(outcomes)).toEqual(new Set(['OK']));
    const { appointments } = await owner.list();
    expect(appointments).toHaveLength(12);
    expect(new Set(appointments.map((appointment) => appointment.customer!.id))).toEqual(new Set([kept.id]));
  });
});

test('staff keep the customers but do not join them; customers and other practices see nothing', async () => {
  const { id } = (await owner.createCustomer(ann)).customer!;
  const second = (await owner.createCustomer({ name: 'Second' })).customer!;
  const as = (role: 'admin' | 'staff' | 'customer') =>
    asUser(service.scheduling, tokenFor(organizationId, { roles: [role] }));
  expect(await codeOf(as('staff').customer(id))).toBe('OK');
  expect(await codeOf(as('staff').createCustomer({ name: 'New' }))).toBe('OK');
  expect(await codeOf(as('staff').updateCustomer({ id, customer: ann }))).toBe('OK');
  expect(await codeOf(as('staff').mergeCustomers(id, second.id))).toBe('NOT_PERMITTED');
  for (const call of [
    as('customer').customer(id),
    as('customer').createCustomer({ name: 'New' }),
    as('customer').updateCustomer({ id, customer: ann }),
    as('customer').mergeCustomers(id, second.id),
  ]) {
    expect(await codeOf(call)).toBe('NOT_PERMITTED');
  }
  const stranger = asUser(service.scheduling, tokenFor(randomUUID()));
  expect(await codeOf(stranger.customer(id))).toBe('CUSTOMER_NOT_FOUND');
  expect(await codeOf(stranger.updateCustomer({ id, customer: ann }))).toBe('CUSTOMER_NOT_FOUND');
  expect(await codeOf(stranger.createCustomer(ann))).toBe('OK');
  expect(await codeOf(as('admin').mergeCustomers(id, second.id))).toBe('OK');
});

describe('the practice’s particulars', () => {
  test('start empty, are replaced whole with a version, and the same again is no change', async () => {
    const { practice } = await owner.practice();
    expect(practice).toMatchObject({ name: 'Practice', country: '', weekStart: 0, guideStepsDone: [], version: 1 });
    const wanted = {
      name: 'Dr Ada',
      country: 'FR',
      weekStart: 7,
      hourCycle: 12,
      language: 'fr',
      secondTimeZone: 'America/New_York',
      guideStepsDone: ['type', 'hours'],
    };
    const stored = (await owner.updatePractice(wanted, 1)).practice!;
    expect(stored).toMatchObject({ ...wanted, guideStepsDone: ['hours', 'type'], version: 2, organizationId });
    expect((await owner.updatePractice(wanted)).practice!.version).toBe(2);
    expect(await codeOf(owner.updatePractice(wanted, 1))).toBe('VERSION_CONFLICT');
    expect((await owner.practice()).practice).toEqual(stored);
    expect(await told(organizationId)).toMatchObject([{ payload: 'practiceChanged', aggregateVersion: 2 }]);
  });

  test('the country says how national phone numbers are read, everywhere', async () => {
    await owner.updatePractice({ name: 'P', country: 'FR' });
    const phone = '06 12 34 56 78';
    expect((await owner.createCustomer({ name: 'A', phone })).customer!.phone).toBe('+33612345678');
    const booked = await bookFor({ name: 'B', phone }, '2027-01-12T09:00:00Z');
    expect(booked.customer!.phone).toBe('+33612345678');
  });

  test('with any fault are refused whole, naming each', async () => {
    const wrong = {
      name: '',
      country: 'france',
      weekStart: 8,
      hourCycle: 10,
      language: 'français',
      secondTimeZone: '+02:00',
      guideStepsDone: ['nothing'],
    };
    const { context } = await errorOf(owner.updatePractice(wanted(wrong)));
    expect(context.errors!.map((fault) => fault.pointer)).toEqual([
      '/name',
      '/country',
      '/weekStart',
      '/hourCycle',
      '/language',
      '/secondTimeZone',
      '/guideStepsDone/0',
    ]);
    expect((await owner.practice()).practice!.version).toBe(1);
  });

  const wanted = (value: object): object => value;

  test('name the newest proven restore', async () => {
    const prove = (provedAt: string) =>
      query(service.database, {
        text: `INSERT INTO restore_proofs (proved_at, backup_taken_at, rows, details)
          VALUES ($1::timestamptz, $1::timestamptz, 1, '{}')`,
        values: [provedAt],
      });
    expect((await owner.practice()).practice!.lastProvenRestoreAt).toBeNull();
    await prove('2027-01-10T03:00:00Z');
    await prove('2027-01-09T03:00:00Z');
    expect(iso((await owner.practice()).practice!.lastProvenRestoreAt)).toBe('2027-01-10T03:00:00.000Z');
  });

  test('everybody of the practice may read them, owner and admin change them', async () => {
    const as = (role: 'admin' | 'staff' | 'customer') =>
      asUser(service.scheduling, tokenFor(organizationId, { roles: [role] }));
    expect(await codeOf(as('customer').practice())).toBe('OK');
    expect(await codeOf(as('customer').updatePractice({ name: 'X' }))).toBe('NOT_PERMITTED');
    expect(await codeOf(as('staff').updatePractice({ name: 'X' }))).toBe('NOT_PERMITTED');
    expect(await codeOf(as('admin').updatePractice({ name: 'X' }))).toBe('OK');
    const stranger = asUser(service.scheduling, tokenFor(randomUUID()));
    expect((await stranger.practice()).practice!.name).toBe('Practice');
  });
});

describe('blocked time that changes', () => {
  const block = async (start: string, end: string, title = 'Lunch') =>
    (await owner.block({ start: at(start), end: at(end), title })).block!;

  test('moves, grows over its own old time, is renamed, and is told with versions up to its end', async () => {
    const { id } = await block('2027-01-12T11:00:00Z', '2027-01-12T12:00:00Z');
    const changed = await owner.updateBlock({
      id,
      start: at('2027-01-12T11:30:00Z'),
      end: at('2027-01-12T13:00:00Z'),
      title: ' Long lunch ',
    });
    expect(changed.block).toMatchObject({ id, title: 'Long lunch', start: at('2027-01-12T11:30:00Z') });
    await owner.updateBlock({ ...changed.block, title: 'Long lunch' });
    expect(await codeOf(bookFor(ann, '2027-01-12T11:00:00Z'))).toBe('OK');
    expect(await codeOf(bookFor(ann, '2027-01-12T12:30:00Z'))).toBe('SLOT_TAKEN');
    await owner.unblock(id);
    expect((await told(id)).map((event) => [event.payload, event.aggregateVersion])).toEqual([
      ['blockCreated', 1],
      ['blockChanged', 2],
      ['blockDeleted', 3],
    ]);
  });

  test('is refused where somebody stands, and names them, not itself', async () => {
    const appointment = await bookFor(ann, '2027-01-12T12:00:00Z');
    const { id } = await block('2027-01-12T11:00:00Z', '2027-01-12T12:00:00Z');
    const wish = { id, start: at('2027-01-12T11:30:00Z'), end: at('2027-01-12T12:30:00Z'), title: '' };
    const refused = await errorOf(owner.updateBlock(wish));
    expect(refused).toMatchObject({ code: 'SLOT_TAKEN', context: { conflict: { id: appointment.id } } });
    const { blocks } = await owner.blocks({ from: at(now), to: at('2027-02-01T00:00:00Z') });
    expect(blocks).toMatchObject([{ id, title: 'Lunch', end: at('2027-01-12T12:00:00Z') }]);
  });

  test('needs the right practice, role and form', async () => {
    const { id, start, end } = await block('2027-01-12T11:00:00Z', '2027-01-12T12:00:00Z');
    const as = (caller: Caller, more: object = {}) =>
      codeOf(caller.updateBlock({ id, start, end, title: 'X', ...more }));
    expect(await as(asUser(service.scheduling, tokenFor(randomUUID())))).toBe('BLOCK_NOT_FOUND');
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['customer'] })))).toBe(
      'NOT_PERMITTED',
    );
    expect(await as(owner, { end: start })).toBe('VALIDATION_FAILED');
    expect(await as(owner, { start: null })).toBe('VALIDATION_FAILED');
    expect(await as(owner, { id: randomUUID() })).toBe('BLOCK_NOT_FOUND');
    expect(await as(asUser(service.scheduling, tokenFor(organizationId, { roles: ['staff'] })))).toBe('OK');
  });
});
