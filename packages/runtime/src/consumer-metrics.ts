import { gauge, shareReading } from './metrics.ts';
import type { NatsHandle } from './nats.ts';

/** Which consumer of which stream is shown. */
export type WatchedConsumer = { nats: NatsHandle; stream: string; durable: string };

type Lag = { durable: string; pending: number; unacknowledged: number };

const askDeadlineMs = 1000;
const watched = new Set<WatchedConsumer>();

async function askBroker({ nats, stream, durable }: WatchedConsumer): Promise<Lag> {
  if (!nats.connected) throw new Error('the broker is away');
  const connection = await nats.connection();
  const manager = await connection.jetstreamManager({ timeout: askDeadlineMs, checkAPI: false });
  const info = await manager.consumers.info(stream, durable);
  return { durable, pending: info.num_pending, unacknowledged: info.num_ack_pending };
}

const readLags = shareReading(() => Promise.all([...watched].map(askBroker)));

gauge({
  name: 'daybook_consumer_pending',
  help: 'Messages in the stream this consumer has not been given yet',
  labels: ['consumer'],
  async collect(self) {
    self.reset();
    for (const { durable, pending } of await readLags()) self.set({ consumer: durable }, pending);
  },
});
gauge({
  name: 'daybook_consumer_unacknowledged',
  help: 'Messages given to this consumer whose effect is not committed yet, those put back for later included',
  labels: ['consumer'],
  async collect(self) {
    self.reset();
    for (const { durable, unacknowledged } of await readLags()) self.set({ consumer: durable }, unacknowledged);
  },
});

/**
 * Shows how far a consumer lags until the returned function is called. The broker is asked at each scrape, since a
 * consumer that is stuck sees no message that could tell it.
 */
export function watchConsumer(consumer: WatchedConsumer): () => void {
  watched.add(consumer);
  return () => void watched.delete(consumer);
}
