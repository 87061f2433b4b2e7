import { DomainError } from '@daybook/runtime/errors';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { sampleIds } from '../test-support/samples.ts';
import { startTestGateway } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';

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

const path = `/webhooks/calcom/${sampleIds.connection}`;

function deliver(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.request(path, { method: 'POST', body: body as string, headers });
}

test('hands on the very bytes, with the signature, in the gateway’s own name', async () => {
  // Spaces, an order and an escape that parsing and writing again would lose, and a byte that is not UTF-8.
  const bytes = Buffer.concat([Buffer.from('{ "b":1,\n "a":"\\u0041" }'), Buffer.from([0xff])]);
  const answer = await deliver(bytes, {
    'content-type': 'application/json',
    'x-cal-signature-256': 'abc',
    'x-cal-webhook-version': '2021-10-20',
  });
  expect(answer.status).toBe(204);
  const call = services.calls.find(({ method }) => method === 'ReceiveWebhook');
  expect(call?.authorization).toBe('Service gateway:sync-secret');
  expect(call?.request).toMatchObject({
    connectionId: sampleIds.connection,
    signature: 'abc',
    webhookVersion: '2021-10-20',
  });
  expect(Buffer.compare(call?.request['body'] as Buffer, bytes)).toBe(0);
});

test('needs neither a session nor an origin of ours, and reads forms too', async () => {
  const answer = await deliver('a=1', {
    origin: 'https://cal.com',
    'sec-fetch-site': 'cross-site',
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(answer.status).toBe(204);
});

test('no person’s credential is passed on', async () => {
  await gateway.request(path, { method: 'POST', body: 'x', token: services.signIn() });
  expect(services.calls.at(-1)?.authorization).toBe('Service gateway:sync-secret');
});

test('at most 256 kB, and not unpacked', async () => {
  expect((await deliver(Buffer.alloc(256 * 1024, 'x'))).status).toBe(204);
  const large = await deliver(Buffer.alloc(256 * 1024 + 1, 'x'));
  expect([large.status, await large.json()]).toMatchObject([413, { code: 'PAYLOAD_TOO_LARGE' }]);
  expect((await deliver('x', { 'content-encoding': 'gzip' })).status).toBe(415);
});

test('a refusal is one answer, whatever it is for', async () => {
  services.script('ReceiveWebhook', () => {
    throw new DomainError('unauthenticated', 'WEBHOOK_REFUSED', 'The webhook was refused.');
  });
  const known = await deliver('{}');
  const unknown = await gateway.request('/webhooks/calcom/nobody', { method: 'POST', body: '{}' });
  const strip = async (answer: Response) => {
    const { instance: _instance, traceId: _traceId, ...rest } = (await answer.json()) as Record<string, unknown>;
    return [answer.status, rest];
  };
  expect(await strip(known)).toEqual(await strip(unknown));
  expect(known.status).toBe(401);
});

test('a gateway without a secret towards calendar sync takes none', async () => {
  const bare = await startTestGateway(services, { CALENDAR_SYNC_SERVICE_TOKEN: '' });
  const answer = await bare.request(path, { method: 'POST', body: '{}' });
  expect([answer.status, services.calls.some(({ method }) => method === 'ReceiveWebhook')]).toEqual([401, false]);
  await bare.stop();
});

test('has a limit of its own, which leaves the app alone', async () => {
  const limited = await startTestGateway(services, { WEBHOOK_RATE_PER_MINUTE: '3' });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) {
    statuses.push((await limited.request(path, { method: 'POST', body: '{}' })).status);
  }
  expect(statuses).toEqual([204, 204, 204, 429]);
  expect((await limited.request('/api/providers', { token: services.signIn() })).status).toBe(200);
  await limited.stop();
});
