import { DomainError } from '@daybook/runtime/errors';
import { neverAnswer, startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { sampleIds } from '../test-support/samples.ts';
import { startTestGateway } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';

let services: FakeServices;
let gateway: TestGateway;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
});
afterEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

/** Sends so many at once that a breaker which counts them opens. */
function storm(send: () => Promise<Response>): Promise<Response[]> {
  return Promise.all(Array.from({ length: 14 }, send));
}

test('a storm of sign-ins that time out leaves everybody else signed in', async () => {
  services.script('Authenticate', neverAnswer);
  const signIn = () =>
    gateway.request('/api/auth/login', { method: 'POST', json: { username: 'owner', password: 'secret' } });
  await storm(signIn);
  expect(await (await signIn()).json()).toMatchObject({ code: 'BREAKER_OPEN' });
  const me = await gateway.request('/api/auth/me', { token: services.signIn() });
  expect(me.status).toBe(200);
}, 20_000);

test('calls that wait for Cal.com neither open nor share the breaker of those that do not', async () => {
  const unavailable = () => {
    throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'Away.');
  };
  services.script('PlanConnection', unavailable);
  const plan = () =>
    gateway.request(`/api/calendar-connections/${sampleIds.connection}/plan`, { token: services.signIn() });
  await storm(plan);
  expect(await (await plan()).json()).toMatchObject({ code: 'BREAKER_OPEN' });
  const list = await gateway.request('/api/calendar-connections', { token: services.signIn() });
  expect(list.status).toBe(200);
});

const booking = { customer: { name: 'Ann' }, start: '2030-01-07T10:00:00Z', durationMinutes: 30 };
const keyed = { 'idempotency-key': 'intent-1' };

test.each([
  ['a question is put once more', 'GetCurrentUser', '/api/auth/me', {}, 2],
  ['a change is not', 'BookAppointment', '/api/appointments', { method: 'POST', json: booking }, 1],
  ['one under a key is', 'BookAppointment', '/api/appointments', { method: 'POST', json: booking, headers: keyed }, 2],
] as const)('when the replica asked went away, %s', async (_words, method, path, options, times) => {
  services.script(method, () => {
    throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'Away.');
  });
  const answer = await gateway.request(path, { ...options, token: services.signIn() });
  expect(answer.status).toBe(503);
  expect(services.calls.filter((call) => call.method === method)).toHaveLength(times);
});

test('what is found still being worked on is told as unknown, not as taken', async () => {
  let calls = 0;
  services.script('BookAppointment', () => {
    calls += 1;
    throw calls === 1
      ? new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'Away.')
      : new DomainError('taken', 'IDEMPOTENCY_KEY_IN_FLIGHT', 'The same request is still being worked on.');
  });
  const request = { method: 'POST', json: booking, headers: keyed, token: services.signIn() } as const;
  const answer = await gateway.request('/api/appointments', request);
  expect([answer.status, calls]).toEqual([503, 2]);
});
