import { setTimeout as delay } from 'node:timers/promises';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { migrationsApplied } from '@daybook/runtime/migrations';
import type { Database } from '@daybook/runtime/postgres';

const POLL_MS = 500;

/**
 * Runs `start` as soon as every migration this build brings is applied; never, if the process is asked to stop before
 * that. Returns at once. A database that is away is waited for as well.
 */
export function onceSchemaIsThere(options: {
  database: Database;
  migrationsDirectory: string;
  logger: Logger;
  lifecycle: Lifecycle;
  start: () => void;
}): void {
  const { database, migrationsDirectory, logger, lifecycle, start } = options;
  const stopping = new AbortController();

  async function wait(): Promise<void> {
    for (let told = false; !stopping.signal.aborted; told = true) {
      const present = await migrationsApplied(database, migrationsDirectory).catch(() => false);
      if (stopping.signal.aborted) return;
      if (present) return start();
      if (!told) logger.info('waiting for the database and its schema');
      await delay(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const waiting = wait();
  lifecycle.onShutdown('intake', 'schema', async () => {
    stopping.abort();
    await waiting;
  });
}
