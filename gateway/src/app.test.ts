import { idParameters, routes } from '@daybook/http-contract/routes';
import type { Route } from '@daybook/http-contract/routes';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from './test-support/fake-services.ts';
import type { FakeServices } from './test-support/fake-services.ts';
import { sampleIds } from './test-support/samples.ts';
import { startTestGateway } from './test-support/test-gateway.ts';
import type { TestGateway } from './test-support/test-gateway.ts';

let services: FakeServices;
let gateway: TestGateway;

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services);
  await until(() => services.watchers() === 1, { what: 'the revocation stream' });
});
beforeEach(() => services.reset());
afterAll(async () => {
  await gateway.stop();
  await services.stop();
});

const customer = { name: 'Grace Guest' };
const start = '2027-06-04T10:00:00+02:00';
const range = 'from=2027-06-01T00:00:00Z&to=2027-06-08T00:00:00Z';
const type = { name: 'Visit', durationsMinutes: [30] };

/** A valid request for each route of the contract. */
const validRequests: Record<string, { query?: string; json?: unknown }> = {
  logIn: { json: { username: 'owner', password: 'secret' } },
  bookAppointment: { json: { customer, start, durationMinutes: 30 } },
  updateAppointment: { json: { notes: 'new' } },
  rescheduleAppointment: { json: { start } },
  changePassword: { json: { currentPassword: 'old secret', newPassword: 'new secret' } },
  beginSecondFactor: { json: { currentPassword: 'old secret' } },
  confirmSecondFactor: { json: { code: '123456' } },
  replaceRecoveryCodes: { json: { currentPassword: 'old secret', code: '123456' } },
  turnOffSecondFactor: { json: { currentPassword: 'old secret', code: '123456' } },
  recordAttendance: { json: { attendance: 'arrived' } },
  listClosedTimes: { query: `?${range}` },
  previewAvailability: {
    json: { timeZone: 'Europe/Luxembourg', weekly: [], from: start, to: '2027-06-05T10:00:00+02:00' },
  },
  updateBlock: { json: { start, end: '2027-06-04T11:00:00+02:00' } },
  createCustomer: { json: customer },
  updateCustomer: { json: customer },
  mergeCustomers: { json: { mergeId: sampleIds.customer } },
  updatePractice: { json: { name: 'Practice' } },
  cancelAppointment: { query: '?reason=ill' },
  listSlots: { query: `?${range}&durationMinutes=30` },
  getAvailability: { query: `?${range}` },
  replaceAvailability: { json: { timeZone: 'Europe/Luxembourg', weekly: [] } },
  createBlock: { json: { start, end: '2027-06-04T11:00:00+02:00' } },
  listBlocks: { query: `?${range}` },
  createAppointmentType: { json: type },
  updateAppointmentType: { json: type },
  retrySyncWork: { json: {} },
  testCalendarConnection: { json: { baseUrl: 'https://cal.example/v2', apiKey: 'cal_x' } },
  saveCalendarConnection: { json: { baseUrl: 'https://cal.example/v2', apiKey: 'cal_x' } },
  disconnectCalendar: { json: { cancelBookings: true, hideEventTypes: false } },
  resolveSyncDifference: { json: { resolution: 'restore_ours' } },
};

function ask(route: Route, token?: string): Promise<Response> {
  const { query = '', json } = validRequests[route.operationId] ?? {};
  const path = route.path.replace('{id}', sampleIds.appointment) + query;
  return gateway.request(path, {
    method: route.method.toUpperCase(),
    ...(token === undefined ? {} : { token }),
    ...(json === undefined ? {} : { json }),
  });
}

const answering = routes.filter((route) => !route.success.stream && route.operationId !== 'refreshSession');

describe('every route of the contract', () => {
  test.each(answering.map((route) => [route.operationId, route] as const))(
    '%s answers as the contract says',
    async (_name, route) => {
      const answer = await ask(route, route.open ? undefined : services.signIn());
      expect(answer.status).toBe(route.success.status);
      if (route.success.schema) {
        const body: unknown = await answer.json();
        expect(route.success.schema.safeParse(body).error).toBeUndefined();
      }
      expect(answer.headers.has('etag')).toBe(route.success.etag === true);
      expect(answer.headers.has('location')).toBe(route.success.location === true);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  test.each(routes.filter((route) => !route.open).map((route) => [route.operationId, route] as const))(
    '%s refuses strangers and asks no service',
    async (_name, route) => {
      const answer = await ask(route);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'SESSION_INVALID', status: 401 });
      expect(services.calls).toEqual([]);
    },
  );

  test('passes the caller’s own token on', async () => {
    const token = services.signIn();
    await gateway.request('/api/providers', { token });
    expect(services.calls.at(-1)).toMatchObject({ method: 'ListProviders', authorization: `Bearer ${token}` });
  });

  const withId = routes.filter((route) => route.path.includes('{id}') && !route.webhook);

  test.each(withId.map((route) => [route.operationId, route] as const))(
    '%s refuses an id that is no UUID',
    async (_name, route) => {
      const { json } = validRequests[route.operationId] ?? {};
      const answer = await gateway.request(route.path.replace('{id}', 'x'), {
        method: route.method.toUpperCase(),
        token: services.signIn(),
        ...(json === undefined ? {} : { json }),
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ pointer: '{id}' }] });
      expect(idParameters.safeParse({ id: 'x' }).success).toBe(false);
    },
  );

  test.each([...new Set(routes.map((route) => route.path))])(
    '%s names its methods when another is used',
    async (path) => {
      const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
      const answer = await gateway.request(path.replace('{id}', sampleIds.appointment), { method: 'PATCH' });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(methods));
    },
  );
});
