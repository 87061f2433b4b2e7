import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AckPolicy, DeliverPolicy, nanos } from 'nats';
import { ensureConsumer, startConsumer } from './consumer.ts';
import { DomainError } from './errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import { ensureStream } from './nats.ts';
import type { NatsHandle } from './nats.ts';
import { query } from './postgres.ts';
import { sampleStream, startHarness } from './test-support/messaging-harness.ts';
import type { Harness, SampleEvent } from './test-support/messaging-harness.ts';
import { silentLogger, until } from './testing.ts';

jest.setTimeout(60_000);
let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const durable = 'sample-reader';
const subject = 'daybook.samples.v1.changed';

type Overrides = Partial<
  Pick<Parameters<typeof startConsumer<SampleEvent>>[0], 'handle' | 'onCommitted' | 'maxDeliverBeforeDlq'>
>;

function start(overrides: Overrides = {}): { nats: NatsHandle; lifecycle: Lifecycle } {
  const { nats, lifecycle } = harness.connect();
  startConsumer<SampleEvent>({
    nats,
    lifecycle,
    stream: sampleStream,
    durable,
    filter: 'daybook.samples.>',
    database: harness.database,
    decode: (data) => JSON.parse(Buffer.from(data).toString()) as SampleEvent,
    eventId: (event) => event.id,
    handle: async (tx, event) => {
      await query(tx, { text: 'INSERT INTO samples (id, label) VALUES ($1, $2)', values: [event.id, event.id] });
    },
    logger: silentLogger,
    ...overrides,
  });
  return { nats, lifecycle };
}

async function publish(nats: NatsHandle, event: SampleEvent | string): Promise<void> {
  const connection = await nats.connection();
  await ensureStream(connection, sampleStream);
  const data = typeof event === 'string' ? event : JSON.stringify(event);
  await connection.jetstream().publish(subject, data);
}

function makeEvent(): SampleEvent {
  return { id: randomUUID(), aggregate: randomUUID(), version: 1 };
}

async function countSamples(): Promise<number> {
  const [row] = await query<{ count: number }>(harness.database, { text: 'SELECT count(*) AS count FROM samples' });
  return row?.count ?? -1;
}

async function readConsumerInfo(nats: NatsHandle): Promise<{ waiting: number; unacknowledged: number }> {
  const manager = await (await nats.connection()).jetstreamManager();
  const info = await manager.consumers.info(sampleStream.name, durable);
  return { waiting: info.num_pending, unacknowledged: info.num_ack_pending };
}

const drained = (nats: NatsHandle): Promise<unknown> =>
  until(
    async () => {
      const { waiting, unacknowledged } = await readConsumerInfo(nats);
      return waiting === 0 && unacknowledged === 0;
    },
    { what: 'every message to be acknowledged' },
  );

test('the same event delivered three times takes effect once', async () => {
  const { nats } = start();
  const event = makeEvent();
  for (let copy = 0; copy < 3; copy += 1) await publish(nats, event);
  await until(async () => (await countSamples()) === 1, { what: 'the effect' });
  await drained(nats);
  expect(await countSamples()).toBe(1);
});

test('an event whose acknowledgement failed after the commit is delivered again without a second effect', async () => {
  const event = makeEvent();
  let applied = 0;
  const dying = harness.connect();
  await publish(dying.nats, event);
  const connection = await dying.nats.connection();
  const manager = await connection.jetstreamManager();
  const { lifecycle } = start({
    onCommitted: () => {
      applied += 1;
      void lifecycle.shutdown();
      throw new Error('killed after commit');
    },
  });
  await until(() => applied === 1, { what: 'the first commit' });
  await lifecycle.shutdown();
  const { num_ack_pending: unacknowledged } = await manager.consumers.info(sampleStream.name, durable);
  expect(unacknowledged).toBe(1);
  expect(await countSamples()).toBe(1);
  const next = start({ onCommitted: () => (applied += 1) });
  await drained(next.nats);
  expect(applied).toBe(1);
  expect(await countSamples()).toBe(1);
});

test('what arrives while the process is held up beyond the end of a pull is handled, not thrown away', async () => {
  const { nats } = start();
  await publish(nats, makeEvent());
  await until(async () => (await countSamples()) === 1, { what: 'the first effect' });
  const elsewhere = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     require('nats').connect({ servers: workerData.url }).then((connection) => {
       parentPort.on('message', (data) => connection.jetstream().publish(workerData.subject, data));
       parentPort.postMessage('ready');
     });`,
    { eval: true, workerData: { url: harness.broker.url, subject } },
  );
  try {
    await once(elsewhere, 'message');
    for (let round = 1; round <= 3; round += 1) {
      elsewhere.postMessage(JSON.stringify(makeEvent()));
      // Longer than a pull: its timer is over when the process next looks at its socket, where the message lies.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
      await until(async () => (await countSamples()) === 1 + round, { timeoutMs: 15_000, what: `effect ${round}` });
    }
  } finally {
    await elsewhere.terminate();
  }
});

/** As a version with another patience would make it. */
async function makeConsumer(patienceMs: number, filter = 'daybook.samples.>'): Promise<void> {
  const { nats } = harness.connect();
  const connection = await nats.connection();
  await ensureStream(connection, sampleStream);
  await (
    await connection.jetstreamManager()
  ).consumers.add(sampleStream.name, {
    durable_name: durable,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(patienceMs),
    max_deliver: -1,
    max_ack_pending: 1000,
  });
}

test('of a consumer with less patience nothing is delivered again while it waits for its turn', async () => {
  await makeConsumer(1000);
  const { nats } = start({
    handle: async (tx, event) => {
      const text = 'INSERT INTO samples (id, label) SELECT $1, $2 FROM pg_sleep(0.4)';
      await query(tx, { text, values: [event.id, event.id] });
    },
  });
  for (let index = 0; index < 10; index += 1) await publish(nats, makeEvent());
  await until(async () => (await countSamples()) === 10, { timeoutMs: 30_000, what: 'the effects' });
  await drained(nats);
  const manager = await (await nats.connection()).jetstreamManager();
  const { delivered, config } = await manager.consumers.info(sampleStream.name, durable);
  expect(config.ack_wait).toBe(nanos(1000));
  expect(delivered.consumer_seq).toBe(10);
});

test('a consumer of that name that reads other subjects is not taken for ours', async () => {
  await makeConsumer(30_000, 'daybook.samples.v9.>');
  const { nats } = harness.connect();
  const spec = { stream: sampleStream.name, durable, filter: 'daybook.samples.>' };
  await expect(ensureConsumer(await nats.connection(), spec)).rejects.toThrow(/consumer/);
});

test('a handler that fails twice is tried again until it commits', async () => {
  let tries = 0;
  const { nats } = start({
    handle: async (tx, event, meta) => {
      tries += 1;
      await query(tx, { text: 'INSERT INTO samples (id, label) VALUES ($1, $2)', values: [event.id, event.id] });
      if (tries < 3) throw new Error(`try ${tries}`);
      expect(meta.redelivered).toBe(true);
    },
  });
  await publish(nats, makeEvent());
  await until(async () => (await countSamples()) === 1, { what: 'the effect' });
  await drained(nats);
  expect(tries).toBe(3);
});

async function readDeadLetter(nats: NatsHandle): Promise<{ text: string; reason: string; subject: string }> {
  const manager = await (await nats.connection()).jetstreamManager();
  const letter = await until(() => manager.streams.getMessage('DAYBOOK_DLQ', { seq: 1 }), { what: 'a dead letter' });
  return {
    text: letter.string(),
    reason: letter.header.get('Daybook-Reason'),
    subject: letter.header.get('Daybook-Subject'),
  };
}

test('an undecodable message goes whole to the dead letters and delays nobody', async () => {
  const { nats } = start();
  await publish(nats, 'no json');
  await publish(nats, makeEvent());
  await until(async () => (await countSamples()) === 1, { what: 'the good message' });
  const letter = await readDeadLetter(nats);
  expect(letter).toMatchObject({ text: 'no json', subject });
  expect(letter.reason).toMatch(/^undecodable: /);
  await drained(nats);
});

test('a message that keeps failing is given up after so many deliveries; an outage gives up nothing', async () => {
  let outages = 0;
  const poison = makeEvent();
  const unlucky = makeEvent();
  const { nats } = start({
    maxDeliverBeforeDlq: 3,
    handle: async (tx, event) => {
      if (event.id === poison.id) throw new Error('this one is poison');
      if ((outages += 1) < 5) throw new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'away');
      await query(tx, { text: 'INSERT INTO samples (id, label) VALUES ($1, $2)', values: [event.id, event.id] });
    },
  });
  await publish(nats, poison);
  await publish(nats, unlucky);
  const letter = await readDeadLetter(nats);
  expect(letter).toMatchObject({ text: JSON.stringify(poison), reason: 'failed 3 times: this one is poison' });
  await until(async () => (await countSamples()) === 1, { timeoutMs: 20_000, what: 'the unlucky message' });
  await drained(nats);
});

test('a consumer deleted by hand, a stream deleted by hand and a wiped broker are made anew', async () => {
  const { nats } = start();
  let expected = 0;
  const works = async (): Promise<void> => {
    expected += 1;
    await until(
      async () => {
        await publish(nats, makeEvent());
        return (await countSamples()) >= expected;
      },
      { timeoutMs: 20_000, intervalMs: 200, what: 'messages to flow' },
    );
    expected = await countSamples();
  };
  await works();
  const manager = await (await nats.connection()).jetstreamManager();
  await manager.consumers.delete(sampleStream.name, durable);
  await works();
  await manager.streams.delete(sampleStream.name);
  await works();
  await harness.broker.wipe();
  await until(() => nats.connected, { what: 'the connection' });
  await works();
});

test('stopping puts what was fetched ahead back, so that the next process has it at once', async () => {
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const { nats, lifecycle } = start({
    handle: async () => {
      begun += 1;
      await gate.promise;
    },
  });
  for (let index = 0; index < 20; index += 1) await publish(nats, makeEvent());
  await until(() => begun === 1, { what: 'the first message in hand' });
  const stopped = lifecycle.shutdown();
  gate.resolve();
  await stopped;
  expect(begun).toBe(1);
  const { nats: nextNats } = start();
  await until(async () => (await countSamples()) === 19, { timeoutMs: 8000, what: 'the rest' });
  const manager = await (await nextNats.connection()).jetstreamManager();
  const { delivered } = await manager.consumers.info(sampleStream.name, durable);
  // Each message at most once to either process: handing back must not make the broker deliver to the one that stops.
  expect(delivered.consumer_seq).toBeLessThanOrEqual(39);
});
