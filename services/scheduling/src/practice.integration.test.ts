import { randomUUID } from 'node:crypto';
import { decodeSchedulingEvent, encodeCalendarSyncEvent } from '@daybook/protos/codecs';
import { fromTimestamp, toTimestamp } from '@daybook/protos/instant';
import { Secret } from '@daybook/runtime/config';
import { callUnary } from '@daybook/runtime/grpc-client';
import { query } from '@daybook/runtime/postgres';
import { FixedClock, testDatabase, testNats, until } from '@daybook/runtime/testing';
import { connect, type NatsConnection } from 'nats';
import { createDependencies } from './app/dependencies.ts';
import { removeWhatHasExpired } from './app/retention.ts';
import { seedHistory } from './app/seed-history.ts';
import {
  asUser,
  type Caller,
  everyDay,
  migrationsDirectory,
  type Scheduling,
  serviceSecret,
  startScheduling,
  tokenFor,
} from './testing/start-scheduling.ts';

const now = '2027-01-11T06:00:00Z';
const clock = new FixedClock(now);
let db: Awaited<ReturnType<typeof testDatabase>>;
let nats: Awaited<ReturnType<typeof testNats>>;
let broker: NatsConnection;
let scheduling: Scheduling;
let owner: Caller;
let organizationId: string;

beforeAll(async () => {
  db = await testDatabase({ migrations: migrationsDirectory, extensions: ['btree_gist', 'pg_trgm'] });
  nats = await testNats();
  broker = await connect({ servers: nats.url });
  scheduling = await startScheduling({ databaseUrl: db.url, natsUrl: nats.url, clock });
}, 60_000);
afterAll(async () => {
  await broker?.close();
  await scheduling?.stop();
  await nats?.close();
  await db?.drop();
});
beforeEach(async () => {
  clock.set(now);
  organizationId = randomUUID();
  owner = asUser(scheduling, tokenFor(organizationId));
  await owner.setAvailability({ timeZone: 'Europe/Luxembourg', weekly: everyDay(9 * 60, 17 * 60) });
});

const at = (text: string) => toTimestamp(new Date(text));
const iso = (timestamp: Parameters<typeof fromTimestamp>[0] | null) => fromTimestamp(timestamp!).toISOString();
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: { code: string }) => error.code,
  );
const bookAt = async (start: string, more: object = {}) =>
  (await owner.book({ start: at(start), durationMinutes: 30, customer: { name: 'Ann' }, ...more })).appointment!;

describe('availability', () => {
  test('a new practice has an empty calendar, one provider and the default type', async () => {
    const fresh = asUser(scheduling, tokenFor(randomUUID()));
    const { availability, free } = await fresh.availability({ from: at(now), to: at('2027-01-20T00:00:00Z') });
    expect(availability).toMatchObject({ version: 1, timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] });
    expect(free).toEqual([]);
    expect((await fresh.providers()).providers).toMatchObject([{ name: 'Practice', id: availability!.providerId }]);
    expect((await fresh.types()).appointmentTypes).toMatchObject([
      {
        name: 'Appointment',
        durationsMinutes: [30, 15, 45, 60],
        isDefault: true,
        horizonDays: 183,
        slotStepMinutes: 15,
      },
    ]);
  });

  test('replacing moves nothing and answers what the new hours leave outside; the same again is no change', async () => {
    const kept = await bookAt('2027-01-12T09:00:00Z');
    const outside = await bookAt('2027-01-13T14:00:00Z');
    const rules = { timeZone: 'Europe/Luxembourg', weekly: everyDay(9 * 60, 12 * 60) };
    const answer = await owner.setAvailability({ ...rules, expectedVersion: 2 });
    expect(answer.availability!.version).toBe(3);
    expect(answer.outsideNewHours.map((item) => item.id)).toEqual([outside.id]);
    expect((await owner.get(outside.id)).appointment).toEqual(outside);
    expect((await owner.get(kept.id)).appointment!.version).toBe(1);
    expect((await owner.setAvailability(rules)).availability!.version).toBe(3);
    expect(await codeOf(owner.setAvailability({ ...rules, expectedVersion: 2 }))).toBe('VERSION_CONFLICT');
    expect(await codeOf(bookAt('2027-01-13T14:30:00Z'))).toBe('OUTSIDE_AVAILABILITY');
  });

  test('a rule set with any fault is refused whole, naming each', async () => {
    const faulty = {
      timeZone: 'Mars/Olympus',
      weekly: [{ weekday: 8, startMinute: 60, endMinute: 30 }, ...everyDay(0, 60), ...everyDay(30, 90)],
      overrides: [
        { date: '2027-02-30', endDate: '', intervals: [] },
        { date: '2027-03-01', endDate: '2027-03-05', intervals: [] },
        { date: '2027-03-05', endDate: '2027-03-06', intervals: [{ startMinute: 0, endMinute: 1441 }] },
      ],
    };
    const error = (await owner.setAvailability(faulty).catch((fault: unknown) => fault)) as {
      context: { errors: { pointer: string }[] };
    };
    const pointers = error.context.errors.map((fault) => fault.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining([
        '/timeZone',
        '/weekly/0/day',
        '/weekly/0/end',
        '/overrides/0/date',
        '/overrides/2/date',
        '/overrides/2/intervals/0/end',
      ]),
    );
    expect((await owner.availability()).availability!.version).toBe(2);
  });

  test('on the day clocks go forward the missing hour is offered to nobody; a night shift may be crossed', async () => {
    clock.set('2027-03-26T00:00:00Z');
    await owner.setAvailability({ timeZone: 'Europe/Luxembourg', weekly: everyDay(0, 24 * 60) });
    const { starts } = await owner.slots({
      durationMinutes: 60,
      from: at('2027-03-28T00:00:00Z'),
      to: at('2027-03-28T03:00:00Z'),
    });
    const local = starts.map((start) =>
      new Date(iso(start)).toLocaleTimeString('de', { timeZone: 'Europe/Luxembourg', timeStyle: 'short' }),
    );
    expect(local).toEqual([
      '01:00',
      '01:15',
      '01:30',
      '01:45',
      '03:00',
      '03:15',
      '03:30',
      '03:45',
      '04:00',
      '04:15',
      '04:30',
      '04:45',
    ]);
    await bookAt('2027-03-27T22:45:00Z', { durationMinutes: 60 });
  });

  test('slots count the appointment that is to move as free, and 62 days are the most', async () => {
    const { id } = await bookAt('2027-01-12T09:00:00Z');
    const range = { durationMinutes: 30, from: at('2027-01-12T08:45:00Z'), to: at('2027-01-12T09:30:00Z') };
    expect((await owner.slots(range)).starts.map(iso)).toEqual([]);
    expect((await owner.slots({ ...range, rescheduleAppointmentId: id })).starts.map(iso)).toEqual([
      '2027-01-12T08:45:00.000Z',
      '2027-01-12T09:00:00.000Z',
      '2027-01-12T09:15:00.000Z',
    ]);
    expect(await codeOf(owner.slots({ from: at(now), to: at('2027-03-15T06:00:00Z') }))).toBe('RANGE_TOO_LONG');
  });
});

describe('lists', () => {
  test('filters by overlap, status, provider, customer and words; wildcards are letters', async () => {
    const a = await bookAt('2027-01-12T09:00:00Z', { customer: { name: 'Zoë 100%', email: 'zoe@example.com' } });
    const b = await bookAt('2027-01-12T10:00:00Z', { notes: 'left knee' });
    const c = await bookAt('2027-01-13T09:00:00Z', { customer: { name: 'Cid' } });
    await owner.cancel(b.id);
    const ids = async (request: object) => (await owner.list(request)).appointments.map((item) => item.id);
    expect(await ids({})).toEqual([a.id, b.id, c.id]);
    expect(await ids({ from: at('2027-01-12T09:30:00Z'), to: at('2027-01-13T09:00:00Z') })).toEqual([b.id]);
    expect(await ids({ from: at('2027-01-12T09:29:00Z'), to: at('2027-01-13T09:01:00Z') })).toEqual([a.id, b.id, c.id]);
    expect(await ids({ statuses: ['APPOINTMENT_STATUS_SCHEDULED'] })).toEqual([a.id, c.id]);
    expect(await ids({ query: 'zoe 100%' })).toEqual([a.id]);
    expect(await ids({ query: '%' })).toEqual([a.id]);
    expect(await ids({ query: 'KNEE left' })).toEqual([b.id]);
    expect(await ids({ customerId: c.customer!.id })).toEqual([c.id]);
    expect(await ids({ providerIds: [randomUUID()] })).toEqual([]);
    for (const cursor of [
      'x',
      Buffer.from('["a",1]').toString('base64url'),
      Buffer.from('[1e300,"x"]').toString('base64url'),
    ]) {
      expect(await codeOf(owner.list({ cursor }))).toBe('VALIDATION_FAILED');
    }
    expect(await codeOf(owner.list({ limit: 201 }))).toBe('VALIDATION_FAILED');
  });

  test('another organisation sees and changes nothing of ours', async () => {
    const { id, customer, providerId, appointmentType } = await bookAt('2027-01-12T09:00:00Z');
    const { block } = await owner.block({ start: at('2027-01-12T12:00:00Z'), end: at('2027-01-12T13:00:00Z') });
    const stranger = asUser(scheduling, tokenFor(randomUUID()));
    expect((await stranger.list()).appointments).toEqual([]);
    expect((await stranger.customers()).customers).toEqual([]);
    expect((await stranger.blocks({ from: at(now), to: at('2027-02-01T00:00:00Z') })).blocks).toEqual([]);
    expect((await stranger.list({ customerId: customer!.id })).appointments).toEqual([]);
    expect(await codeOf(stranger.get(id))).toBe('APPOINTMENT_NOT_FOUND');
    expect(await codeOf(stranger.cancel(id))).toBe('APPOINTMENT_NOT_FOUND');
    expect(await codeOf(stranger.update({ id, notes: 'x' }))).toBe('APPOINTMENT_NOT_FOUND');
    expect(await codeOf(stranger.unblock(block!.id))).toBe('BLOCK_NOT_FOUND');
    expect(await codeOf(stranger.availability({ providerId }))).toBe('PROVIDER_NOT_FOUND');
    const theirs = { start: at('2027-01-12T09:00:00Z'), customer: { name: 'X' }, override: true };
    expect(await codeOf(stranger.book({ ...theirs, providerId }))).toBe('PROVIDER_NOT_FOUND');
    expect(await codeOf(stranger.book({ ...theirs, appointmentTypeId: appointmentType!.id }))).toBe(
      'APPOINTMENT_TYPE_NOT_FOUND',
    );
    expect(await codeOf(stranger.updateType({ ...appointmentType, name: 'Mine' }))).toBe('APPOINTMENT_TYPE_NOT_FOUND');
    expect(await codeOf(stranger.book(theirs))).toBe('OK');
  });

  test('types: the default stays, short names are unique, versions are checked, archived ones are not bookable', async () => {
    const [standard] = (await owner.types()).appointmentTypes;
    expect(await codeOf(owner.updateType({ ...standard, archived: true }))).toBe('DEFAULT_TYPE_REQUIRED');
    const input = { ...standard, name: 'Café visit', slug: '', durationsMinutes: [20] };
    const made = (await owner.createType(input)).appointmentType!;
    expect(made).toMatchObject({ slug: 'cafe-visit', isDefault: false, version: 1 });
    expect(await codeOf(owner.createType(input))).toBe('SLUG_TAKEN');
    expect(await codeOf(owner.updateType({ ...made, archived: true }, 9))).toBe('VERSION_CONFLICT');
    expect((await owner.updateType({ ...made, archived: true }, 1)).appointmentType!.version).toBe(2);
    expect(await codeOf(bookAt('2027-01-12T09:00:00Z', { appointmentTypeId: made.id, durationMinutes: 20 }))).toBe(
      'APPOINTMENT_TYPE_NOT_FOUND',
    );
    expect((await owner.types()).appointmentTypes).toHaveLength(1);
  });

  test('a customer login may not list, read others or override', async () => {
    const { id } = await bookAt('2027-01-12T09:00:00Z');
    const guest = asUser(scheduling, tokenFor(organizationId, { roles: ['customer'] }));
    expect(await codeOf(guest.list())).toBe('NOT_PERMITTED');
    expect(await codeOf(guest.customers())).toBe('NOT_PERMITTED');
    expect(await codeOf(guest.get(id))).toBe('APPOINTMENT_NOT_FOUND');
    const wish = { durationMinutes: 30, customer: { name: 'Guest' } };
    expect(await codeOf(guest.book({ ...wish, start: at('2027-01-12T10:07:00Z') }))).toBe('START_NOT_ALIGNED');
    expect(await codeOf(guest.book({ ...wish, start: at('2027-01-12T10:15:00Z'), override: true }))).toBe(
      'NOT_PERMITTED',
    );
    const taken = await guest.book({ ...wish, start: at('2027-01-12T09:00:00Z') }).catch((error: unknown) => error);
    expect(taken).toMatchObject({ code: 'SLOT_TAKEN', context: { conflict: { kind: 'appointment' } } });
    expect(JSON.stringify(taken)).not.toContain('Ann');
    expect(await codeOf(guest.book({ ...wish, start: at('2027-01-12T10:15:00Z') }))).toBe('OK');
  });
});

describe('messages', () => {
  test('a booking reaches the stream as its whole state, and the backstop tells the same to services only', async () => {
    const booked = await bookAt('2027-01-12T09:00:00Z');
    const stream = await broker.jetstreamManager();
    const message = await until(
      async () => {
        const found = await stream.streams.getMessage('DAYBOOK_SCHEDULING', {
          last_by_subj: 'daybook.scheduling.v1.appointment.booked',
        });
        return decodeSchedulingEvent(found.data).aggregateId === booked.id && found;
      },
      { what: 'the event on the stream' },
    );
    const event = decodeSchedulingEvent(message.data);
    const { sync: _sync, ...state } = booked;
    expect(event).toMatchObject({ aggregateVersion: 1, organizationId, appointmentBooked: { appointment: state } });
    const serviceCredential = { name: 'calcom-sync', secret: serviceSecret };
    const changes = await callUnary(
      scheduling.client,
      'listChangesSince',
      { limit: 500 },
      { deadlineMs: 5_000, serviceCredential },
    );
    const told = changes.changes.map((change) => decodeSchedulingEvent(change.event));
    expect(told.filter((item) => item.aggregateId === booked.id)).toEqual([event]);
    const bearer = tokenFor(organizationId);
    const wrong = { name: 'calcom-sync', secret: new Secret('not the secret at all') };
    expect(await codeOf(callUnary(scheduling.client, 'listChangesSince', {}, { deadlineMs: 5_000, bearer }))).not.toBe(
      'OK',
    );
    expect(
      await codeOf(
        callUnary(scheduling.client, 'listChangesSince', {}, { deadlineMs: 5_000, serviceCredential: wrong }),
      ),
    ).toBe('SESSION_INVALID');
  });

  test('the mark follows calendar sync: in step only when what is recorded equals what stands here', async () => {
    const booked = await bookAt('2027-01-12T09:00:00Z');
    const mark = async () => (await owner.get(booked.id)).appointment!.sync!;
    expect((await mark()).state).toBe('SYNC_STATE_WAITING');
    const tell = (aggregateVersion: number, change: object) =>
      publish({
        organizationId,
        aggregateId: booked.id,
        aggregateVersion,
        appointmentSyncChanged: { appointmentId: booked.id, target: 'calcom', ...change },
      });
    const right = {
      appointmentVersion: 1,
      state: 'SYNC_STATE_IN_STEP',
      externalUid: 'uid-1',
      start: booked.start,
      durationMinutes: 30,
      syncedAt: at(now),
    };
    await tell(2, { ...right, durationMinutes: 45 });
    await until(async () => (await mark()).externalUid === 'uid-1', { what: 'the first report' });
    expect((await mark()).state).toBe('SYNC_STATE_WAITING');
    await tell(3, right);
    await until(async () => (await mark()).state === 'SYNC_STATE_IN_STEP', { what: 'in step' });
    await tell(1, { ...right, state: 'SYNC_STATE_FAILED', lastError: 'old news' });
    await tell(4, { ...right, externalUid: 'uid-2' });
    await until(async () => (await mark()).externalUid === 'uid-2', { what: 'the later report' });
    expect(await mark()).toMatchObject({ state: 'SYNC_STATE_IN_STEP', lastError: '' });
    expect((await owner.list()).appointments[0]!.sync!.state).toBe('SYNC_STATE_IN_STEP');
    await owner.reschedule({ id: booked.id, start: at('2027-01-12T10:00:00Z') });
    expect((await mark()).state).toBe('SYNC_STATE_WAITING');
    const connectionId = randomUUID();
    await publish({
      organizationId,
      aggregateId: connectionId,
      aggregateVersion: 1,
      connectionChanged: { connection: { id: connectionId, organizationId, state: 'CONNECTION_STATE_OFF' } },
    });
    await until(async () => (await mark()).state === 'SYNC_STATE_OFF', { what: 'off' });
  });

  async function publish(event: Parameters<typeof encodeCalendarSyncEvent>[0]): Promise<void> {
    const data = encodeCalendarSyncEvent({ ...event, eventId: randomUUID(), occurredAt: at(now) });
    await until(async () => broker.jetstream().publish('daybook.calendarsync.v1.appointment.synced', data), {
      what: 'the stream of calendar sync',
    });
  }

  test('every change has exactly one event, versions run without gaps, and refusals leave none', async () => {
    const { id } = await bookAt('2027-01-12T09:00:00Z');
    await codeOf(bookAt('2027-01-12T09:00:00Z'));
    await codeOf(owner.reschedule({ id, start: at('2027-01-12T03:00:00Z') }));
    await owner.reschedule({ id, start: at('2027-01-12T10:00:00Z') });
    await owner.update({ id, notes: 'n' });
    await owner.cancel(id);
    await owner.cancel(id);
    const rows = await query<{ id: string; versions: number[]; history: number[] | null }>(db.database, {
      text: `SELECT o.aggregate_id AS id, array_agg(o.aggregate_version ORDER BY o.seq) AS versions,
        (SELECT array_agg(h.version ORDER BY h.version) FROM appointment_history h WHERE h.appointment_id = o.aggregate_id) AS history
        FROM outbox o GROUP BY o.aggregate_id`,
    });
    for (const row of rows) expect(row.versions).toEqual(row.versions.map((_, index) => index + 1));
    expect(rows.find((row) => row.id === id)).toMatchObject({ versions: [1, 2, 3, 4], history: [1, 2, 3, 4] });
  });
});

test('history is seeded once, without events, and not into a practice with a book of its own', async () => {
  const settings = { defaultTimeZone: 'Europe/Luxembourg', defaultCountry: 'LU', syncTargetEnabled: true };
  const deps = createDependencies({ database: db.database, clock, settings });
  const past = ['completed', 'no_show', 'cancelled'].map((status, index) => ({
    customer: { name: `Past ${index}`, email: '', phone: '', timeZone: '' },
    start: Date.parse('2027-01-04T09:00:00Z') + index * 3_600_000,
    durationMinutes: 30,
    status: status as 'completed' | 'no_show' | 'cancelled',
    notes: '',
  }));
  const demo = randomUUID();
  expect(await seedHistory(deps, demo, past)).toBe(3);
  const reader = asUser(scheduling, tokenFor(demo));
  const { appointments } = await reader.list();
  expect(appointments.map((item) => [item.status, item.sync!.state, item.version])).toEqual([
    ['APPOINTMENT_STATUS_COMPLETED', 'SYNC_STATE_OFF', 2],
    ['APPOINTMENT_STATUS_NO_SHOW', 'SYNC_STATE_OFF', 2],
    ['APPOINTMENT_STATUS_CANCELLED', 'SYNC_STATE_OFF', 2],
  ]);
  const events = await query(db.database, {
    text: 'SELECT 1 FROM outbox WHERE aggregate_id = ANY ($1::uuid[])',
    values: [appointments.map((item) => item.id)],
  });
  expect(events).toEqual([]);
  expect(await codeOf(reader.cancel(appointments[0]!.id))).toBe('APPOINTMENT_NOT_CHANGEABLE');
  await bookAt('2027-01-12T09:00:00Z');
  expect(await codeOf(seedHistory(deps, organizationId, past))).toBe('VALIDATION_FAILED');
});

test('keys older than two days and expired holds go, younger ones stay', async () => {
  await bookAt('2027-01-12T09:00:00Z', { idempotencyKey: 'young' });
  await bookAt('2027-01-12T10:00:00Z', { idempotencyKey: 'old' });
  await query(db.database, {
    text: `UPDATE idempotency_keys SET created_at = now() - interval '49 hours' WHERE key = 'old'`,
  });
  expect((await removeWhatHasExpired({ database: db.database })).keys).toBe(1);
  const left = await query(db.database, { text: `SELECT 1 FROM idempotency_keys WHERE key = 'young'` });
  expect(left).toHaveLength(1);
});
