import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { problem as problemSchema } from '@daybook/http-contract/common';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from './test-support/fake-services.ts';
import type { FakeServices } from './test-support/fake-services.ts';
import { sampleIds } from './test-support/samples.ts';
import { startTestGateway } from './test-support/test-gateway.ts';
import type { TestGateway } from './test-support/test-gateway.ts';

let services: FakeServices;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
  await until(() => services.watchers() === 1);
  token = services.signIn();
  await gateway.request('/api/providers', { token });
});
beforeEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const good = { customer: { name: 'Grace' }, start: '2027-06-04T10:00:00+02:00', durationMinutes: 30 };
const withCustomer = (customer: unknown): unknown => ({ ...good, customer });

type Case = [name: string, body: unknown, pointers: string[]];
const badBookings: Case[] = [
  ['nothing', {}, ['/customer', '/start']],
  ['not an object', [], ['']],
  ['no customer name', withCustomer({}), ['/customer/name']],
  ['blank name', withCustomer({ name: '   ' }), ['/customer/name']],
  ['long name', withCustomer({ name: 'x'.repeat(201) }), ['/customer/name']],
  ['name is a list', withCustomer({ name: ['Grace'] }), ['/customer/name']],
  ['name is a number', withCustomer({ name: 5 }), ['/customer/name']],
  ['name with NUL', withCustomer({ name: 'a\0b' }), ['/customer/name']],
  ['name with half a pair', withCustomer({ name: 'a\ud800b' }), ['/customer/name']],
  ['bad e-mail', withCustomer({ name: 'G', email: 'nobody' }), ['/customer/email']],
  ['unknown zone', withCustomer({ name: 'G', timeZone: 'Mars/Olympus' }), ['/customer/timeZone']],
  ['offset as zone', withCustomer({ name: 'G', timeZone: '+02:00' }), ['/customer/timeZone']],
  ['unknown field', { ...good, status: 'completed' }, ['/status']],
  [
    'unknown inner fields',
    withCustomer({ name: 'G', role: 'owner', 'a/b~c': 1 }),
    ['/customer/role', '/customer/a~1b~0c'],
  ],
  ['start without offset', { ...good, start: '2027-06-04T10:00:00' }, ['/start']],
  ['start is a number', { ...good, start: 1 }, ['/start']],
  ['no such day', { ...good, start: '2027-02-30T10:00:00Z' }, ['/start']],
  ['leap second', { ...good, start: '2027-06-04T10:00:60Z' }, ['/start']],
  ['year 1', { ...good, start: '0001-01-01T00:00:00Z' }, ['/start']],
  ['year 9999', { ...good, start: '9999-12-31T23:59:59Z' }, ['/start']],
  ['no length', { customer: good.customer, start: good.start }, ['/durationMinutes']],
  ['zero length', { ...good, durationMinutes: 0 }, ['/durationMinutes']],
  ['negative length', { ...good, durationMinutes: -30 }, ['/durationMinutes']],
  ['half a minute', { ...good, durationMinutes: 30.5 }, ['/durationMinutes']],
  ['absurd length', { ...good, durationMinutes: 1e9 }, ['/durationMinutes']],
  ['length as text', { ...good, durationMinutes: '30' }, ['/durationMinutes']],
  ['provider is no UUID', { ...good, providerId: 'me' }, ['/providerId']],
  ['override as text', { ...good, override: 'true' }, ['/override']],
  ['long notes', { ...good, notes: 'x'.repeat(5001) }, ['/notes']],
  [
    'all at once',
    { start: 'x', durationMinutes: 0, customer: { name: '' } },
    ['/customer/name', '/start', '/durationMinutes'],
  ],
];

async function expectFaults(answer: Response, pointers: string[]): Promise<void> {
  expect(answer.status).toBe(400);
  const problem = problemSchema.parse(await answer.json());
  expect(problem.code).toBe('VALIDATION_FAILED');
  expect(problem.errors?.map((fault) => fault.pointer).sort()).toEqual([...pointers].sort());
  expect(problem.errors?.every((fault) => fault.message.length > 3)).toBe(true);
  expect(services.calls).toEqual([]);
}

describe('a booking that is refused before any service hears of it', () => {
  test.each(badBookings)('%s', async (_name, body, pointers) => {
    await expectFaults(await gateway.request('/api/appointments', { method: 'POST', token, json: body }), pointers);
  });

  test.each([
    '{"__proto__":{"a":1}}',
    '{"customer":{"name":"G","__proto__":{"x":1}},"start":"2027-06-04T10:00:00Z","durationMinutes":30}',
  ])('a prototype field: %s', async (body) => {
    const answer = await gateway.request('/api/appointments', {
      method: 'POST',
      token,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('__proto__');
    expect(services.calls).toEqual([]);
  });

  test('a name of 1 MB is too large', async () => {
    const answer = await gateway.request('/api/appointments', {
      method: 'POST',
      token,
      json: withCustomer({ name: 'x'.repeat(1e6) }),
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test.each([
    ['broken JSON', '{"a":', 400, 'MALFORMED_REQUEST'],
    ['a bare number', '5', 400, 'MALFORMED_REQUEST'],
    ['a bare text', '"x"', 400, 'MALFORMED_REQUEST'],
    ['null', 'null', 400, 'MALFORMED_REQUEST'],
    ['no body', '', 400, 'MALFORMED_REQUEST'],
    ['deep nesting', `${'['.repeat(40_000)}${']'.repeat(40_000)}`, 400, 'VALIDATION_FAILED'],
  ])('%s', async (_name, body, status, code) => {
    const answer = await gateway.request('/api/appointments', {
      method: 'POST',
      token,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  test.each([{ 'content-encoding': 'gzip' }, { 'content-type': 'application/json; charset=latin1' }])(
    '%j is refused',
    async (headers) => {
      const answer = await gateway.request('/api/appointments', {
        method: 'POST',
        token,
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      });
      expect(answer.status).toBe(415);
    },
  );
});

const range = 'from=2027-06-01T00:00:00Z&to=2027-06-08T00:00:00Z';
const badQueries: [string, string[]][] = [
  [`/api/slots?${range}&durationMinutes=30&durationMinutes=60`, ['?durationMinutes']],
  [`/api/slots?${range}&durationMinutes[]=30`, ['?durationMinutes[]']],
  [`/api/slots?${range}&durationMinutes=0`, ['?durationMinutes']],
  [`/api/slots?${range}&durationMinutes=abc`, ['?durationMinutes']],
  ['/api/slots', ['?from', '?to']],
  ['/api/slots?from=2027-06-08T00:00:00Z&to=2027-06-01T00:00:00Z', ['?to']],
  ['/api/slots?from=2027-06-01&to=2027-06-08', ['?from', '?to']],
  ['/api/availability?from=2027-06-01T00:00:00Z', ['?to']],
  ['/api/appointments?limit=0', ['?limit']],
  ['/api/appointments?limit=201', ['?limit']],
  ['/api/appointments?limit=1e2', ['?limit']],
  ['/api/appointments?status=gone', ['?status']],
  ['/api/appointments?unknown=1', ['?unknown']],
  ['/api/appointments?__proto__=1', ['?__proto__']],
  ['/api/appointments?q=a%00b', ['?q']],
  ['/api/appointments?q=a&q=b', ['?q']],
  ['/api/providers?x=1', ['?x']],
];

test.each(badQueries)('GET %s', async (path, pointers) => {
  await expectFaults(await gateway.request(path, { token }), pointers);
});

describe('headers', () => {
  const change = (headers: Record<string, string>): Promise<Response> =>
    gateway.request(`/api/appointments/${sampleIds.appointment}`, {
      method: 'PUT',
      token,
      json: { notes: 'n' },
      headers,
    });

  test.each([
    ['"5"', 5],
    ['5', 5],
    ['W/"5"', 5],
    ['*', 0],
  ])('If-Match %s asks for version %d', async (tag, expectedVersion) => {
    expect((await change({ 'if-match': tag })).status).toBe(200);
    expect(services.calls.at(-1)?.request).toMatchObject({ expectedVersion });
  });

  test.each(['"x"', '0', '"0"', '-1', '"5', '"1", "2"', '99999999999', 'W/5x'])(
    'If-Match %s is malformed',
    async (tag) => {
      await expectFaults(await change({ 'if-match': tag }), ['If-Match']);
    },
  );

  test.each(['k', 'a'.repeat(255), '3f1c8a52-7c0e-4d5a-9f54-0c1d7a1b2c3d'])(
    'Idempotency-Key %s is passed on',
    async (key) => {
      expect((await change({ 'idempotency-key': key })).status).toBe(200);
      expect(services.calls.at(-1)?.request).toMatchObject({ idempotencyKey: key });
    },
  );

  test.each(['a b', 'ü', 'a'.repeat(256), 'a\tb'])('Idempotency-Key %s is refused', async (key) => {
    await expectFaults(await change({ 'idempotency-key': key }), ['Idempotency-Key']);
  });
});

describe('what JSON means to scheduling', () => {
  test('an empty e-mail is an unknown one, and offsets become instants', async () => {
    const answer = await gateway.request('/api/appointments', {
      method: 'POST',
      token,
      json: withCustomer({ name: ' G ', email: '' }),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/appointments/${sampleIds.appointment}`);
    expect(services.calls.at(-1)?.request).toMatchObject({
      customer: { name: 'G', email: '' },
      start: { seconds: Date.parse('2027-06-04T08:00:00Z') / 1000, nanos: 0 },
      override: false,
      idempotencyKey: '',
    });
  });

  test('absent fields of a change stay unset, an empty note clears', async () => {
    const path = `/api/appointments/${sampleIds.appointment}`;
    await gateway.request(path, { method: 'PUT', token, json: { durationMinutes: 45 } });
    expect(services.calls.at(-1)?.request).toMatchObject({ durationMinutes: 45, start: null, customer: null });
    expect(services.calls.at(-1)?.request).not.toHaveProperty('_notes');
    await gateway.request(path, { method: 'PUT', token, json: { notes: '' } });
    expect(services.calls.at(-1)?.request).toMatchObject({ _notes: 'notes', notes: '' });
  });

  test('weekdays and wall times become numbers and come back', async () => {
    const rules = {
      timeZone: 'Europe/Luxembourg',
      weekly: [{ day: 'sunday', start: '00:00', end: '24:00' }],
      overrides: [{ date: '2027-12-24', intervals: [] }],
    };
    const answer = await gateway.request('/api/availability', { method: 'PUT', token, json: rules });
    expect(services.calls.at(-1)?.request).toMatchObject({
      weekly: [{ weekday: 7, startMinute: 0, endMinute: 1440 }],
      overrides: [{ date: '2027-12-24', endDate: '2027-12-24', intervals: [] }],
    });
    expect(await answer.json()).toMatchObject({
      weekly: [{ day: 'monday', start: '09:00', end: '17:00' }],
      overrides: [
        { date: '2027-12-24', endDate: '2027-12-26', intervals: [] },
        { date: '2027-12-31', intervals: [{ start: '22:00', end: '24:00' }] },
      ],
    });
  });
});

/** Sends bytes as they are, which fetch would tidy up; answers the status line's number. */
function sendRaw(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe('odd requests on the wire', () => {
  test.each([
    ['TRACE /api/appointments HTTP/1.1', 405],
    ['TRACE / HTTP/1.1', 404],
    ['GET /assets/../../../../etc/passwd HTTP/1.1', 404],
    ['GET /assets/%2e%2e/%2e%2e/package.json HTTP/1.1', 404],
    ['GET /assets/..%2f..%2fpackage.json HTTP/1.1', 404],
    ['GET /.vite/manifest.json HTTP/1.1', 404],
    ['GET /api/../metrics HTTP/1.1', 404],
    ['GET /metrics HTTP/1.1', 404],
    ['GET /api/appointments/%ff HTTP/1.1', 400],
    ['GET /api/%ff HTTP/1.1', 404],
    ['GET /assets/%ff HTTP/1.1', 404],
    ['HEAD /api/appointments HTTP/1.1', 401],
    ['POST / HTTP/1.1', 404],
  ])('%s', async (line, status) => {
    const answered = await sendRaw(`${line}\r\nHost: x\r\nAccept: */*\r\nContent-Length: 0\r\n\r\n`);
    expect(answered).toBe(status);
  });

  test('a HEAD with a session answers headers alone, also for the stream', async () => {
    for (const path of ['/api/appointments', '/api/live']) {
      const answer = await gateway.request(path, { method: 'HEAD', token });
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
  });

  test('an upload that breaks off reaches no service', async () => {
    const options = { port: new URL(gateway.url).port, path: '/api/appointments', method: 'POST' };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': '5000' };
    const upload = httpRequest({ ...options, headers });
    upload.on('error', () => undefined);
    upload.write('{"customer":');
    await new Promise((resolve) => void upload.once('socket', (socket) => socket.once('connect', resolve)));
    upload.destroy();
    expect((await gateway.request('/api/providers', { token })).status).toBe(200);
    expect(services.calls.map((call) => call.method)).toEqual(['ListProviders']);
  });
});
