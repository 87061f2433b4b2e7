import { setTimeout as delay } from 'node:timers/promises';
import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import { fromTimestamp } from '@daybook/protos/instant';
import { connect } from 'nats';
import { percentile } from './statistics.ts';

/** Books one appointment; the argument tells bookings apart. */
export type Book = (index: number) => Promise<void>;

/** P8: from the commit of a booking to a JetStream consumer's hands, at a fixed rate. Both clocks are this machine's. */
export async function benchPipeline(
  natsUrl: string,
  book: Book,
  options: { perSecond: number; seconds: number },
): Promise<{ p50: number; p99: number; events: number }> {
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
  const total = options.perSecond * options.seconds;
  const begun = performance.now();
  const inFlight: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    const due = begun + (index * 1000) / options.perSecond;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait);
    inFlight.push(book(index));
  }
  await Promise.all(inFlight);
  const deadline = performance.now() + 10_000;
  while (latencies.length < total && performance.now() < deadline) await delay(20);
  await messages.close();
  await reading;
  await connection.close();
  if (latencies.length < total) throw new Error(`only ${latencies.length} of ${total} events arrived`);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), events: latencies.length };
}
