import { randomUUID } from 'node:crypto';
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
  gateway = await startTestGateway(services, { LOGIN_RATE_PER_MINUTE: '5' });
  await until(() => services.watchers() === 1);
});
beforeEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const passwords = { currentPassword: 'old secret 1', newPassword: 'new secret 2' };

test('a session that is ended here is refused here at once, before the stream has told', async () => {
  const [mine, other] = [services.signIn(), randomUUID()];
  const theirs = services.signIn({ sessionId: other });
  expect((await gateway.request('/api/providers', { token: theirs })).status).toBe(200);
  const ended = await gateway.request(`/api/auth/sessions/${other}`, { method: 'DELETE', token: mine });
  expect([ended.status, await ended.json()]).toEqual([200, { endedSessions: 1 }]);
  expect(ended.headers.getSetCookie()).toEqual([]);
  expect(services.calls.at(-1)).toMatchObject({ method: 'EndSession', request: { sessionId: other } });
  expect((await gateway.request('/api/providers', { token: theirs })).status).toBe(401);
  expect((await gateway.request('/api/providers', { token: mine })).status).toBe(200);
});

test('ending the present session clears its cookies', async () => {
  const sessionId = randomUUID();
  const token = services.signIn({ sessionId });
  const answer = await gateway.request(`/api/auth/sessions/${sessionId}`, { method: 'DELETE', token });
  expect(answer.headers.getSetCookie()).toHaveLength(2);
  expect((await gateway.request('/api/providers', { token })).status).toBe(401);
});

test('a session that is not there ends nothing here either', async () => {
  services.script('EndSession', () => {
    throw new DomainError('absent', 'SESSION_NOT_FOUND', 'There is no such open session.');
  });
  const other = randomUUID();
  const theirs = services.signIn({ sessionId: other });
  const path = `/api/auth/sessions/${other}`;
  const answer = await gateway.request(path, { method: 'DELETE', token: services.signIn() });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'SESSION_NOT_FOUND']);
  expect((await gateway.request('/api/providers', { token: theirs })).status).toBe(200);
});

test('ending all others names none', async () => {
  await gateway.request('/api/auth/sessions', { method: 'DELETE', token: services.signIn() });
  expect(services.calls.at(-1)).toMatchObject({ method: 'EndSession', request: { sessionId: '' } });
});

test('guesses at the present password are held up as sign-ins are, and a fault is named at its field', async () => {
  const token = services.signIn();
  services.script('ChangePassword', () => {
    throw new DomainError('invalid', 'VALIDATION_FAILED', 'Some fields are not valid.', {
      context: { errors: [{ pointer: '/newPassword', message: 'Choose a longer one.' }] },
    });
  });
  const change = () => gateway.request('/api/auth/password', { method: 'POST', token, json: passwords });
  const first = await change();
  expect(first.status).toBe(400);
  expect(await first.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ pointer: '/newPassword' }] });
  const statuses: number[] = [];
  for (let guess = 0; guess < 6; guess += 1) statuses.push((await change()).status);
  expect(statuses.at(-1)).toBe(429);
});
