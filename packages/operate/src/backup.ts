import { setTimeout as delay } from 'node:timers/promises';
import { runMain } from '@daybook/runtime/lifecycle';
import { backUpAndProve } from './back-up-and-prove.ts';
import { readBackupConfig, urlsOf } from './config.ts';

/** After a run that failed the next one does not wait for its hour. */
const retryMs = 15 * 60_000;

await runMain('backup', async ({ logger, lifecycle }) => {
  const config = readBackupConfig();
  const stopping = new AbortController();
  lifecycle.onShutdown('intake', 'backup', async () => stopping.abort());
  const run = () =>
    backUpAndProve({
      urls: urlsOf(config),
      directory: config.BACKUP_DIRECTORY,
      key: config.BACKUP_ENCRYPTION_KEY,
      version: config.DAYBOOK_VERSION,
      retention: { days: config.BACKUP_KEEP_DAYS, atLeast: config.BACKUP_KEEP_AT_LEAST },
      scratchUrl: config.SCRATCH_DATABASE_URL?.reveal(),
      logger,
    });
  const { BACKUP_EVERY: everyMs } = config;
  while (everyMs !== undefined && !lifecycle.draining) {
    const pauseMs = await run().then(
      () => everyMs,
      (error: unknown) => {
        logger.error({ err: error }, 'the backup failed');
        return Math.min(retryMs, everyMs);
      },
    );
    await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  if (everyMs === undefined) await run();
  await lifecycle.shutdown();
  process.exit(0);
});
