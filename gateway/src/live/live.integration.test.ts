import { randomUUID } from 'node:crypto';
import { encodeCalendarSyncEvent, encodeSchedulingEvent } from '@daybook/protos/codecs';
import { toTimestamp } from '@daybook/protos/instant';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { connectNats, ensureStream } from '@daybook/runtime/nats';
import { silentLogger, testNats, until } from '@daybook/runtime/testing';
import type { TestNats } from '@daybook/runtime/testing';
import { startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { sampleAppointment, sampleIds, sampleUser } from '../test-support/samples.ts';
import { startTestGateway } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';

jest.setTimeout(30_000);

const specs = [
  { name: 'DAYBOOK_SCHEDULING', subjects: ['daybook.scheduling.v1.>'], maxAgeDays: 7 },
  { name: 'DAYBOOK_CALENDARSYNC', subjects: ['daybook.calendarsync.v1.>'], maxAgeDays: 7 },
];

let services: FakeServices;
let nats: TestNats;
let gateway: TestGateway;
const publisher = new Lifecycle();
let broker: ReturnType<typeof connectNats>;

async function makeStreams(): Promise<void> {
  for (const spec of specs) await ensureStream(await broker.connection(), spec);
}

beforeAll(async () => {
  services = await startFakeServices();
  nats = await testNats();
  broker = connectNats({ url: nats.url, name: 'test', logger: silentLogger, lifecycle: publisher });
  await makeStreams();
  gateway = await startTestGateway(services, { NATS_URL: nats.url, LIVE_HEARTBEAT_MS: '200' });
});
afterAll(async () => {
  await gateway.stop();
  await publisher.shutdown();
  await nats.close();
  await services.stop();
});

type Listener = {
  text(): string;
  events(): string[];
  changes(): unknown[];
  lastId(): string;
  ended(): boolean;
  status: number;
  close(): void;
};

/** Listens as a browser would, and keeps what came. */
async function listen(token: string, headers: Record<string, string> = {}, at = gateway): Promise<Listener> {
  const abort = new AbortController();
  const answer = await at.request('/api/live', { token, headers, signal: abort.signal });
  let text = '';
  let ended = answer.body === null;
  void (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    } catch {
      // Closed by the test.
    }
    ended = true;
  })();
  const fields = (name: string): string[] =>
    [...text.matchAll(new RegExp(`^${name}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
  return {
    text: () => text,
    events: () => fields('event'),
    changes: () => fields('data').map((data) => JSON.parse(data) as unknown),
    lastId: () => fields('id').at(-1) ?? '',
    ended: () => ended,
    status: answer.status,
    close: () => abort.abort(),
  };
}

/** Listens once the feed from the broker stands. */
async function listenLive(token: string, headers: Record<string, string> = {}): Promise<Listener> {
  return until(async () => {
    const listener = await listen(token, headers);
    await until(() => listener.text() !== '');
    if (!listener.events().includes('degraded')) return listener;
    listener.close();
    return false;
  });
}

async function publishBooked(version: number, organizationId = sampleUser.organizationId): Promise<void> {
  const event = encodeSchedulingEvent({
    eventId: randomUUID(),
    organizationId,
    occurredAt: toTimestamp(new Date()),
    aggregateId: sampleIds.appointment,
    aggregateVersion: version,
    appointmentBooked: { appointment: sampleAppointment as never },
  });
  const connection = await broker.connection();
  await connection.jetstream().publish('daybook.scheduling.v1.appointment.booked', event);
}

async function publishSynced(): Promise<void> {
  const event = encodeCalendarSyncEvent({
    eventId: randomUUID(),
    organizationId: sampleUser.organizationId,
    aggregateId: sampleIds.appointment,
    aggregateVersion: 1,
    appointmentSyncChanged: {
      appointmentId: sampleIds.appointment,
      appointmentVersion: 4,
      state: 'SYNC_STATE_IN_STEP',
    },
  });
  await (await broker.connection()).jetstream().publish('daybook.calendarsync.v1.appointment.synced', event);
}

test('two tabs hear both streams, another organisation hears nothing, and no hint names a person', async () => {
  const [one, two] = [await listenLive(services.signIn()), await listenLive(services.signIn())];
  const stranger = await listenLive(services.signIn({ organizationId: randomUUID() }));
  await publishBooked(4);
  await publishSynced();
  for (const tab of [one, two]) {
    await until(() => tab.changes().length === 2, { what: 'both hints' });
    expect(tab.changes()).toEqual(
      expect.arrayContaining([
        { kind: 'appointment', id: sampleIds.appointment, version: 4 },
        { kind: 'sync', id: sampleIds.appointment, version: 4 },
      ]),
    );
    expect(tab.text()).not.toContain('Grace');
  }
  await until(() => stranger.text().includes(': still here'), { what: 'a heartbeat' });
  expect(stranger.events()).toEqual([]);
  for (const tab of [one, two, stranger]) tab.close();
});

test('a returning browser gets what it missed, or is told to read everything again', async () => {
  const token = services.signIn();
  const before = await listenLive(token);
  await publishBooked(5);
  await until(() => before.changes().length === 1);
  const id = before.lastId();
  before.close();
  await publishBooked(6);
  const back = await listenLive(token, { 'last-event-id': id });
  await until(() => back.changes().length === 1);
  expect(back.changes()).toEqual([{ kind: 'appointment', id: sampleIds.appointment, version: 6 }]);
  const lost = await listenLive(token, { 'last-event-id': 'from.1-elsewhere.2' });
  await until(() => lost.events().includes('resync'));
  for (const listener of [back, lost]) listener.close();
});

test('a stream ends within a second of its session', async () => {
  const sessionId = randomUUID();
  const listener = await listenLive(services.signIn({ sessionId }));
  const other = await listenLive(services.signIn());
  services.revoke(sessionId);
  await until(() => listener.ended(), { timeoutMs: 1000, what: 'the end of the stream' });
  expect(other.ended()).toBe(false);
  other.close();
});

test('a stream outlives its access token only as long as auth says the session lives', async () => {
  const sessionId = randomUUID();
  const listener = await listenLive(services.signIn({ sessionId, lifetimeSeconds: 1 }));
  await until(() =>
    services.calls.some((call) => call.method === 'CheckSession' && call.request['sessionId'] === sessionId),
  );
  expect(listener.ended()).toBe(false);
  services.script('CheckSession', () => ({ active: false }));
  await until(() => listener.ended());
  services.reset();
});

test('a session has at most six streams', async () => {
  const token = services.signIn();
  const open: Listener[] = [];
  for (let count = 0; count < 6; count += 1) open.push(await listenLive(token));
  const refused = await listen(token);
  expect(refused.status).toBe(429);
  open[0]?.close();
  await until(async () => {
    const again = await listen(token);
    open.push(again);
    return again.status === 200;
  });
  for (const listener of open) listener.close();
});

test('a broker that goes away is told at once, and its return means reading everything again', async () => {
  const listener = await listenLive(services.signIn());
  await nats.stop();
  await until(() => listener.events().includes('degraded'), { what: 'degraded' });
  const late = await listen(services.signIn());
  await until(() => late.events().includes('degraded'));
  expect(late.status).toBe(200);
  await nats.start();
  for (const each of [listener, late]) {
    await until(() => each.events().includes('restored') && each.events().at(-1) === 'resync', { what: 'restored' });
  }
  await publishBooked(9);
  await until(() => listener.events().at(-1) === 'change', { what: 'hints after the return' });
  await nats.wipe();
  await until(
    async () =>
      makeStreams().then(
        () => true,
        () => false,
      ),
    { what: 'new streams' },
  );
  await until(() => listener.events().at(-1) === 'resync', { what: 'the re-made streams' });
  await publishBooked(10);
  await until(() => late.events().at(-1) === 'change', { what: 'hints from the re-made stream' });
  for (const each of [listener, late]) each.close();
});

test('going down says goodbye with a time to return, and ends', async () => {
  const own = await startTestGateway(services, { NATS_URL: nats.url });
  const listener = await listen(services.signIn(), {}, own);
  await until(() => listener.text() !== '');
  const down = own.stop();
  await until(() => listener.ended());
  expect(listener.events()).toContain('goodbye');
  expect(Number(/^retry: (\d+)$/m.exec(listener.text())?.[1])).toBeGreaterThanOrEqual(1000);
  await down;
});
