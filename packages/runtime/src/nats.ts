import { setTimeout as delay } from 'node:timers/promises';
import { DiscardPolicy, RetentionPolicy, StorageType, connect, nanos } from 'nats';
import type { ConnectionOptions, JetStreamManager, NatsConnection, NatsError, StreamConfig, StreamInfo } from 'nats';
import { z } from 'zod';
import { loadConfig } from './config.ts';
import { DomainError } from './errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { readTransportFiles } from './transport-security.ts';

/** A stream and who may fill it; `replicas` defaults to NATS_STREAM_REPLICAS. */
export type StreamSpec = { name: string; subjects: string[]; maxAgeDays: number; replicas?: number };

/** Messages no consumer could use, whole and with the reason. */
export const deadLetterStream: StreamSpec = { name: 'DAYBOOK_DLQ', subjects: ['daybook.dlq.>'], maxAgeDays: 7 };

/** A connection that is made in the background and never given up. */
export type NatsHandle = {
  /** Waits for the connection; rejects only once the handle is closed. */
  connection(): Promise<NatsConnection>;
  readonly connected: boolean;
  /** Where the broker lets this user listen to answers. */
  readonly inboxPrefix: string;
  /** Called after each connect and reconnect. */
  onConnected(listener: () => void): void;
};

/** What connectNats() needs; `url` may hold `user:password@`. `name` also begins the subjects of its answers. */
export type NatsOptions = { url: string; name: string; logger: Logger; lifecycle: Lifecycle };

const reconnectWaitMs = 250;
const flushMs = 500;
const dedupeWindowMs = 2 * 60_000;
const dayMs = 24 * 60 * 60_000;

function inboxPrefixOf(name: string): string {
  return `_INBOX.${name}`;
}

function createConnectionOptions(options: NatsOptions): ConnectionOptions {
  const url = new URL(options.url.includes('://') ? options.url : `nats://${options.url}`);
  return {
    servers: url.host,
    name: options.name,
    // The library's default gives up for good after twenty seconds.
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMs,
    reconnectJitter: 50,
    ignoreAuthErrorAbort: true,
    timeout: 2000,
    pingInterval: 5000,
    maxPingOut: 2,
    // A stack for each published message, in case it fails, is most of what publishing costs.
    noAsyncTraces: true,
    // One inbox a user, so that the broker can forbid to listen to somebody else's answers.
    inboxPrefix: inboxPrefixOf(options.name),
    ...(url.protocol === 'tls:' && { tls: readTransportFiles() ?? {} }),
    ...(url.username !== '' && { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
  };
}

class Connector implements NatsHandle {
  readonly #options: NatsOptions;
  readonly #stopping = new AbortController();
  readonly #listeners: (() => void)[] = [];
  #current = Promise.withResolvers<NatsConnection>();
  #live: NatsConnection | undefined;
  #connected = false;

  constructor(options: NatsOptions) {
    this.#options = options;
    // Nobody may be waiting when the handle closes.
    this.#current.promise.catch(() => undefined);
    void this.#run();
  }

  get connected(): boolean {
    return this.#connected;
  }

  get inboxPrefix(): string {
    return inboxPrefixOf(this.#options.name);
  }

  connection(): Promise<NatsConnection> {
    return this.#current.promise;
  }

  onConnected(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#current.reject(new DomainError('unavailable', 'NATS_CLOSED', 'The connection to the broker is closed.'));
    // Acknowledgements may still be on their way out.
    if (this.#live && this.#connected) await Promise.race([this.#live.flush(), delay(flushMs)]).catch(() => undefined);
    await this.#live?.close();
    this.#connected = false;
  }

  /** A connection that closes for good (the library does so on some errors) is replaced by a new one. */
  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      try {
        const live = await connect(createConnectionOptions(this.#options));
        failures = 0;
        await this.#serve(live);
      } catch (error) {
        if (failures === 0) this.#options.logger.warn({ err: error }, 'the broker cannot be reached yet');
      }
      const { signal } = this.#stopping;
      await delay(reconnectWaitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #serve(live: NatsConnection): Promise<void> {
    if (this.#stopping.signal.aborted) return live.close();
    this.#live = live;
    this.#announce();
    this.#current.resolve(live);
    void this.#watch(live);
    await live.closed();
    this.#connected = false;
    this.#live = undefined;
    if (this.#stopping.signal.aborted) return;
    this.#current = Promise.withResolvers<NatsConnection>();
    this.#current.promise.catch(() => undefined);
  }

  async #watch(live: NatsConnection): Promise<void> {
    for await (const event of live.status()) {
      const type: string = event.type;
      if (type === 'disconnect') {
        this.#connected = false;
        this.#options.logger.warn('the broker is away');
      } else if (type === 'reconnect') {
        this.#announce();
      }
    }
  }

  #announce(): void {
    this.#connected = true;
    this.#options.logger.info('connected to the broker');
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Starts connecting to NATS and returns at once; never throws, since a missing broker must not stop a service. Closed
 * with the pools.
 */
export function connectNats(options: NatsOptions): NatsHandle {
  const connector = new Connector(options);
  options.lifecycle.onShutdown('pools', 'nats', () => connector.close());
  return connector;
}

const streamNotFound = 10_059;
const streamNameInUse = 10_058;

/** JetStream's own error number, 0 for other errors. */
export function jetStreamErrorCode(error: unknown): number {
  return (error as Partial<NatsError> | undefined)?.api_error?.err_code ?? 0;
}

/** How many servers of a cluster keep each stream; a property of the installation, the same for every stream. */
const streamEnvironment = z.object({ NATS_STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1) });
let streamReplicas: number | undefined;

function createStreamConfig(spec: StreamSpec): Partial<StreamConfig> & { name: string } {
  return {
    name: spec.name,
    subjects: spec.subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(spec.maxAgeDays * dayMs),
    duplicate_window: nanos(dedupeWindowMs),
    num_replicas: spec.replicas ?? (streamReplicas ??= loadConfig(streamEnvironment).NATS_STREAM_REPLICAS),
  };
}

function differs(info: StreamInfo, wanted: Partial<StreamConfig>): boolean {
  const { config } = info;
  return (
    config.max_age !== wanted.max_age ||
    config.num_replicas !== wanted.num_replicas ||
    config.subjects.join() !== wanted.subjects?.join()
  );
}

async function addStream(manager: JetStreamManager, spec: StreamSpec): Promise<StreamInfo> {
  try {
    return await manager.streams.add(createStreamConfig(spec));
  } catch (error) {
    // Another replica was first.
    if (jetStreamErrorCode(error) === streamNameInUse) return manager.streams.info(spec.name);
    throw error;
  }
}

/** Makes the stream or brings its limits in line; safe to repeat and to run from several replicas. */
export async function ensureStream(connection: NatsConnection, spec: StreamSpec): Promise<StreamInfo> {
  const manager = await connection.jetstreamManager({ timeout: 2000 });
  try {
    const info = await manager.streams.info(spec.name);
    const wanted = createStreamConfig(spec);
    return differs(info, wanted) ? await manager.streams.update(spec.name, wanted) : info;
  } catch (error) {
    if (jetStreamErrorCode(error) === streamNotFound) return addStream(manager, spec);
    throw error;
  }
}

/** What the broker says of a message that is not there (any more). */
const messageGone = new Set([10_037, 10_057]);

/**
 * Deletes one message of a stream and overwrites its bytes; one that is gone already is success.
 * @param message its sequence number, and when the stream that gave it was made (as `StreamInfo.created`)
 * @returns false when the stream was made anew since: its numbers mean other messages
 */
export async function deleteFromStream(
  connection: NatsConnection,
  stream: StreamSpec,
  message: { sequence: number; streamCreated: string },
): Promise<boolean> {
  const { streams } = await connection.jetstreamManager({ timeout: 2000 });
  const { created } = await streams.info(stream.name);
  if (new Date(created).getTime() !== new Date(message.streamCreated).getTime()) return false;
  try {
    await streams.deleteMessage(stream.name, message.sequence, true);
  } catch (error) {
    if (!messageGone.has(jetStreamErrorCode(error))) throw error;
  }
  return true;
}
