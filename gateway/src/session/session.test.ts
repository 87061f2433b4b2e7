import { createHmac, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { DomainError } from '@daybook/runtime/errors';
import { until } from '@daybook/runtime/testing';
import { createSigningKey, startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { sampleUser } from '../test-support/samples.ts';
import { startTestGateway } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';

let services: FakeServices;
let gateway: TestGateway;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
  await until(() => services.watchers() === 1);
});
beforeEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const credentials = { username: ' owner ', password: 'correct horse' };

function logIn(at: TestGateway = gateway, headers: Record<string, string> = {}): Promise<Response> {
  return at.request('/api/auth/login', { method: 'POST', json: credentials, headers });
}

async function codeOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { code: unknown }).code;
}

describe('login', () => {
  test('answers user and access token, never the refresh token, and hands auth the address', async () => {
    const answer = await logIn();
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      user: { username: 'owner', roles: ['owner'] },
      accessToken: 'an.access.token',
    });
    expect(text).not.toContain('a-refresh-token');
    expect(services.calls.at(-1)?.request).toMatchObject({ username: 'owner', clientAddress: '127.0.0.1' });
  });

  test('on plain http the cookies are HttpOnly, strict and without prefix', async () => {
    const [access, refresh] = (await logIn()).headers.getSetCookie();
    expect(access).toMatch(/^daybook_access=an\.access\.token; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(refresh).toMatch(/^daybook_refresh=a-refresh-token; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  });

  test('with https they are __Host- and Secure, and HSTS is sent', async () => {
    const secure = await startTestGateway(services, { PUBLIC_URL: 'https://book.example' });
    const answer = await logIn(secure, { origin: 'https://book.example' });
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(
        /^__Host-daybook_(access|refresh)=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
    }
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
    await secure.stop();
  });

  test('a refusal sets no cookie', async () => {
    services.script('Authenticate', () => {
      throw new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'Username or password is wrong.');
    });
    const answer = await logIn();
    expect([answer.status, await codeOf(answer), answer.headers.getSetCookie()]).toEqual([
      401,
      'INVALID_CREDENTIALS',
      [],
    ]);
  });

  test('is limited per address, and a claimed address does not move the bucket', async () => {
    const strict = await startTestGateway(services, { LOGIN_RATE_PER_MINUTE: '3' });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      statuses.push((await logIn(strict, { 'x-forwarded-for': `10.0.0.${attempt}` })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await logIn(strict);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await codeOf(refused)).toBe('TOO_MANY_ATTEMPTS');
    await strict.stop();
  });

  test('behind a trusted proxy each forwarded address has its own bucket', async () => {
    const proxied = await startTestGateway(services, { LOGIN_RATE_PER_MINUTE: '1', TRUSTED_PROXIES: 'loopback' });
    const statuses = [];
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1']) {
      statuses.push((await logIn(proxied, { 'x-forwarded-for': address })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    await proxied.stop();
  });
});

describe('requests are limited per session', () => {
  test('one busy session does not hinder another', async () => {
    const strict = await startTestGateway(services, { RATE_LIMIT_PER_MINUTE: '2' });
    const [busy, calm] = [services.signIn(), services.signIn()];
    const statuses = [];
    for (const token of [busy, busy, busy, calm])
      statuses.push((await strict.request('/api/providers', { token })).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    await strict.stop();
  });
});

describe('credentials', () => {
  test('the cookie is as good as the bearer', async () => {
    const cookie = `daybook_access=${services.signIn()}`;
    expect((await gateway.request('/api/providers', { headers: { cookie } })).status).toBe(200);
  });

  test.each(['daybook_access=rubbish', 'daybook_access=j:{"a":1}'])(
    'a good bearer does not excuse the bad cookie %s',
    async (cookie) => {
      const answer = await gateway.request('/api/providers', { token: services.signIn(), headers: { cookie } });
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'SESSION_INVALID']);
    },
  );

  test('a good cookie does not excuse a bad bearer', async () => {
    const cookie = `daybook_access=${services.signIn()}`;
    for (const authorization of ['Bearer x', 'Basic eDp5', 'Bearer', `bearer  ${'a'.repeat(9000)}`]) {
      const answer = await gateway.request('/api/providers', { headers: { cookie, authorization } });
      expect(answer.status).toBe(401);
    }
  });

  test('only the refresh cookie is left: the session can be renewed', async () => {
    const answer = await gateway.request('/api/providers', { headers: { cookie: 'daybook_refresh=r' } });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'SESSION_EXPIRED']);
  });

  function claims(): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: 'daybook',
      aud: 'daybook',
      sub: sampleUser.id,
      sid: randomUUID(),
      org: sampleUser.organizationId,
      roles: ['owner'],
      jti: randomUUID(),
      iat: now,
      nbf: now,
      exp: now + 600,
    };
  }

  function sign(change: Record<string, unknown>, header: Record<string, unknown> = {}, key = services.key): string {
    return jwt.sign({ ...claims(), ...change }, key.privateKeyPem, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid: services.key.kid, ...header },
    });
  }

  function encode(value: unknown): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }

  const forgeries: Record<string, () => string> = {
    'alg none': () => `${encode({ alg: 'none', typ: 'at+jwt', kid: services.key.kid })}.${encode(claims())}.`,
    'HS256 with the public key': () => {
      const head = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: services.key.kid })}.${encode(claims())}`;
      return `${head}.${createHmac('sha256', services.key.publicKeyPem).update(head).digest('base64url')}`;
    },
    'another key': () => sign({}, {}, createSigningKey('other')),
    'unknown kid': () => sign({}, { kid: 'other' }),
    'wrong typ': () => sign({}, { typ: 'JWT' }),
    'own jwk header': () => sign({}, { jwk: { kty: 'EC' } }),
    'wrong audience': () => sign({ aud: 'other' }),
    'wrong issuer': () => sign({ iss: 'other' }),
    'not yet valid': () => sign({ nbf: Math.floor(Date.now() / 1000) + 100 }),
    'unknown role': () => sign({ roles: ['root'] }),
    truncated: () => services.signIn().slice(0, -4),
  };
  test.each(Object.keys(forgeries))('refuses a token: %s', async (name) => {
    const answer = await gateway.request('/api/providers', { token: forgeries[name]?.() ?? '' });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'SESSION_INVALID']);
    expect(services.calls.filter((call) => call.method === 'ListProviders')).toEqual([]);
  });

  test('accepts the same token unforged, and tells an expired one apart', async () => {
    expect((await gateway.request('/api/providers', { token: sign({}) })).status).toBe(200);
    const past = Math.floor(Date.now() / 1000) - 700;
    const answer = await gateway.request('/api/providers', { token: sign({ iat: past, nbf: past, exp: past + 600 }) });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'SESSION_EXPIRED']);
  });
});

describe('same origin', () => {
  const own = (): string => gateway.url;
  const port = (): string => new URL(gateway.url).port;
  const matrix: [string, () => Record<string, string>, number][] = [
    ['no hints', () => ({}), 201],
    ['own origin', () => ({ origin: own(), 'sec-fetch-site': 'same-origin' }), 201],
    ['own origin by its other name', () => ({ origin: `http://localhost:${port()}` }), 201],
    ['typed address', () => ({ 'sec-fetch-site': 'none' }), 201],
    ['another site', () => ({ origin: 'https://evil.example' }), 403],
    ['null origin', () => ({ origin: 'null' }), 403],
    ['suffix trick', () => ({ origin: `${own()}.evil.example` }), 403],
    ['another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['another scheme', () => ({ origin: own().replace('http:', 'https:') }), 403],
    ['user part trick', () => ({ origin: `http://127.0.0.1:${port()}@evil.example` }), 403],
    ['same site, other host', () => ({ 'sec-fetch-site': 'same-site' }), 403],
    ['cross site without origin', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ['own origin, cross site', () => ({ origin: own(), 'sec-fetch-site': 'cross-site' }), 403],
  ];
  const body = { customer: { name: 'G' }, start: '2027-06-04T10:00:00Z', durationMinutes: 30 };

  test.each(matrix)('by cookie, %s', async (_name, headers, status) => {
    const cookie = `daybook_access=${services.signIn()}`;
    const answer = await gateway.request('/api/appointments', {
      method: 'POST',
      json: body,
      headers: { cookie, ...headers() },
    });
    expect(answer.status).toBe(status);
    if (status === 403) expect(await codeOf(answer)).toBe('CROSS_SITE_REQUEST');
    expect(services.calls.some((call) => call.method === 'BookAppointment')).toBe(status === 201);
  });

  test('login from another site is refused, a bearer from anywhere is not', async () => {
    expect((await logIn(gateway, { origin: 'https://evil.example' })).status).toBe(403);
    const headers = { origin: 'https://evil.example' };
    expect(
      (await gateway.request('/api/appointments', { method: 'POST', json: body, token: services.signIn(), headers }))
        .status,
    ).toBe(201);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('a form of type %s is refused, also where no body is needed', async (type) => {
    const headers = { cookie: `daybook_access=${services.signIn()}`, 'content-type': type };
    for (const path of ['/api/appointments', '/api/auth/logout', '/api/auth/refresh']) {
      const answer = await gateway.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect([path, answer.status]).toEqual([path, 415]);
    }
  });

  test('no preflight is ever granted', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await gateway.request('/api/appointments', { method: 'OPTIONS', headers });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('refresh and logout', () => {
  const refreshCookie = { cookie: 'daybook_refresh=old' };

  test('refresh replaces both cookies', async () => {
    const answer = await gateway.request('/api/auth/refresh', { method: 'POST', headers: refreshCookie });
    expect(answer.status).toBe(200);
    expect(services.calls.at(-1)).toMatchObject({ method: 'RefreshSession', request: { refreshToken: 'old' } });
    expect(answer.headers.getSetCookie()).toHaveLength(2);
  });

  test('refresh without a cookie is 401 and asks nobody', async () => {
    const answer = await gateway.request('/api/auth/refresh', { method: 'POST' });
    expect([answer.status, services.calls]).toEqual([401, []]);
  });

  test('a refused refresh clears the cookies, an unanswered one leaves them', async () => {
    services.script('RefreshSession', () => {
      throw new DomainError('unauthenticated', 'SESSION_EXPIRED', 'Over.');
    });
    const refused = await gateway.request('/api/auth/refresh', { method: 'POST', headers: refreshCookie });
    expect([refused.status, refused.headers.getSetCookie().length]).toEqual([401, 2]);
    expect(refused.headers.getSetCookie().every((cookie) => cookie.includes('Expires=Thu, 01 Jan 1970'))).toBe(true);
    services.script('RefreshSession', () => {
      throw new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'Away.');
    });
    const away = await gateway.request('/api/auth/refresh', { method: 'POST', headers: refreshCookie });
    expect([away.status, away.headers.getSetCookie()]).toEqual([503, []]);
  });

  test('logout ends both ways of the session, clears cookies, and repeats without complaint', async () => {
    const token = services.signIn();
    const headers = { cookie: `daybook_access=${token}; daybook_refresh=old` };
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await gateway.request('/api/auth/logout', { method: 'POST', headers });
      expect([answer.status, answer.headers.getSetCookie().length]).toEqual([204, 2]);
    }
    expect(services.calls.filter((call) => call.method === 'RevokeSession')).toHaveLength(4);
    expect((await gateway.request('/api/providers', { token })).status).toBe(401);
    expect((await gateway.request('/api/auth/logout', { method: 'POST' })).status).toBe(204);
    const bad = await gateway.request('/api/auth/logout', { method: 'POST', headers: { authorization: 'Bearer x' } });
    expect(bad.status).toBe(204);
  });

  test('a logout that auth did not hear is no success', async () => {
    services.script('RevokeSession', () => {
      throw new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'Away.');
    });
    const answer = await gateway.request('/api/auth/logout', { method: 'POST', headers: refreshCookie });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []]);
  });
});

describe('revocation', () => {
  test('a revoked session ends at once', async () => {
    const sessionId = randomUUID();
    const token = services.signIn({ sessionId });
    expect((await gateway.request('/api/providers', { token })).status).toBe(200);
    services.revoke(sessionId);
    await until(async () => (await gateway.request('/api/providers', { token })).status === 401, { timeoutMs: 1000 });
  });

  test('a stale stream makes each request ask auth, and nobody to ask means 503', async () => {
    const timing = { staleMs: 200, firstRetryMs: 20, longestRetryMs: 50, checkCacheMs: 0 };
    const own = await startFakeServices();
    const nervous = await startTestGateway(own, {}, timing);
    const token = own.signIn();
    own.interruptRevocations();
    const asked = (): boolean =>
      own.calls.some((call) => call.method === 'CheckSession' && call.authorization === 'Service gateway:test-secret');
    await until(async () => (await nervous.request('/api/providers', { token })).status === 200 && asked());
    own.script('CheckSession', () => {
      throw new DomainError('unauthenticated', 'SESSION_INVALID', 'the gateway’s own secret is wrong');
    });
    const blind = await nervous.request('/api/providers', { token });
    expect([blind.status, await codeOf(blind)]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
    own.script('CheckSession', () => ({ active: false }));
    expect((await nervous.request('/api/providers', { token })).status).toBe(401);
    own.resumeRevocations();
    await until(() => own.watchers() === 1, { what: 'the stream to be opened again' });
    await nervous.stop();
    await own.stop();
  });
});
