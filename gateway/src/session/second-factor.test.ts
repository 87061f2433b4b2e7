import { DomainError } from '@daybook/runtime/errors';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
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

const credentials = { username: 'owner', password: 'secret' };
const logIn = (json: object) => gateway.request('/api/auth/login', { method: 'POST', json });
const refuse = (method: string, code: string) =>
  services.script(method, () => {
    throw new DomainError('unauthenticated', code, 'No.');
  });

test.each(['SECOND_FACTOR_NEEDED', 'SECOND_FACTOR_WRONG'])(
  'a sign-in that auth refuses with %s says so and sets no cookie',
  async (code) => {
    refuse('Authenticate', code);
    const answer = await logIn(credentials);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, code]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  },
);

test('the code travels with the password, and none as none', async () => {
  expect((await logIn({ ...credentials, code: '123 456' })).status).toBe(200);
  expect(services.calls.at(-1)).toMatchObject({ method: 'Authenticate', request: { code: '123 456' } });
  await logIn(credentials);
  expect(services.calls.at(-1)).toMatchObject({ method: 'Authenticate', request: { code: '' } });
  for (const code of ['', 'x'.repeat(65), 123456, null]) {
    const answer = await logIn({ ...credentials, code });
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ pointer: '/code' }] }]);
  }
});

test('how it stands is told without a time while it is off', async () => {
  const read = async () => (await gateway.request('/api/auth/second-factor', { token: services.signIn() })).json();
  expect(await read()).toEqual({ on: true, since: '2026-01-05T08:00:00.000Z', recoveryCodesLeft: 9 });
  services.script('GetSecondFactor', () => ({ on: false, recoveryCodesLeft: 0 }));
  expect(await read()).toEqual({ on: false, recoveryCodesLeft: 0 });
});

test('a wrong code of a signed-in person keeps their cookies: the session is not what was refused', async () => {
  refuse('TurnOffSecondFactor', 'SECOND_FACTOR_WRONG');
  const answer = await gateway.request('/api/auth/second-factor/removal', {
    method: 'POST',
    token: services.signIn(),
    json: { currentPassword: 'secret', code: '000000' },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('tries with passwords and codes share the limit of sign-ins', async () => {
  const strict = await startTestGateway(services, { LOGIN_RATE_PER_MINUTE: '4' });
  try {
    const token = services.signIn();
    const post = async (path: string, json: object) =>
      (await strict.request(`/api/auth/second-factor${path}`, { method: 'POST', token, json })).status;
    const proof = { currentPassword: 'secret', code: '123456' };
    expect(await post('', { currentPassword: 'secret' })).toBe(200);
    expect(await post('/confirmation', { code: '123456' })).toBe(200);
    expect(await post('/recovery-codes', proof)).toBe(200);
    expect(await post('/removal', proof)).toBe(200);
    expect(await post('/removal', proof)).toBe(429);
    expect(await post('/confirmation', { code: '123456' })).toBe(429);
  } finally {
    await strict.stop();
  }
});
