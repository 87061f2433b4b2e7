import { until } from '@daybook/runtime/testing';
import type { Appointment } from '@daybook/http-contract/appointments';
import type { Availability } from '@daybook/http-contract/availability';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from './support/api-client.ts';
import { activeBookings, readSandbox } from './support/sandbox-state.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(120_000);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack());
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
});
afterAll(async () => stopAndRemove?.());

const inStep = (id: string, version: number): Promise<Appointment> =>
  until(
    async () => {
      const { body } = await api.appointment(id);
      return body.version === version && body.sync.state === 'in_step' && body;
    },
    { timeoutMs: 5000, what: `appointment ${id} v${version} in step with Cal.com` },
  );

describe('the main job, through the public API of a running system', () => {
  test('a new practice is empty and closed', async () => {
    const availability = await api.request<Availability>('GET', '/api/availability');
    expect(availability.status).toBe(200);
    expect(availability.body.weekly).toEqual([]);
    expect(await api.allAppointments()).toEqual([]);
  });

  test('hours are set, read back and reach Cal.com', async () => {
    const saved = await api.replaceAvailability({
      timeZone: 'Europe/Luxembourg',
      weekly: [{ day: 'monday', start: '09:00', end: '17:00' }],
      overrides: [{ date: '2027-01-04', intervals: [] }],
    });
    expect(saved.status).toBe(200);
    expect(saved.body.weekly).toEqual([{ day: 'monday', start: '09:00', end: '17:00' }]);
    await until(async () => JSON.stringify(await readSandbox(stack.sandboxUrl!)).includes('"2027-01-04"'), {
      timeoutMs: 5000,
      what: 'the override in a Cal.com schedule',
    });
    expect((await api.replaceAvailability(alwaysOpen())).status).toBe(200);
  });

  test('book, move, change the length, cancel: Cal.com follows each within five seconds', async () => {
    const start = startIn(10, 9);
    const booked = await api.book({
      customer: { name: 'Ann Lee', email: 'ann@example.com' },
      start,
      durationMinutes: 30,
    });
    expect(booked.status).toBe(201);
    expect(booked.headers.get('location')).toBe(`/api/appointments/${booked.body.id}`);
    expect(booked.body).toMatchObject({ durationMinutes: 30, status: 'scheduled', version: 1 });
    const { id } = booked.body;
    const first = await inStep(id, 1);
    const standing = (await activeBookings(stack.sandboxUrl!)).get(id);
    expect(standing).toMatchObject({ uid: first.sync.calcomBookingUid });
    expect(Date.parse(standing!.start)).toBe(Date.parse(start));

    const later = startIn(10, 11);
    expect((await api.reschedule(id, { start: later, reason: 'asked by phone' })).status).toBe(200);
    await inStep(id, 2);
    expect(Date.parse((await activeBookings(stack.sandboxUrl!)).get(id)!.start)).toBe(Date.parse(later));

    const longer = await api.request<Appointment>('PUT', `/api/appointments/${id}`, {
      body: { durationMinutes: 45 },
      headers: { 'if-match': '"2"' },
    });
    expect(longer.status).toBe(200);
    await inStep(id, 3);
    const lengthened = (await activeBookings(stack.sandboxUrl!)).get(id)!;
    expect(Date.parse(lengthened.end) - Date.parse(lengthened.start)).toBe(45 * 60_000);

    const cancelled = await api.cancel(id, 'ill');
    expect(cancelled.body).toMatchObject({ status: 'cancelled', version: 4, cancellationReason: 'ill' });
    await until(async () => !(await activeBookings(stack.sandboxUrl!)).has(id), {
      timeoutMs: 5000,
      what: 'the cancellation on Cal.com',
    });
    const again = await api.cancel(id);
    expect(again.status).toBe(200);
    expect(again.body.version).toBe(4);
    const { body } = await api.appointment(id);
    expect(body.history.map(({ action }) => action)).toEqual(['booked', 'rescheduled', 'changed', 'cancelled']);
  });

  test('a taken time answers 409 with the three nearest free starts, each of which can be booked', async () => {
    const start = startIn(11, 9);
    expect((await api.book({ customer: { name: 'First' }, start, durationMinutes: 60 })).status).toBe(201);
    const taken = await api.book({ customer: { name: 'Second' }, start: startIn(11, 9, 30), durationMinutes: 30 });
    expect(taken.status).toBe(409);
    expect(taken.problem).toMatchObject({ code: 'SLOT_TAKEN', status: 409 });
    expect(taken.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(taken.problem!.nearestStarts).toHaveLength(3);
    // They lie a step apart and may overlap each other, so each is tried alone.
    for (const nearest of taken.problem!.nearestStarts!) {
      const other = await api.book({ customer: { name: 'Third' }, start: nearest, durationMinutes: 30 });
      expect(other.status).toBe(201);
      await api.cancel(other.body.id);
    }
  });

  test('one idempotency key is one appointment, also when the answer was lost', async () => {
    const body = { customer: { name: 'Key Owner' }, start: startIn(12, 9), durationMinutes: 30 };
    const [first, second] = await Promise.all([
      api.book(body, { key: 'intent-1' }),
      api.book(body, { key: 'intent-1' }),
    ]);
    const ids = [first, second].filter(({ status }) => status === 201).map(({ body: { id } }) => id);
    expect(ids.length).toBeGreaterThan(0);
    const replay = await api.book(body, { key: 'intent-1' });
    expect(new Set([...ids, replay.body.id]).size).toBe(1);
    const other = await api.book({ ...body, durationMinutes: 45 }, { key: 'intent-1' });
    expect(other.problem?.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('outside the hours the owner decides; it is recorded', async () => {
    await api.replaceAvailability({ timeZone: 'Europe/Luxembourg', weekly: [], overrides: [] });
    const body = { customer: { name: 'Night Owl' }, start: startIn(13, 22), durationMinutes: 30 };
    expect((await api.book(body)).problem?.code).toBe('OUTSIDE_AVAILABILITY');
    const booked = await api.book({ ...body, override: true });
    expect(booked.status).toBe(201);
    expect((await api.appointment(booked.body.id)).body.history[0]).toMatchObject({ override: true });
    await api.replaceAvailability(alwaysOpen());
  });

  test.each<[string, unknown, string]>([
    ['a start without offset', { start: '2027-06-04T10:00:00' }, '/start'],
    ['a length of zero', { durationMinutes: 0 }, '/durationMinutes'],
    ['a negative length', { durationMinutes: -30 }, '/durationMinutes'],
    ['half a minute', { durationMinutes: 30.5 }, '/durationMinutes'],
    ['a length of two days', { durationMinutes: 2880 }, '/durationMinutes'],
    ['a length in words', { durationMinutes: 'thirty' }, '/durationMinutes'],
    ['an unknown field', { status: 'completed' }, '/status'],
    ['no customer name', { customer: { name: '' } }, '/customer/name'],
    ['an unknown zone', { customer: { name: 'A', timeZone: 'Mars/Olympus' } }, '/customer/timeZone'],
    ['a name of fifty thousand letters', { customer: { name: 'x'.repeat(50_000) } }, '/customer/name'],
  ])('%s is refused with the field named, and nothing is written', async (_name, change, pointer) => {
    const before = (await api.allAppointments()).length;
    const good = { customer: { name: 'Bad Input' }, start: startIn(14, 9), durationMinutes: 30 };
    const answer = await api.request('POST', '/api/appointments', { body: { ...good, ...(change as object) } });
    expect(answer.status).toBe(400);
    expect(answer.problem).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(answer.problem!.errors!.map((fault) => fault.pointer)).toContain(pointer);
    expect(await api.allAppointments()).toHaveLength(before);
  });

  test('a start in the past is refused for everyone', async () => {
    const body = { customer: { name: 'Too Late' }, start: startIn(-1, 9), durationMinutes: 30, override: true };
    const answer = await api.book(body);
    expect([answer.status, answer.problem?.code]).toEqual([422, 'START_IN_PAST']);
  });

  test('a megabyte is refused without a 500', async () => {
    const answer = await api.request('POST', '/api/appointments', {
      body: { customer: { name: 'x'.repeat(1_000_000) } },
    });
    expect(answer.problem?.code).toBe('PAYLOAD_TOO_LARGE');
  });

  test('without a session every door is closed, and signing out closes it everywhere at once', async () => {
    expect((await new ApiClient(stack.gatewayUrl).request('GET', '/api/appointments')).status).toBe(401);
    const other = await ApiClient.signIn(stack.gatewayUrl, owner);
    expect((await other.request('GET', '/api/auth/me')).status).toBe(200);
    expect((await other.request('POST', '/api/auth/logout')).status).toBe(204);
    await until(async () => (await other.request('GET', '/api/auth/me')).status === 401, {
      timeoutMs: 1000,
      what: 'the signed-out session refused',
    });
  });

  test('the metrics are on the admin port only and show the sync latency', async () => {
    expect((await fetch(`${stack.gatewayUrl}/metrics`)).status).toBe(404);
    const metrics = await (await fetch(`${stack.adminUrls['calcom-sync']}/metrics`)).text();
    expect(metrics).toMatch(/daybook_sync_latency_seconds_bucket\{[^}]*target="calcom"/);
  });

  test('after the power is cut everything is there', async () => {
    const before = await api.allAppointments();
    expect(before.length).toBeGreaterThan(5);
    stack.postgres.kill('SIGKILL');
    await stack.postgres.start();
    const after = await until(async () => api.allAppointments().catch(() => false as const), {
      timeoutMs: 20_000,
      what: 'the list after the restart',
    });
    const essence = (list: Appointment[]): unknown[] =>
      list.map(({ id, start, end, status, version }) => [id, start, end, status, version]);
    expect(essence(after)).toEqual(essence(before));
  });
});
