import { setTimeout as delay } from 'node:timers/promises';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { fromTimestamp } from '@daybook/protos/instant';
import { connect } from 'nats';
import pg from 'pg';
import type { Row } from './report.ts';
import { percentile, show, summarize } from './statistics.ts';

/** Books one appointment; the argument tells bookings apart. */
export type Book = (index: number) => Promise<void>;

type Heard = { take(count: number): Promise<number[]>; stop(): Promise<void> };

/** A consumer of its own that notes how old each event is when it arrives. Both clocks are this machine's. */
async function hear(natsUrl: string): Promise<Heard> {
  const connection = await connect({ servers: natsUrl });
  const consumer = await connection.jetstream().consumers.get('DAYBOOK_SCHEDULING', {
    filterSubjects: ['daybook.scheduling.v1.appointment.booked'],
    // Only what comes from now on.
    opt_start_time: new Date().toISOString(),
    deliver_policy: 'by_start_time' as never,
  });
  const messages = await consumer.consume();
  const latencies: number[] = [];
  const reading = (async () => {
    for await (const message of messages) {
      const now = performance.timeOrigin + performance.now();
      const { occurredAt } = decodeSchedulingEvent(message.data);
      if (occurredAt) latencies.push(now - fromTimestamp(occurredAt).getTime());
    }
  })();
  return {
    async take(count) {
      for (const deadline = performance.now() + 15_000; latencies.length < count && performance.now() < deadline;)
        await delay(20);
      if (latencies.length < count) throw new Error(`only ${latencies.length} of ${count} events arrived`);
      return latencies.splice(0);
    },
    async stop() {
      await messages.close();
      await reading;
      await connection.close();
    },
  };
}

/** Copies of a booked event, as a booking would leave them in the outbox, with or without the notification. */
async function append(client: pg.Client, count: number, notify: boolean): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO outbox (event_id, subject, aggregate_id, aggregate_version, payload, headers, occurred_at)
      SELECT gen_random_uuid(), subject, gen_random_uuid(), 1, payload, '{}', now()
      FROM (SELECT subject, payload FROM outbox WHERE subject LIKE '%booked' ORDER BY seq DESC LIMIT 1) one,
        generate_series(1, $1::int)`,
    [count],
  );
  if (notify) await client.query(`SELECT pg_notify('outbox', '')`);
  await client.query('COMMIT');
}

/** How old outbox rows were when they had been published; the payload's own time is that of the copied booking. */
async function publishedAges(client: pg.Client, after: number, count: number): Promise<number[]> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(50)) {
    const { rows } = await client.query<{ age: number }>(
      `SELECT extract(epoch FROM published_at - occurred_at)::float8 * 1000 AS age FROM outbox
        WHERE seq > $1 AND published_at IS NOT NULL`,
      [after],
    );
    if (rows.length >= count) return rows.map(({ age }) => age);
  }
  throw new Error(`the relay did not publish ${count} events`);
}

async function lastSequence(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ last: string }>('SELECT coalesce(max(seq), 0) AS last FROM outbox');
  return Number(rows[0]?.last ?? 0);
}

/** P8: from the commit of a booking to a JetStream consumer's hands, at a fixed rate, in rounds. */
export async function benchPipeline(
  natsUrl: string,
  book: Book,
  options: { perSecond: number; seconds: number; rounds: number },
): Promise<Row[]> {
  const heard = await hear(natsUrl);
  const rounds: number[][] = [];
  let index = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const inFlight: Promise<void>[] = [];
    const begun = performance.now();
    const total = options.perSecond * options.seconds;
    for (let turn = 0; turn < total; turn += 1) {
      const wait = begun + (turn * 1000) / options.perSecond - performance.now();
      if (wait > 1) await delay(wait);
      inFlight.push(book(index));
      index += 1;
    }
    await Promise.all(inFlight);
    rounds.push(await heard.take(total));
  }
  await heard.stop();
  const median = summarize(rounds.map((ages) => percentile(ages, 0.5)));
  const tail = summarize(rounds.map((ages) => percentile(ages, 0.99)));
  return [
    {
      goal: 'P8',
      what: `commit to a JetStream consumer at ${options.perSecond}/s (${index} events), p50`,
      measured: `${show(median, 1)} ms`,
      wanted: '≤ 5 ms',
      met: median.median <= 5,
    },
    { goal: 'P8', what: 'the same, p99', measured: `${show(tail, 1)} ms`, wanted: '≤ 25 ms', met: tail.median <= 25 },
  ];
}

/** P8: what a lost notification costs, and how many events a second the relay publishes. Nobody else may write meanwhile. */
export async function benchRelay(adminUrl: string, options: { rounds: number; seconds: number }): Promise<Row[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const silent: number[] = [];
  const tails: number[] = [];
  const perSecond = 900;
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      const before = await lastSequence(client);
      await append(client, 1, false);
      silent.push(...(await publishedAges(client, before, 1)));
      const from = await lastSequence(client);
      const batches = options.seconds * 45;
      const begun = performance.now();
      for (let batch = 0; batch < batches; batch += 1) {
        const wait = begun + (batch * 1000) / 45 - performance.now();
        if (wait > 1) await delay(wait);
        await append(client, perSecond / 45, true);
      }
      tails.push(percentile(await publishedAges(client, from, options.seconds * perSecond), 0.99));
    }
  } finally {
    await client.end();
  }
  const tail = summarize(tails);
  const worst = Math.max(...silent);
  return [
    {
      goal: 'P8',
      what: `a notification lost: until the row is published, worst of ${silent.length}`,
      measured: `${worst.toFixed(0)} ms`,
      wanted: '≤ 1,200 ms',
      met: worst <= 1200,
    },
    {
      goal: 'P8',
      what: `relay at ${perSecond} events a second, p99 from commit to the broker's acknowledgement noted`,
      measured: `${show(tail, 0)} ms`,
      wanted: '≤ 50 ms',
      met: tail.median <= 50,
    },
  ];
}
