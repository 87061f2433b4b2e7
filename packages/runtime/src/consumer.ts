import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, millis, nanos } from 'nats';
import type { NatsConnection } from 'nats';
import { sendToDeadLetters } from './dead-letters.ts';
import { findDomainError } from './errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { watchConsumer } from './consumer-metrics.ts';
import { counter, histogram } from './metrics.ts';
import { ensureStream, jetStreamErrorCode } from './nats.ts';
import type { NatsHandle, StreamSpec } from './nats.ts';
import { query, withTransaction } from './postgres.ts';
import type { Database, Tx } from './postgres.ts';
import { PullSubscription, type Delivery } from './pull-subscription.ts';
import { continueTrace, currentSpan, currentTraceparent } from './trace-context.ts';
import { fullJitterBackoff } from './work-queue.ts';

/** What a handler learns of a message besides its event. */
export type MessageMeta = { traceparent?: string; redelivered: boolean };

/** What a consumer needs; `durable` names it at the broker and in the inbox. */
export type ConsumerOptions<E> = {
  nats: NatsHandle;
  stream: StreamSpec;
  durable: string;
  filter: string;
  database: Database;
  decode(data: Uint8Array): E;
  eventId(event: E): string;
  /** Touches this transaction only: no network calls, because it may run again. */
  handle(tx: Tx, event: E, meta: MessageMeta): Promise<void>;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Called after each commit that applied an event. */
  onCommitted?: () => void;
  /** Failures in this process after which an event is given up; default 20. Outages do not count. */
  maxDeliverBeforeDlq?: number;
};

/**
 * After so long without a word the broker delivers a message again, so what a process that died had in hand waits no
 * longer; those that live renew it for all that waits for its turn. A release may shorten it once the one before it takes a
 * consumer with another patience as it is, as `ensureConsumer` does.
 */
const ackWaitMs = 30_000;
const fetchAhead = 64;
const pullMs = 1000;
/** Longer than the pull that is ending, or the broker would hand the message to it again and again. */
const handBackMs = pullMs + 250;
const retryBaseMs = 250;
const retryCapMs = 10_000;
const rememberedFaults = 10_000;
const inboxDays = 14;
const inboxCleanupMs = 60 * 60_000;

const messagesTotal = counter({
  name: 'daybook_consumer_messages_total',
  help: 'Messages by what became of them: applied, duplicate, retried, dead',
  labels: ['consumer', 'outcome'],
});
const messageSeconds = histogram({
  name: 'daybook_consumer_message_duration_seconds',
  help: 'Time to handle a message',
  labels: ['consumer'],
});

type Outcome = 'applied' | 'duplicate' | 'retried' | 'dead';

/**
 * Notes in the inbox that an event is being applied; false when it was before. In the transaction of its effect, so the
 * two cannot part. Also for events that come by ListChangesSince.
 */
export async function applyOnce(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
  const rows = await query<{ event_id: string }>(tx, {
    name: 'inbox-insert',
    text: 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
    values: [consumer, eventId],
  });
  return rows.length === 1;
}

/** Which of these events were applied already. */
export async function findApplied(database: Database, consumer: string, eventIds: readonly string[]) {
  const rows = await query<{ id: string }>(database, {
    name: 'inbox-applied',
    text: 'SELECT event_id::text AS id FROM inbox WHERE consumer = $1 AND event_id = ANY ($2::uuid[])',
    values: [consumer, [...eventIds]],
  });
  return new Set(rows.map(({ id }) => id));
}

/** A durable consumer by name; `filter` is a subject with wildcards. */
export type ConsumerSpec = { stream: string; durable: string; filter: string };

/** JetStream's number for a consumer of that name with another configuration. */
const consumerExists = 10_148;

/**
 * Makes the durable consumer if it is not there; safe to repeat and to run from several replicas. One that another version
 * made with other limits serves as well. Answers the broker's patience with what is not acknowledged, ms.
 * @throws when one of that name reads other subjects
 */
export async function ensureConsumer(connection: NatsConnection, spec: ConsumerSpec): Promise<number> {
  const { consumers } = await connection.jetstreamManager({ timeout: 2000 });
  const wanted = {
    durable_name: spec.durable,
    filter_subject: spec.filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: 1000,
  };
  try {
    await consumers.add(spec.stream, wanted);
    return ackWaitMs;
  } catch (error) {
    if (jetStreamErrorCode(error) !== consumerExists) throw error;
    const { config } = await consumers.info(spec.stream, spec.durable);
    if (config.filter_subject !== spec.filter || config.ack_policy !== AckPolicy.Explicit) throw error;
    return millis(config.ack_wait ?? nanos(ackWaitMs));
  }
}

class DurableConsumer<E> {
  readonly #options: ConsumerOptions<E>;
  readonly #stopping = new AbortController();
  /** Failures that were no outage, by event; deliveries alone also count restarts and outages. */
  readonly #faults = new Map<string, number>();
  #cleanAt = performance.now() + inboxCleanupMs;

  constructor(options: ConsumerOptions<E>) {
    this.#options = options;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Subscribes again whenever the broker, the stream or the consumer went away. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const connection = await this.#options.nats.connection();
        const patienceMs = await this.#declare(connection);
        failures = 0;
        await this.#consume(connection, patienceMs);
      } catch (error) {
        if (!signal.aborted) this.#options.logger.warn({ err: error }, 'the consumer starts again');
      }
      await this.#pause(Math.min(100 * 2 ** failures, 2000));
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #declare(connection: NatsConnection): Promise<number> {
    const { stream, durable, filter } = this.#options;
    await ensureStream(connection, stream);
    return ensureConsumer(connection, { stream: stream.name, durable, filter });
  }

  /**
   * Short pulls that end by themselves, so that stopping leaves no request open into which the broker would deliver.
   * A pull fails when its consumer or stream is gone.
   */
  async #consume(connection: NatsConnection, patienceMs: number): Promise<void> {
    const { signal } = this.#stopping;
    const { stream, durable, nats } = this.#options;
    const { inboxPrefix } = nats;
    const pulls = new PullSubscription(connection, { stream: stream.name, durable, inboxPrefix, patienceMs });
    try {
      while (!signal.aborted) {
        for await (const message of pulls.pull(fetchAhead, pullMs)) {
          if (signal.aborted) message.nak(handBackMs);
          else await this.#receive(connection, message);
        }
      }
    } finally {
      pulls.close();
    }
  }

  async #receive(connection: NatsConnection, message: Delivery): Promise<void> {
    const startedAt = performance.now();
    const { durable, logger } = this.#options;
    const traceparent = message.headers?.get('traceparent') || undefined;
    const span = {
      name: `${message.subject} process`,
      kind: 'consumer',
      attributes: { 'messaging.system': 'nats', 'messaging.consumer.group.name': durable },
    } as const;
    await continueTrace(traceparent, span, async () => {
      const { outcome, fault, eventId } = await this.#settle(connection, message);
      const seconds = (performance.now() - startedAt) / 1000;
      messagesTotal.inc({ consumer: durable, outcome });
      currentSpan()?.set({ 'daybook.outcome': outcome });
      currentSpan()?.end(fault);
      messageSeconds.observe({ consumer: durable }, seconds);
      const line = {
        consumer: durable,
        subject: message.subject,
        eventId,
        outcome,
        deliveries: message.deliveryCount,
        ms: Math.round(seconds * 10_000) / 10,
      };
      if (fault === undefined) logger.info(line, 'message handled');
      else logger.warn({ ...line, err: fault }, 'message failed');
      if (outcome === 'retried') await this.#calmDown(fault, message);
    });
    await this.#cleanInbox();
  }

  /** While the database is away there is no point in failing every buffered message at full speed. */
  async #calmDown(fault: unknown, message: Delivery): Promise<void> {
    if (!isOutage(fault)) return;
    await this.#pause(Math.min(100 * message.deliveryCount, 1000));
  }

  async #settle(
    connection: NatsConnection,
    message: Delivery,
  ): Promise<{ outcome: Outcome; fault?: unknown; eventId?: string }> {
    let event: E;
    let eventId: string;
    try {
      event = this.#options.decode(message.data);
      eventId = this.#options.eventId(event);
    } catch (error) {
      return { outcome: await this.#giveUp(connection, message, error, 'undecodable'), fault: error };
    }
    try {
      const applied = await this.#apply(message, event, eventId);
      this.#faults.delete(eventId);
      if (applied) this.#options.onCommitted?.();
      message.ack();
      return { outcome: applied ? 'applied' : 'duplicate', eventId };
    } catch (error) {
      const faults = this.#countFault(eventId, error);
      const poison = faults >= (this.#options.maxDeliverBeforeDlq ?? 20);
      const outcome = poison
        ? await this.#giveUp(connection, message, error, `failed ${faults} times`)
        : this.#putBack(message);
      if (outcome === 'dead') this.#faults.delete(eventId);
      return { outcome, fault: error, eventId };
    }
  }

  #countFault(eventId: string, error: unknown): number {
    if (isOutage(error)) return 0;
    const faults = (this.#faults.get(eventId) ?? 0) + 1;
    // Forgetting the oldest only means a few tries more for it.
    if (this.#faults.size >= rememberedFaults) this.#faults.delete(this.#faults.keys().next().value as string);
    this.#faults.set(eventId, faults);
    return faults;
  }

  #apply(message: Delivery, event: E, eventId: string): Promise<boolean> {
    const traceparent = currentTraceparent();
    const meta: MessageMeta = {
      redelivered: message.deliveryCount > 1,
      ...(traceparent !== undefined && { traceparent }),
    };
    return withTransaction(this.#options.database, async (tx) => {
      if (!(await applyOnce(tx, this.#options.durable, eventId))) return false;
      await this.#options.handle(tx, event, meta);
      return true;
    });
  }

  #putBack(message: Delivery): Outcome {
    const attempt = message.deliveryCount;
    const wait = fullJitterBackoff({ attempt, baseMs: retryBaseMs, capMs: retryCapMs, random: Math.random });
    message.nak(Math.max(wait, 50));
    return 'retried';
  }

  async #giveUp(connection: NatsConnection, message: Delivery, error: unknown, why: string): Promise<Outcome> {
    const reason = `${why}: ${error instanceof Error ? error.message : String(error)}`;
    try {
      await sendToDeadLetters(connection, message, reason);
      return 'dead';
    } catch (failure) {
      this.#options.logger.warn({ err: failure }, 'a dead letter could not be stored; its message stays');
      return this.#putBack(message);
    }
  }

  /** Twice the stream's age: nothing older can be delivered again. */
  async #cleanInbox(): Promise<void> {
    if (performance.now() < this.#cleanAt) return;
    this.#cleanAt = performance.now() + inboxCleanupMs;
    await query(this.#options.database, {
      text: `DELETE FROM inbox WHERE consumer = $1 AND received_at < now() - make_interval(days => $2)`,
      values: [this.#options.durable, inboxDays],
    }).catch((error: unknown) => this.#options.logger.warn({ err: error }, 'the inbox could not be cleaned'));
  }
}

/** A table or column that is not there yet: this process runs ahead of its migration. */
const schemaNotReady = new Set(['42P01', '42703']);

/** Faults that say nothing about the message: the database is away or busy. */
function isOutage(error: unknown): boolean {
  const kind = findDomainError(error)?.kind;
  if (kind === 'unavailable' || kind === 'timeout') return true;
  return error instanceof Error && 'code' in error && schemaNotReady.has(String(error.code));
}

/**
 * Consumes a stream by a durable pull consumer. One transaction holds the inbox row and the handler's effect;
 * acknowledged after the commit, so each event takes effect once however often it is delivered. Failures are put back
 * with growing delay; undecodable messages and those that keep failing go whole to DAYBOOK_DLQ. Messages are handled one
 * after another; redelivery may still reorder them, so handlers compare versions.
 */
export function startConsumer<E>(options: ConsumerOptions<E>): void {
  const consumer = new DurableConsumer(options);
  // From nothing to one is no increase: the first event that is given up must be seen as one.
  messagesTotal.inc({ consumer: options.durable, outcome: 'dead' }, 0);
  const unwatch = watchConsumer({ nats: options.nats, stream: options.stream.name, durable: options.durable });
  const finished = consumer.run();
  options.lifecycle.onShutdown('work', `consumer ${options.durable}`, async () => {
    unwatch();
    consumer.stop();
    await finished;
  });
}
