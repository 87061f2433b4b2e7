import type { Logger } from '@daybook/runtime/logger';
import { describeFaults } from './invariants.ts';
import { countRows } from './manifest.ts';
import { proveBackup } from './prove-backup.ts';
import { removeOldBackups, type Retention } from './retention.ts';
import { takeBackup, type Backup, type BackupOptions } from './take-backup.ts';

/** One whole run: backup, proof, retention. */
export type RunOptions = BackupOptions & {
  retention: Retention;
  /** Absent: nothing is proven. */
  scratchUrl: string | undefined;
  logger: Logger;
};

/**
 * Takes a backup, shows that it can be restored, and only then removes old ones: a run that fails leaves all that was good.
 * @throws whatever the backup or its proof threw
 */
export async function backUpAndProve(options: RunOptions): Promise<Backup & { proven: boolean; removed: string[] }> {
  const { logger, scratchUrl } = options;
  const startedAt = performance.now();
  const backup = await takeBackup(options);
  const { file, bytes, manifest } = backup;
  const ms = Math.round(performance.now() - startedAt);
  logger.info({ file, bytes, rows: countRows(manifest), encrypted: options.key !== undefined, ms }, 'backup taken');
  const faults = describeFaults(manifest.invariants);
  if (faults.length > 0) logger.error({ faults }, 'the practice itself breaks rules that must hold');
  if (scratchUrl !== undefined) {
    const provedFrom = performance.now();
    const { urls, key } = options;
    await proveBackup({ file, key, scratchUrl, schedulingUrl: urls.scheduling, logger });
    logger.info({ file, ms: Math.round(performance.now() - provedFrom) }, 'backup proven by a restore');
  } else {
    logger.warn('no SCRATCH_DATABASE_URL: nobody knows whether this backup can be restored');
  }
  const removed = await removeOldBackups(options.directory, options.retention, new Date());
  if (removed.length > 0) logger.info({ removed: removed.length }, 'old backups removed');
  return { ...backup, proven: scratchUrl !== undefined, removed };
}
