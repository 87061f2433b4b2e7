import { DeliverPolicy } from 'nats';
import type { ConsumerMessages, JetStreamManager, NatsConnection } from 'nats';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { NatsHandle } from '@daybook/runtime/nats';
import type { LiveHint } from './audience.ts';
import { hintOfCalendarSyncEvent, hintOfSchedulingEvent } from './hints.ts';
import type { LiveHub, StreamKey } from './live-hub.ts';
import type { Position, StreamPlace } from './position.ts';

const streams: Record<StreamKey, { name: string; read(data: Uint8Array): LiveHint | undefined }> = {
  scheduling: { name: 'DAYBOOK_SCHEDULING', read: hintOfSchedulingEvent },
  calendarSync: { name: 'DAYBOOK_CALENDARSYNC', read: hintOfCalendarSyncEvent },
};
const keys = ['scheduling', 'calendarSync'] as const;

const retryMs = 500;
/** The broker says something at least this often; silence means the consumer is gone. Milliseconds, as is the bound below. */
const idleHeartbeatMs = 1000;

type FeedOptions = { nats: NatsHandle; hub: LiveHub; logger: Logger; lifecycle: Lifecycle };

async function readPlace(manager: JetStreamManager, name: string): Promise<StreamPlace> {
  const { created, state } = await manager.streams.info(name);
  return { epoch: Math.floor(Date.parse(created)).toString(36), sequence: state.last_seq };
}

/**
 * Keeps the hub fed by one ordered, ephemeral consumer per stream. Whenever the broker, a stream or a consumer goes away
 * the hub is told, and the whole feed begins anew from the streams' ends.
 */
export function startEventFeed({ nats, hub, logger, lifecycle }: FeedOptions): void {
  const stopping = new AbortController();
  const finished = follow({ nats, hub, logger, lifecycle }, stopping.signal);
  lifecycle.onShutdown('work', 'event feed', async () => {
    stopping.abort();
    await finished;
  });
}

async function follow(options: FeedOptions, signal: AbortSignal): Promise<void> {
  let wasLogged = false;
  while (!signal.aborted) {
    try {
      const connection = await untilAborted(options.nats.connection(), signal);
      if (!connection) return;
      await followOnce(connection, options, signal, () => (wasLogged = false));
    } catch (error) {
      if (!wasLogged) options.logger.warn({ err: error }, 'live feed is away; trying again');
      wasLogged = true;
    }
    options.hub.stop();
    await pause(retryMs, signal);
  }
}

async function followOnce(
  connection: NatsConnection,
  { hub, logger }: FeedOptions,
  signal: AbortSignal,
  onStarted: () => void,
): Promise<void> {
  const manager = await connection.jetstreamManager();
  const position: Position = {
    scheduling: await readPlace(manager, streams.scheduling.name),
    calendarSync: await readPlace(manager, streams.calendarSync.name),
  };
  const opened: ConsumerMessages[] = [];
  const stopAll = (): void => opened.forEach((messages) => messages.stop());
  signal.addEventListener('abort', stopAll);
  try {
    for (const key of keys) opened.push(await openConsumer(connection, key, position[key].sequence + 1));
    hub.start(position);
    onStarted();
    const ends = opened.map((messages, index) => consume(messages, keys[index] ?? 'scheduling', hub, logger));
    await Promise.race([...ends, ...opened.map(untilBroken), untilDisconnected(connection)]);
  } finally {
    signal.removeEventListener('abort', stopAll);
    stopAll();
  }
}

async function openConsumer(connection: NatsConnection, key: StreamKey, from: number): Promise<ConsumerMessages> {
  const consumer = await connection.jetstream().consumers.get(streams[key].name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
  });
  return consumer.consume({ max_messages: 500, expires: 5000, idle_heartbeat: idleHeartbeatMs });
}

async function consume(messages: ConsumerMessages, key: StreamKey, hub: LiveHub, logger: Logger): Promise<void> {
  for await (const message of messages) {
    let hint: LiveHint | undefined;
    try {
      hint = streams[key].read(message.data);
    } catch (error) {
      logger.warn({ err: error, stream: streams[key].name, sequence: message.seq }, 'unreadable event passed over');
    }
    hub.append(key, message.seq, hint);
  }
}

/** Settles when the client library notices that a consumer no longer delivers. */
async function untilBroken(messages: ConsumerMessages): Promise<void> {
  const fatal = new Set([
    'heartbeats_missed',
    'consumer_deleted',
    'consumer_not_found',
    'stream_not_found',
    'ordered_consumer_recreated',
  ]);
  for await (const status of await messages.status()) if (fatal.has(status.type)) return;
}

async function untilDisconnected(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    const type: string = status.type;
    if (type === 'disconnect' || type === 'close') return;
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return untilAborted(waited, signal).finally(() => clearTimeout(timer));
}
