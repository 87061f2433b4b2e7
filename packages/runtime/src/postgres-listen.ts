import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Secret } from './config.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { connectTimeoutMs, revealUrl } from './postgres.ts';

/**
 * How often a listener asks whether its connection still lives, and how long it waits for the answer, ms: it says nothing
 * by itself, so one whose network swallowed it would hear nothing for hours.
 */
const heartbeatMs = 5000;
const listenerSilenceMs = 3000;

/** What listen() needs. */
export type ListenOptions = {
  url: string | Secret;
  channel: string;
  onNotify(): void;
  logger: Logger;
  lifecycle: Lifecycle;
};

/**
 * Calls `onNotify` whenever the channel is notified, on a connection of its own that reconnects for ever. Notifications
 * sent while disconnected are lost, therefore it also calls after each connect; keep a poll as well.
 */
export function listen(options: ListenOptions): void {
  const stopping = new AbortController();
  let current: pg.Client | undefined;
  const finished = listenUntilStopped(options, stopping.signal, (client) => (current = client));
  options.lifecycle.onShutdown('work', `listen ${options.channel}`, async () => {
    stopping.abort();
    await current?.end().catch(() => undefined);
    await finished;
  });
}

async function listenUntilStopped(
  options: ListenOptions,
  signal: AbortSignal,
  onClient: (client: pg.Client) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const client = new pg.Client({
      connectionString: revealUrl(options.url),
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: listenerSilenceMs,
      keepAlive: true,
    });
    onClient(client);
    const heartbeat = setInterval(() => {
      client.query('SELECT 1').catch(() => client.end().catch(() => undefined));
    }, heartbeatMs);
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (error) => options.logger.warn({ err: error, channel: options.channel }, 'listener lost'));
    client.on('notification', () => options.onNotify());
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`);
      failures = 0;
      options.onNotify();
      await lost;
    } catch (error) {
      if (failures === 0) options.logger.warn({ err: error, channel: options.channel }, 'cannot listen yet');
      await client.end().catch(() => undefined);
    } finally {
      clearInterval(heartbeat);
    }
    await delay(Math.min(250 * 2 ** failures, 2000), undefined, { signal }).catch(() => undefined);
  }
}
