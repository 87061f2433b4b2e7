import { randomUUID } from 'node:crypto';
import { listChangesSince } from './outbox.ts';
import { registry } from './metrics.ts';
import { query, withTransaction } from './postgres.ts';
import {
  appendSample,
  commitSample,
  countUnpublished,
  readStream,
  startHarness,
} from './test-support/messaging-harness.ts';
import type { Harness, SampleEvent } from './test-support/messaging-harness.ts';
import { until } from './testing.ts';
import { runWithTrace } from './trace-context.ts';

jest.setTimeout(60_000);
let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

function versionsOf(events: SampleEvent[], aggregate: string): number[] {
  return events.filter((event) => event.aggregate === aggregate).map((event) => event.version);
}

const allPublished = (): Promise<true> =>
  until(async () => (await countUnpublished(harness.database)) === 0, {
    timeoutMs: 30_000,
    what: 'an empty outbox',
  }).then(() => true);

test('publishes in order within an aggregate, each event once, with its trace', async () => {
  const { nats } = harness.connect();
  harness.startRelay();
  const aggregates = [randomUUID(), randomUUID(), randomUUID()];
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await runWithTrace(traceparent, async () => {
    for (let version = 1; version <= 20; version += 1) {
      await Promise.all(aggregates.map((aggregate) => commitSample(harness.database, aggregate, version)));
    }
  });
  await allPublished();
  const events = await readStream(nats);
  expect(events).toHaveLength(60);
  for (const aggregate of aggregates) {
    expect(versionsOf(events, aggregate)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }
  const manager = await (await nats.connection()).jetstreamManager();
  const first = await manager.streams.getMessage('SAMPLES', { seq: 1 });
  expect(first.header.get('traceparent')).toContain('0af7651916cd43dd8448eb211c80319c');
});

test('NOTIFY wakes the relay long before its poll', async () => {
  const { nats } = harness.connect();
  const { relay } = harness.startRelay(30_000);
  await until(() => relay.leading && nats.connected, { what: 'a leader' });
  await commitSample(harness.database, randomUUID(), 1);
  await until(async () => (await readStream(nats)).length === 1, { timeoutMs: 3000, what: 'the event' });
});

test('a second relay takes over when the leader goes, and when its session is killed', async () => {
  const { nats } = harness.connect();
  const first = harness.startRelay();
  await until(() => first.relay.leading, { what: 'the first leader' });
  const second = harness.startRelay();
  const aggregate = randomUUID();
  await commitSample(harness.database, aggregate, 1);
  await allPublished();
  expect(second.relay.leading).toBe(false);
  await query(harness.database, {
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'daybook-outbox-relay' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)`,
  });
  await until(() => first.relay.leading !== second.relay.leading, { what: 'one leader after the kill' });
  await commitSample(harness.database, aggregate, 2);
  await allPublished();
  const leader = first.relay.leading ? first : second;
  const other = leader === first ? second : first;
  await leader.lifecycle.shutdown();
  await until(() => other.relay.leading, { what: 'the other to lead' });
  await commitSample(harness.database, aggregate, 3);
  await allPublished();
  expect(versionsOf(await readStream(nats), aggregate)).toEqual([1, 2, 3]);
});

test('with the broker down commits go on, and the relay catches up', async () => {
  const { nats } = harness.connect();
  harness.startRelay();
  const aggregate = randomUUID();
  await commitSample(harness.database, aggregate, 1);
  await allPublished();
  await harness.broker.stop();
  for (let version = 2; version <= 30; version += 1) await commitSample(harness.database, aggregate, version);
  expect(await countUnpublished(harness.database)).toBe(29);
  const metrics = await registry.metrics();
  expect(metrics).toMatch(/daybook_outbox_unpublished 29/);
  await harness.broker.start();
  await allPublished();
  expect(versionsOf(await readStream(nats), aggregate)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

test('a wiped broker and a stream deleted by hand get every kept event again', async () => {
  const { nats } = harness.connect();
  harness.startRelay();
  const aggregate = randomUUID();
  for (let version = 1; version <= 5; version += 1) await commitSample(harness.database, aggregate, version);
  await allPublished();
  await harness.broker.wipe();
  const whole = (length: number): Promise<unknown> =>
    until(
      async () => {
        const versions = versionsOf(await readStream(nats), aggregate);
        return versions.length === length && versions.every((version, index) => version === index + 1);
      },
      { timeoutMs: 30_000, what: `${length} events in the new stream` },
    );
  await whole(5);
  const manager = await (await nats.connection()).jetstreamManager();
  await manager.streams.delete('SAMPLES');
  await commitSample(harness.database, aggregate, 6);
  await whole(6);
});

test('a broker wiped while no relay ran is noticed by the next one', async () => {
  const { nats } = harness.connect();
  const first = harness.startRelay();
  await commitSample(harness.database, randomUUID(), 1);
  await allPublished();
  await first.lifecycle.shutdown();
  await harness.broker.wipe();
  harness.startRelay();
  await until(async () => (await readStream(nats)).length === 1, { timeoutMs: 30_000, what: 'the event again' });
});

test('an event too large for the broker holds up only its own aggregate', async () => {
  const { nats } = harness.connect();
  harness.startRelay();
  const [large, fine] = [randomUUID(), randomUUID()];
  await withTransaction(harness.database, async (tx) => {
    await appendSample(tx, large, 1);
    await query(tx, { text: `UPDATE outbox SET payload = decode(repeat('00', 2 * 1024 * 1024), 'hex')` });
    await appendSample(tx, large, 2);
    await appendSample(tx, fine, 1);
  });
  await until(async () => (await readStream(nats)).length === 1, { what: 'the other aggregate' });
  await commitSample(harness.database, fine, 2);
  await until(async () => (await readStream(nats)).length === 2, { what: 'its next event' });
  expect(versionsOf(await readStream(nats), fine)).toEqual([1, 2]);
  expect(await countUnpublished(harness.database)).toBe(2);
});

test('published rows beyond their retention are deleted, unpublished ones never', async () => {
  await commitSample(harness.database, randomUUID(), 1);
  await query(harness.database, { text: `UPDATE outbox SET published_at = now() - interval '8 days'` });
  const kept = await commitSample(harness.database, randomUUID(), 1);
  await harness.broker.stop();
  harness.startRelay();
  await until(
    async () => {
      const rows = await query<{ id: string }>(harness.database, { text: 'SELECT event_id AS id FROM outbox' });
      return rows.length === 1 && rows[0]?.id === kept;
    },
    { what: 'the old row to go' },
  );
});

describe('listChangesSince', () => {
  test('never passes a row whose transaction commits late', async () => {
    const [slow, quick] = [randomUUID(), randomUUID()];
    const release = Promise.withResolvers<void>();
    const inserted = Promise.withResolvers<void>();
    const first = await commitSample(harness.database, quick, 1);
    const start = await listChangesSince(harness.database, 0, 100);
    expect(start.changes).toHaveLength(1);
    // A transaction that began earlier than the slow one, but takes its sequence number after it.
    const earlierBegan = Promise.withResolvers<void>();
    const earlier = withTransaction(harness.database, async (tx) => {
      await query(tx, { text: 'SELECT pg_current_xact_id()' });
      earlierBegan.resolve();
      await inserted.promise;
      await appendSample(tx, quick, 2);
    });
    await earlierBegan.promise;
    const late = withTransaction(harness.database, async (tx) => {
      await appendSample(tx, slow, 1);
      inserted.resolve();
      await release.promise;
    });
    await inserted.promise;
    await earlier;
    const during = await listChangesSince(harness.database, start.safeSequence, 100);
    expect(during).toEqual({ changes: [], safeSequence: start.safeSequence });
    const fromStart = await listChangesSince(harness.database, 0, 100);
    expect(fromStart.changes.map(({ event }) => (JSON.parse(Buffer.from(event).toString()) as SampleEvent).id)).toEqual(
      [first],
    );
    release.resolve();
    await late;
    const after = await listChangesSince(harness.database, during.safeSequence, 100);
    expect(after.changes).toHaveLength(2);
  });

  test('a reader that follows 400 concurrent commits sees each exactly once', async () => {
    const seen: number[] = [];
    let writing = true;
    let position = 0;
    const read = async (): Promise<void> => {
      const page = await listChangesSince(harness.database, position, 17);
      seen.push(...page.changes.map((change) => change.sequence));
      position = page.safeSequence;
    };
    const reader = (async () => {
      while (writing) await read();
    })();
    const write = async (): Promise<void> => {
      for (let version = 1; version <= 100; version += 1) {
        await withTransaction(harness.database, async (tx) => {
          await appendSample(tx, randomUUID(), version);
          // Every few transactions one stays open a little, and some are rolled back and leave gaps.
          if (version % 7 === 0) await query(tx, { text: 'SELECT pg_sleep(0.02)' });
          if (version % 10 === 0) throw new Error('rolled back');
        }).catch(() => undefined);
      }
    };
    await Promise.all([write(), write(), write(), write()]);
    writing = false;
    await reader;
    for (let page = 0; page < 50; page += 1) await read();
    const rows = await query<{ seq: number }>(harness.database, { text: 'SELECT seq FROM outbox ORDER BY seq' });
    expect(rows).toHaveLength(360);
    expect(seen).toEqual(rows.map((row) => row.seq));
  });
});
