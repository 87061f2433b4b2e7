import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import pg from 'pg';
import type { Secret } from './config.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { ensureStream } from './nats.ts';
import type { NatsHandle, StreamSpec } from './nats.ts';
import { watchOutbox } from './outbox-metrics.ts';
import { publishBatch } from './outbox-publisher.ts';
import type { BatchOutcome } from './outbox-publisher.ts';
import { deleteExpired, markPublished, readPending, readStreamRecord, unmarkAll } from './outbox-store.ts';
import type { StreamRecord } from './outbox-store.ts';
import { revealUrl } from './postgres.ts';
import type { Database } from './postgres.ts';

/** What a relay needs. */
export type OutboxRelayOptions = {
  /** For the metrics; publishing uses a connection of its own. */
  database: Database;
  databaseUrl: string | Secret;
  nats: NatsHandle;
  stream: StreamSpec;
  logger: Logger;
  lifecycle: Lifecycle;
  /** How long published rows are kept; default 7. */
  retentionDays?: number;
  /** How often to look without being woken, in milliseconds; default 1,000. */
  pollMs?: number;
};

/** A running relay. */
export type OutboxRelay = {
  /** Whether this process publishes at the moment. */
  readonly leading: boolean;
};

/** Any fixed number; advisory locks are per database, and each service has its own. */
const leaderLockKey = 7_263_018_402;
const batchSize = 200;
const streamCheckMs = 5000;
const cleanupMs = 60_000;
const refusedPauseMs = 30_000;
/**
 * Every statement is short or done in parts. What takes longer than the server would let it take was not heard: after a
 * network that swallowed everything a leader that went on waiting would publish nothing meanwhile.
 */
const statementMs = 5000;
const silenceMs = 1000;

class Relay implements OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #pollMs: number;
  readonly #stopping = new AbortController();
  readonly #refused = new Map<string, number>();
  #leading = false;
  #record: StreamRecord | undefined;
  #streamCreated = '';
  #checkStreamAt = -Infinity;
  #cleanAt = -Infinity;
  #woken = false;
  #wakeUp: () => void = () => undefined;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 1000;
    options.nats.onConnected(() => {
      // What was acknowledged before may be gone: the broker answers before it writes to disk.
      this.#checkStreamAt = -Infinity;
      this.#wake();
    });
  }

  get leading(): boolean {
    return this.#leading;
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake();
  }

  async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const client = this.#createClient();
      try {
        await client.connect();
        await this.#leadOnce(client);
      } catch (error) {
        if (!signal.aborted) this.#options.logger.warn({ err: error }, 'outbox relay lost its database connection');
      } finally {
        this.#leading = false;
        await client.end().catch(() => undefined);
      }
      await delay(Math.min(this.#pollMs, 500), undefined, { signal }).catch(() => undefined);
    }
  }

  /** The server is told to notice a dead peer within seconds, or a vanished leader would keep its lock for hours. */
  #createClient(): pg.Client {
    const client = new pg.Client({
      connectionString: revealUrl(this.#options.databaseUrl),
      application_name: 'daybook-outbox-relay',
      connectionTimeoutMillis: 2000,
      statement_timeout: statementMs,
      query_timeout: statementMs + silenceMs,
      keepAlive: true,
      options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
    });
    client.on('error', () => this.#wake());
    client.on('end', () => {
      this.#leading = false;
      this.#wake();
    });
    client.on('notification', () => this.#wake());
    return client;
  }

  async #leadOnce(client: pg.Client): Promise<void> {
    const { signal } = this.#stopping;
    // Asked again and again instead of waited for: a waiting statement would hold back vacuum.
    while (!(await this.#tryLock(client))) {
      await delay(Math.min(this.#pollMs, 500), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    await client.query('LISTEN outbox');
    this.#leading = true;
    this.#record = await readStreamRecord(client);
    this.#checkStreamAt = -Infinity;
    this.#options.logger.info('outbox relay leads');
    while (this.#leading && !signal.aborted) {
      this.#woken = false;
      const again = await this.#publishRound(client);
      if (!again) await this.#rest();
    }
  }

  async #tryLock(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      leaderLockKey,
    ]);
    return rows[0]?.locked ?? false;
  }

  /** Publishes one batch; true when there may be more at once. */
  async #publishRound(client: pg.Client): Promise<boolean> {
    await this.#cleanUp(client);
    if (!this.#options.nats.connected) return false;
    const connection = await this.#options.nats.connection();
    try {
      await this.#checkStream(client, connection);
    } catch (error) {
      // Faults of the database end the leadership; faults of the broker are waited out.
      if (!this.#leading) throw error;
      this.#options.logger.warn({ err: error }, 'the stream cannot be checked');
      return false;
    }
    const rows = await readPending(client, batchSize, this.#listRefused());
    if (rows.length === 0) return false;
    const outcome = await publishBatch(connection.jetstream(), rows);
    if (outcome.acknowledged.length > 0) await markPublished(client, outcome.acknowledged, this.#streamCreated);
    await this.#noteOutcome(client, outcome);
    return !outcome.brokerFault;
  }

  async #noteOutcome(client: pg.Client, outcome: BatchOutcome): Promise<void> {
    for (const aggregate of outcome.refusedAggregates) {
      this.#refused.set(aggregate, performance.now() + refusedPauseMs);
      this.#options.logger.error({ aggregate }, 'the broker refuses an event; later events of its aggregate wait');
    }
    if (outcome.brokerFault) {
      this.#checkStreamAt = -Infinity;
      this.#options.logger.warn({ err: outcome.brokerFault }, 'events could not be published; trying again');
    }
    const known = this.#record?.lastSequence ?? 0;
    const shortened = outcome.acknowledged.some((row) => !row.duplicate && row.streamSequence <= known);
    if (shortened) return this.#republish(client, 'the stream was shortened');
    const last = Math.max(known, ...outcome.acknowledged.map((row) => row.streamSequence));
    this.#record = { created: this.#streamCreated, lastSequence: last };
  }

  /** Declares the stream and compares it with the one our published rows went to. */
  async #checkStream(client: pg.Client, connection: NatsConnection): Promise<void> {
    if (performance.now() < this.#checkStreamAt) return;
    const info = await ensureStream(connection, this.#options.stream);
    this.#checkStreamAt = performance.now() + streamCheckMs;
    this.#streamCreated = info.created;
    const record = this.#record;
    if (!record) return;
    const remade = new Date(record.created).getTime() !== new Date(info.created).getTime();
    if (remade) await this.#republish(client, 'the stream was made anew');
    else if (info.state.last_seq < record.lastSequence) await this.#republish(client, 'the stream was shortened');
  }

  async #republish(client: pg.Client, reason: string): Promise<void> {
    const events = await unmarkAll(client);
    this.#record = undefined;
    this.#options.logger.warn({ events, reason }, 'publishing kept events again');
  }

  #listRefused(): string[] {
    for (const [aggregate, until] of this.#refused) if (until <= performance.now()) this.#refused.delete(aggregate);
    return [...this.#refused.keys()];
  }

  async #cleanUp(client: pg.Client): Promise<void> {
    if (performance.now() < this.#cleanAt) return;
    this.#cleanAt = performance.now() + cleanupMs;
    await deleteExpired(client, this.#options.retentionDays ?? 7);
  }

  #wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Waits for a notification, a reconnect or the poll interval, whichever is first. */
  async #rest(): Promise<void> {
    if (this.#woken || this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pollMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = () => undefined;
  }
}

/**
 * Publishes the outbox from whichever replica holds the session advisory lock: woken by NOTIFY, polling besides. Rows
 * are marked only after the broker's acknowledgement, on the connection that holds the lock, so a relay that lost its
 * lock cannot mark. When the stream turns out to be re-made or shortened, all kept rows are published again; consumers
 * apply each event once.
 */
export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const relay = new Relay(options);
  const unwatch = watchOutbox(options.database);
  const finished = relay.run();
  options.lifecycle.onShutdown('work', 'outbox relay', async () => {
    relay.stop();
    unwatch();
    await finished;
  });
  return relay;
}
