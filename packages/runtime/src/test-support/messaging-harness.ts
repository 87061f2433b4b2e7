import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Lifecycle } from '../lifecycle.ts';
import { connectNats } from '../nats.ts';
import type { NatsHandle, StreamSpec } from '../nats.ts';
import { appendToOutbox } from '../outbox.ts';
import { startOutboxRelay } from '../outbox-relay.ts';
import type { OutboxRelay } from '../outbox-relay.ts';
import { query, withTransaction } from '../postgres.ts';
import type { Database, Tx } from '../postgres.ts';
import { silentLogger, testDatabase, testNats, until } from '../testing.ts';
import type { TestNats } from '../testing.ts';

/** Where the sample migrations of these tests lie. */
export const sampleMigrations = join(__dirname, 'migrations');

/** The stream these tests fill. */
export const sampleStream: StreamSpec = { name: 'SAMPLES', subjects: ['daybook.samples.>'], maxAgeDays: 7 };

/** A message of these tests. */
export type SampleEvent = { id: string; aggregate: string; version: number };

/** A database and a broker of one test. */
export type Harness = {
  database: Database;
  databaseUrl: string;
  broker: TestNats;
  /** A broker connection of a process that lives until its lifecycle ends or the test does. */
  connect(lifecycle?: Lifecycle): { nats: NatsHandle; lifecycle: Lifecycle };
  startRelay(pollMs?: number): { relay: OutboxRelay; lifecycle: Lifecycle };
  close(): Promise<void>;
};

/** Starts both servers' parts of one test. */
export async function startHarness(): Promise<Harness> {
  const [{ database, url, drop }, broker] = await Promise.all([
    testDatabase({ migrations: sampleMigrations }),
    testNats(),
  ]);
  const lifecycles: Lifecycle[] = [];
  const connect = (lifecycle = new Lifecycle()): { nats: NatsHandle; lifecycle: Lifecycle } => {
    lifecycles.push(lifecycle);
    return { nats: connectNats({ url: broker.url, name: 'test', logger: silentLogger, lifecycle }), lifecycle };
  };
  return {
    database,
    databaseUrl: url,
    broker,
    connect,
    startRelay: (pollMs = 200) => {
      const { nats, lifecycle } = connect();
      const relay = startOutboxRelay({
        ...{ database, databaseUrl: url, nats, lifecycle, pollMs },
        stream: sampleStream,
        logger: silentLogger,
      });
      return { relay, lifecycle };
    },
    close: async () => {
      await Promise.all(lifecycles.map((lifecycle) => lifecycle.shutdown()));
      await Promise.all([drop(), broker.close()]);
    },
  };
}

/** Appends one event inside a transaction. */
export async function appendSample(tx: Tx, aggregate: string, version: number, id = randomUUID()): Promise<string> {
  const event: SampleEvent = { id, aggregate, version };
  await appendToOutbox(tx, [
    {
      eventId: id,
      subject: 'daybook.samples.v1.changed',
      aggregateId: aggregate,
      aggregateVersion: version,
      payload: Buffer.from(JSON.stringify(event)),
      occurredAt: new Date(),
    },
  ]);
  return id;
}

/** Appends one event in a transaction of its own. */
export function commitSample(database: Database, aggregate: string, version: number): Promise<string> {
  return withTransaction(database, (tx) => appendSample(tx, aggregate, version));
}

/** What the broker holds of the sample stream, in stream order. */
export async function readStream(nats: NatsHandle): Promise<SampleEvent[]> {
  // After an outage the reader's own connection may come back later than the relay's.
  await until(() => nats.connected, { what: 'the reader to be connected' });
  const connection = await nats.connection();
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info(sampleStream.name);
  const events: SampleEvent[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
    const message = await manager.streams.getMessage(sampleStream.name, { seq });
    events.push(JSON.parse(message.string()) as SampleEvent);
  }
  return events;
}

/** How many events wait for the broker. */
export async function countUnpublished(database: Database): Promise<number> {
  const [row] = await query<{ count: number }>(database, {
    text: 'SELECT count(*) AS count FROM outbox WHERE published_at IS NULL',
  });
  return row?.count ?? -1;
}
