import { uuidOf } from '../testing/fixtures.ts';
import { answerRequests, refuse } from '../testing/fetch-double.ts';
import { onSessionEnd, request } from './http.ts';
import { ProblemError, UnreachableError } from './problem.ts';

const session = {
  user: { id: uuidOf(1), organizationId: uuidOf(2), username: 'owner', fullName: '', roles: ['owner'] },
  accessToken: 'token',
  expiresAt: '2099-01-01T00:00:00Z',
};
const list = () => request<{ items: unknown[] }>({ method: 'GET', path: '/api/providers' });

test('parallel requests that find the session run out share one renewal and are all repeated', async () => {
  let renewed = false;
  const double = answerRequests({
    'GET /api/providers': () => (renewed ? { body: { items: [] } } : refuse('SESSION_EXPIRED')),
    'POST /api/auth/refresh': async () => {
      await Promise.resolve();
      renewed = true;
      return { body: session };
    },
  });
  const answers = await Promise.all([list(), list(), list()]);
  expect(answers).toEqual([{ items: [] }, { items: [] }, { items: [] }]);
  expect(double.callsTo('POST /api/auth/refresh')).toHaveLength(1);
  expect(double.callsTo('GET /api/providers')).toHaveLength(6);
});

test('a session that cannot be renewed is reported once per request and the refusal is thrown', async () => {
  const ended = jest.fn();
  const stop = onSessionEnd(ended);
  answerRequests({
    'GET /api/providers': () => refuse('SESSION_EXPIRED'),
    'POST /api/auth/refresh': () => refuse('SESSION_INVALID'),
  });
  await expect(list()).rejects.toMatchObject({ problem: { code: 'SESSION_EXPIRED' } });
  expect(ended).toHaveBeenCalledTimes(1);
  stop();
});

test('a renewal that fails because the gateway is away does not end the session', async () => {
  const ended = jest.fn();
  const stop = onSessionEnd(ended);
  answerRequests({
    'GET /api/providers': () => refuse('SESSION_EXPIRED'),
    'POST /api/auth/refresh': () => refuse('UPSTREAM_UNAVAILABLE'),
  });
  await expect(list()).rejects.toMatchObject({ problem: { code: 'UPSTREAM_UNAVAILABLE' } });
  expect(ended).not.toHaveBeenCalled();
  stop();
});

test('a wrong password is an answer, not a session that ran out', async () => {
  const double = answerRequests({ 'POST /api/auth/login': () => refuse('INVALID_CREDENTIALS') });
  const attempt = request({ method: 'POST', path: '/api/auth/login', body: { username: 'a', password: 'b' } });
  await expect(attempt).rejects.toBeInstanceOf(ProblemError);
  expect(double.calls).toHaveLength(1);
});

test('version and key travel in their headers, empty query values do not travel', async () => {
  const double = answerRequests({ 'DELETE /api/appointments/{id}': () => refuse('VERSION_CONFLICT') });
  const path = `/api/appointments/${uuidOf(9)}`;
  const attempt = request({ method: 'DELETE', path, ifMatch: 4, idempotencyKey: 'k', query: { reason: '' } });
  await expect(attempt).rejects.toMatchObject({ problem: { code: 'VERSION_CONFLICT' } });
  expect(double.calls[0]?.headers).toMatchObject({ 'If-Match': '"4"', 'Idempotency-Key': 'k' });
  expect(double.calls[0]?.query).toEqual({});
});

test('no answer is told apart from a refusal', async () => {
  Object.defineProperty(globalThis, 'fetch', {
    value: () => Promise.reject(new TypeError('network')),
    configurable: true,
  });
  await expect(list()).rejects.toBeInstanceOf(UnreachableError);
});
