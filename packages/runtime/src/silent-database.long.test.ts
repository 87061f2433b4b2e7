import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Lifecycle } from './lifecycle.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { query } from './postgres.ts';
import { listen } from './postgres-listen.ts';
import { commitSample, countUnpublished, sampleStream, startHarness } from './test-support/messaging-harness.ts';
import type { Harness } from './test-support/messaging-harness.ts';
import { silentLogger, until } from './testing.ts';

jest.setTimeout(60_000);
let harness: Harness;
let hop: Awaited<ReturnType<typeof startHop>>;
let lifecycle: Lifecycle;

beforeEach(async () => {
  harness = await startHarness();
  hop = await startHop(Number(new URL(harness.databaseUrl).port));
  lifecycle = new Lifecycle();
});
afterEach(async () => {
  hop.stop();
  await lifecycle.shutdown();
  await harness.close();
});

/** A hop to the database that can swallow what passes on every connection there is; new ones are sound. */
async function startHop(targetPort: number): Promise<{ port: number; swallow(): void; stop(): void }> {
  const sockets = new Set<Socket>();
  let swallowing = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data: Buffer) => void (swallowing.has(from) || to.write(data)));
      from.on('error', () => undefined).on('close', () => void (swallowing.has(from) || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => {
      swallowing = new Set(sockets);
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const throughHop = (): string => Object.assign(new URL(harness.databaseUrl), { port: String(hop.port) }).href;

/** Ends the sessions whose clients the network swallowed, as their server does once its keepalives stay unanswered. */
function endSessions(): Promise<unknown> {
  return query(harness.database, {
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'daybook-outbox-relay'`,
  });
}

test('a relay whose database fell silent in the middle of a statement publishes again within seconds', async () => {
  const { nats } = harness.connect(lifecycle);
  const relay = startOutboxRelay({
    ...{ database: harness.database, databaseUrl: throughHop(), nats, lifecycle, pollMs: 200 },
    stream: sampleStream,
    logger: silentLogger,
  });
  await until(() => relay.leading, { what: 'a leader' });
  hop.swallow();
  await commitSample(harness.database, randomUUID(), 1);
  await endSessions();
  await until(async () => (await countUnpublished(harness.database)) === 0, {
    timeoutMs: 15_000,
    what: 'the event to be published',
  });
});

test('a listener whose database fell silent hears again within seconds', async () => {
  let heard = 0;
  listen({ url: throughHop(), channel: 'bell', onNotify: () => (heard += 1), logger: silentLogger, lifecycle });
  const ring = (): Promise<unknown> => query(harness.database, { text: `SELECT pg_notify('bell', '')` });
  // The first is the connection itself.
  await until(() => heard === 1, { what: 'the listener' });
  await ring();
  await until(() => heard === 2, { what: 'the first bell' });
  hop.swallow();
  await until(async () => (await ring(), heard > 3), { timeoutMs: 15_000, intervalMs: 500, what: 'another bell' });
});
