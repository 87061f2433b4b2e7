import { problem as problemSchema } from '@daybook/http-contract/common';
import { problems } from '@daybook/http-contract/problems';
import type { ProblemCode } from '@daybook/http-contract/problems';
import { DomainError } from '@daybook/runtime/errors';
import type { ErrorKind } from '@daybook/runtime/errors';
import { startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { startTestGateway } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';
import { toProblem } from './problem-details.ts';

let services: FakeServices;
let gateway: TestGateway;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
});
beforeEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const kindOfStatus: Record<number, ErrorKind> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'absent',
  405: 'invalid',
  409: 'taken',
  412: 'stale',
  413: 'invalid',
  415: 'invalid',
  422: 'refused',
  429: 'throttled',
  500: 'bug',
  503: 'unavailable',
  504: 'timeout',
};

async function askProviders(): Promise<Response> {
  return gateway.request('/api/providers', { token: services.signIn() });
}

const codes = Object.keys(problems) as ProblemCode[];

describe('every code of the closed list, from a service through the boundary', () => {
  test.each(codes)('%s', async (code) => {
    const { status, title } = problems[code];
    const cause = new DomainError(kindOfStatus[status] ?? 'bug', code, 'In words.');
    services.script('ListProviders', () => {
      throw new Error('wrapped', { cause });
    });
    const answer = await askProviders();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.has('retry-after')).toBe(status === 429 || status === 503);
    const body = problemSchema.parse(await answer.json());
    expect(body).toMatchObject({ code, status, title, instance: '/api/providers' });
    expect(body.type).toMatch(new RegExp(`^http://localhost:\\d+/problems/${code}$`));
    expect(body.traceId).toMatch(/^[0-9a-f]{32}$/);
    if (status < 500) expect(body.detail).toBe('In words.');
  });

  test('each type is a page of our own', async () => {
    for (const code of codes) {
      const answer = await gateway.request(`/problems/${code}`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(`<h1>${problems[code].title}</h1>`);
      expect(problems[code].title + problems[code].advice).not.toMatch(/[<>&]/);
    }
    expect((await gateway.request('/problems/constructor')).status).toBe(404);
  });
});

describe('what else a service may answer', () => {
  test('a bug of a service is 500 without its words', async () => {
    services.script('ListProviders', () => {
      throw new TypeError('secret internals at db.ts:5');
    });
    const answer = await askProviders();
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('internals');
  });

  test('a code the gateway does not know keeps the status of its kind', async () => {
    services.script('ListProviders', () => {
      throw new DomainError('refused', 'NEWER_RULE', 'A newer rule refuses.');
    });
    const answer = await askProviders();
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'NEWER_RULE',
      type: 'about:blank',
      detail: 'A newer rule refuses.',
    });
  });

  test('what belongs to the problem goes out, the rest of the context does not', async () => {
    const nearestStarts = ['2027-06-04T08:30:00Z'];
    const conflict = { kind: 'block', start: nearestStarts[0], end: '2027-06-04T09:00:00Z' };
    services.script('ListProviders', () => {
      throw new DomainError('taken', 'SLOT_TAKEN', 'Taken.', { context: { nearestStarts, conflict, internal: 'x' } });
    });
    const body: unknown = await (await askProviders()).json();
    expect(body).toMatchObject({ nearestStarts, conflict });
    expect(body).not.toHaveProperty('internal');
  });

  test('Retry-After is what the service asks for', async () => {
    services.script('Authenticate', () => {
      throw new DomainError('throttled', 'TOO_MANY_ATTEMPTS', 'Wait.', { context: { retryAfterSeconds: 37 } });
    });
    const answer = await gateway.request('/api/auth/login', { method: 'POST', json: { username: 'a', password: 'b' } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '37']);
    expect(await answer.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: 37 });
  });

  test.each([
    [{ status: 413 }, 'PAYLOAD_TOO_LARGE'],
    [{ status: 415 }, 'UNSUPPORTED_MEDIA_TYPE'],
    [{ status: 404 }, 'ROUTE_NOT_FOUND'],
    [{ status: 418, message: 'input repeated here' }, 'MALFORMED_REQUEST'],
    ['thrown text', 'INTERNAL'],
    [undefined, 'INTERNAL'],
    [Object.assign(new Error('x'), { status: 502 }), 'INTERNAL'],
  ])('a foreign fault %j becomes %s', (error, code) => {
    const answer = toProblem(error, { publicUrl: 'https://x.example', instance: '/', traceId: undefined });
    expect(answer.body).toMatchObject({ code, status: problems[code as ProblemCode].status });
    expect(JSON.stringify(answer.body)).not.toMatch(/input repeated|thrown text/);
  });
});

test('a service that is not there is 503 with Retry-After, then the breaker answers at once', async () => {
  const alone = await startTestGateway(services, { SCHEDULING_ADDRESS: '127.0.0.1:1' });
  const token = services.signIn();
  const seen = new Set<unknown>();
  for (let attempt = 0; attempt < 15; attempt += 1) {
    const answer = await alone.request('/api/providers', { token });
    expect(answer.status).toBe(503);
    expect(answer.headers.has('retry-after')).toBe(true);
    seen.add(((await answer.json()) as { code: unknown }).code);
  }
  expect([...seen]).toEqual(['UPSTREAM_UNAVAILABLE', 'BREAKER_OPEN']);
  expect((await alone.request('/api/calendar-connections', { token })).status).toBe(200);
  await alone.stop();
});
