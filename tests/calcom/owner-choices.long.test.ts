import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { until } from '@daybook/runtime/testing';
import { startIn } from '../support/api-client.ts';
import { bothEqual, readSandboxState, turnKnob, type Booking } from './support/both-sides.ts';
import { openCalcomPractice, type CalcomPractice } from './support/practice.ts';

/**
 * What an owner decides about Cal.com, through the public API and real processes: none of it was connected by the operator.
 * The tests build on each other, as the choices of an owner do.
 */
jest.setTimeout(120_000);

type Step = { step: string; passed: boolean; message: string };
type Tried = { passed: boolean; steps: Step[]; baseUrl: string; profile: string };
type Plan = { steps: { action: string; subject: string; ourId: string; theirId: string }[] };
type Line = { appointmentId: string; state: string; madeThere: boolean; ours: { status: string } };

let practice: CalcomPractice;
const servers: Server[] = [];

beforeAll(async () => {
  practice = await openCalcomPractice({
    environment: {
      CALCOM_API_URL: '',
      CALCOM_API_KEY: '',
      CALCOM_ALLOWED_HOSTS: '127.0.0.1,localhost,nowhere.invalid',
    },
  });
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await practice?.stop();
});

/** Days ahead, so that it is a Wednesday: the page takes bookings on working days. */
const wednesday = 4 + ((3 - new Date(startIn(4, 12)).getUTCDay() + 7) % 7);

const apiUrl = (): string => `${practice.sandboxUrl}/v2`;

/** Asks the public API; everything but a success is thrown. */
async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await practice.api.request<T>(method, `/api/calendar-connections${path}`, {
    ...(body === undefined ? {} : { body }),
    timeoutMs: 30_000,
  });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.problem?.code ?? ''}`);
  return answer.body;
}

const connection = async (): Promise<CalendarConnection> =>
  (await ask<{ items: CalendarConnection[] }>('GET', '')).items[0]!;
const reach = (state: string): Promise<unknown> =>
  until(async () => (await connection()).state === state, { timeoutMs: 30_000, what: `the connection to be ${state}` });
const active = async (): Promise<Booking[]> =>
  (await readSandboxState(practice.sandboxUrl)).bookings.filter(({ status }) => status === 'accepted');
const ledger = async (): Promise<Line[]> => (await ask<{ items: Line[] }>('GET', '/ledger?limit=200')).items;

async function save(apiKey: string): Promise<CalendarConnection> {
  return ask('PUT', '', {
    baseUrl: apiUrl(),
    apiKey,
    attendeeAddresses: 'placeholder',
    placeholderDomain: 'daybook.test',
  });
}

/** A booking somebody makes on Cal.com's page. */
async function bookThere(name: string, start: string): Promise<string> {
  const { eventTypes } = await readSandboxState(practice.sandboxUrl);
  const response = await fetch(`${apiUrl()}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cal-api-version': '2024-08-13' },
    body: JSON.stringify({
      start,
      eventTypeId: eventTypes.find(({ slug }) => slug === 'consultation')!.id,
      attendee: { name, email: `${name.toLowerCase()}@example.com`, timeZone: 'UTC' },
    }),
  });
  const answer = (await response.json()) as { data?: { uid: string } };
  if (!answer.data) throw new Error(`not booked there: ${JSON.stringify(answer)}`);
  return answer.data.uid;
}

async function call(path: string, body: object, key = 'cal_sandbox'): Promise<void> {
  const response = await fetch(`${apiUrl()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cal-api-version': '2024-08-13', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

describe('the test of a connection says exactly what is wrong', () => {
  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as AddressInfo).port;
  }
  const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));
  /** The way to the stand-in through somebody who leaves a header out. */
  const without = (dropped: string): Promise<number> =>
    serve((request, response) => {
      const kept = Object.entries(request.headers).filter(([name]) => name !== dropped && name !== 'host');
      void fetch(practice.sandboxUrl + request.url!, {
        headers: Object.fromEntries(kept) as Record<string, string>,
      }).then(async (answer) =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
      );
    });
  async function failed(baseUrl: string, apiKey = 'cal_sandbox'): Promise<[string, string]> {
    const { passed, steps } = await ask<Tried>('POST', '/test', { baseUrl, apiKey });
    const last = steps.at(-1)!;
    expect([passed, last.passed]).toEqual([false, false]);
    expect(last.message).not.toContain(apiKey);
    return [last.step, last.message];
  }

  test('a name nobody has, a port nobody listens on, a certificate nobody knows, a port without https', async () => {
    expect((await failed('https://nowhere.invalid/v2'))[0]).toBe('name_lookup');
    expect(await failed('http://127.0.0.1:1/v2')).toEqual(['reachable', expect.stringContaining('Nothing listens')]);
    const authority = makeAuthority('An authority nobody knows', new Date());
    const leaf = makeLeaf(authority, ['localhost'], new Date());
    const secure = await listen(
      createSecureServer({ cert: leaf.certificate + authority.certificate, key: leaf.key }, (_request, response) =>
        response.end(),
      ),
    );
    expect(await failed(`https://localhost:${secure}/v2`)).toEqual(['tls', expect.stringContaining('nobody knows')]);
    const plain = await serve((_request, response) => response.end());
    expect(await failed(`https://localhost:${plain}/v2`)).toEqual(['tls', expect.stringContaining('https')]);
  });

  test('a wrong path names the right one; a missing /v2 is added; a version header or a key that is lost on the way', async () => {
    expect(await failed(`${practice.sandboxUrl}/v1`)).toEqual(['base_path', expect.stringContaining(apiUrl())]);
    const short = await ask<Tried>('POST', '/test', { baseUrl: practice.sandboxUrl, apiKey: 'cal_sandbox' });
    expect(short).toMatchObject({ passed: true, baseUrl: apiUrl(), profile: 'self_hosted' });
    expect((await failed(`http://127.0.0.1:${await without('cal-api-version')}/v2`))[0]).toBe('api_version');
    expect(await failed(`http://127.0.0.1:${await without('authorization')}/v2`)).toEqual([
      'key',
      expect.stringContaining('Authorization'),
    ]);
  });

  test('a key that is wrong, is none, or has expired', async () => {
    expect(await failed(apiUrl(), 'cal_wrong')).toEqual(['key', expect.stringContaining('not valid')]);
    expect(await failed(apiUrl(), 'something')).toEqual(['key', expect.stringContaining('begin with cal_')]);
    const keys = [{ key: 'cal_sandbox' }, { key: 'cal_old', expiresAt: '2020-01-01T00:00:00Z' }];
    await turnKnob(practice.sandboxUrl, 'POST', '/settings', { apiKeys: keys });
    expect(await failed(apiUrl(), 'cal_old')).toEqual(['key', expect.stringContaining('expired')]);
  });
});

describe('from the first look to the end', () => {
  test('a dry run lists what would be sent and taken in, and sends nothing', async () => {
    const { api, sandboxUrl } = practice;
    const { body: ours } = await api.book({
      customer: { name: 'Ours' },
      start: startIn(wednesday, 8),
      durationMinutes: 30,
    });
    const theirs = await bookThere('Theirs', startIn(wednesday, 10));
    const before = (await readSandboxState(sandboxUrl)).bookings.length;
    const { id, state } = await save('cal_sandbox');
    expect(state).toBe('paused');
    const { steps } = await ask<Plan>('GET', `/${id}/plan`);
    expect(steps.some(({ ourId }) => ourId === ours.id)).toBe(true);
    expect(steps.some(({ theirId }) => theirId === theirs)).toBe(true);
    expect(new Set(steps.map(({ action }) => action)).size).toBeGreaterThan(2);
    expect((await readSandboxState(sandboxUrl)).bookings).toHaveLength(before);
    await ask('POST', `/${id}/start`);
    await reach('connected');
    const all = await bothEqual(api, sandboxUrl, 60_000);
    expect(all.map(({ customer }) => customer.name).sort()).toEqual(['Ours', 'Theirs']);
  });

  test('a comparison on demand finds what nobody told, and each difference is decided in either direction', async () => {
    const { api, sandboxUrl } = practice;
    const { id } = await connection();
    const book = async (hour: number): Promise<string> => {
      const answer = await api.book({
        customer: { name: `At ${hour}` },
        start: startIn(wednesday + 2, hour),
        durationMinutes: 30,
      });
      return answer.body.id;
    };
    const [kept, taken] = [await book(8), await book(12)];
    await bothEqual(api, sandboxUrl, 30_000);
    // Cal.com refuses what is about these two for good, so that a person has to decide.
    await turnKnob(sandboxUrl, 'POST', '/faults', {
      rules: ['rescheduleBooking', 'createBooking', 'cancelBooking'].map((operation) => ({
        kind: 'status',
        status: 422,
        match: { operation },
      })),
    });
    for (const [appointment, hour] of [
      [kept, 9],
      [taken, 13],
    ] as const)
      await api.reschedule(appointment, { start: startIn(wednesday + 2, hour) });
    const stateOf = async (appointment: string): Promise<string | undefined> =>
      (await ledger()).find(({ appointmentId }) => appointmentId === appointment)?.state;
    for (const appointment of [kept, taken])
      await until(async () => ['failed', 'different'].includes((await stateOf(appointment)) ?? ''), {
        timeoutMs: 30_000,
        what: 'the refusal to be shown',
      });
    const sweep = await ask<{ id: string }>('POST', `/${id}/sweeps`);
    type Sweep = {
      id: string;
      finishedAt?: string | null;
      differencesFound: { appointmentId: string; kind: string }[];
    };
    const finished = await until(
      async () => {
        const { items } = await ask<{ items: Sweep[] }>('GET', '/sweeps');
        const [own] = items.filter((one) => one.id === sweep.id);
        return own?.finishedAt ? own : undefined;
      },
      { timeoutMs: 30_000, what: 'the comparison' },
    );
    const found = finished.differencesFound.map(({ appointmentId }) => appointmentId);
    expect(found).toEqual(expect.arrayContaining([kept, taken]));
    await practice.heal();
    await ask('POST', `/ledger/${kept}/resolve`, { resolution: 'restore_ours' });
    await ask('POST', `/ledger/${taken}/resolve`, { resolution: 'accept_theirs' });
    await bothEqual(api, sandboxUrl, 60_000);
    const startOf = async (appointment: string): Promise<number> =>
      Date.parse((await api.appointment(appointment)).body.start);
    expect(await startOf(kept)).toBe(Date.parse(startIn(wednesday + 2, 9)));
    expect(await startOf(taken)).toBe(Date.parse(startIn(wednesday + 2, 12)));
  });

  test('while Cal.com answers nothing one probe is sent at a time, with a pause before each; once it answers all goes on', async () => {
    const { api, sandboxUrl } = practice;
    await turnKnob(sandboxUrl, 'POST', '/faults', { rules: [{ kind: 'status', status: 503 }] });
    const mark = await practice.mark();
    for (const hour of [8, 9, 10])
      await api.book({ customer: { name: `Away ${hour}` }, start: startIn(wednesday + 4, hour), durationMinutes: 30 });
    await until(async () => (await connection()).state === 'unreachable', { timeoutMs: 20_000, what: 'unreachable' });
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const { requests } = (await turnKnob(sandboxUrl, 'GET', `/requests?since=${mark}`)) as {
      requests: { at: string; fault: string | null }[];
    };
    await practice.heal();
    const asked = requests.filter(({ fault }) => fault !== null).map(({ at }) => Date.parse(at));
    expect(asked.length).toBeGreaterThan(3);
    // The first faults and the probe that makes sure of them come at once; none after that comes soon.
    const pauses = asked.slice(3).map((at, index) => at - asked[index + 2]!);
    expect(Math.min(...pauses)).toBeGreaterThan(500);
    await bothEqual(api, sandboxUrl, 60_000);
  });

  test('another account begins paused and is made equal; the first one, when it comes back, is found and not doubled', async () => {
    const { api, sandboxUrl } = practice;
    const first = await active();
    await turnKnob(sandboxUrl, 'POST', '/settings', {
      apiKeys: [{ key: 'cal_sandbox' }, { key: 'cal_other', username: 'other' }],
    });
    const { id, state } = await save('cal_other');
    expect(state).toBe('paused');
    expect(await active()).toHaveLength(first.length);
    const back = await save('cal_sandbox');
    expect(back.state).toBe('paused');
    await ask('POST', `/${id}/start`);
    await reach('connected');
    await bothEqual(api, sandboxUrl, 60_000);
    expect((await active()).map(({ uid }) => uid).sort()).toEqual(first.map(({ uid }) => uid).sort());
  });

  test('ending leaves what is there when asked to, and else cancels what is ours and hides what we offer', async () => {
    const { sandboxUrl } = practice;
    const before = await active();
    const { id } = await connection();
    await ask('POST', `/${id}/disconnect`, { cancelBookings: false, hideEventTypes: false });
    await reach('off');
    expect(await active()).toHaveLength(before.length);
    await save('cal_sandbox');
    await ask('POST', `/${id}/start`);
    await reach('connected');
    await bothEqual(practice.api, sandboxUrl, 60_000);
    expect(await active()).toHaveLength(before.length);
    await ask('POST', `/${id}/disconnect`, { cancelBookings: true, hideEventTypes: true });
    await reach('off');
    const left = await active();
    // What customers booked there themselves is theirs.
    expect(left.map(({ attendees }) => attendees[0]?.name)).toEqual(['Theirs']);
    const { eventTypes } = await readSandboxState(sandboxUrl);
    expect(eventTypes.filter(({ slug, hidden }) => !hidden && slug !== 'consultation')).toEqual([]);
    await call(`/bookings/${left[0]!.uid}/cancel`, { cancellationReason: 'over' });
  });
});
