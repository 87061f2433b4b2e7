import { gauge, shareReading } from '@daybook/runtime/metrics';
import type { Database } from '@daybook/runtime/postgres';
import { readRecoveryTimes } from './db/recovery-repository.ts';

/** Gauges that ask the database at each scrape; 0 means that there was none yet. */
export function registerRecoveryGauges(database: Database): void {
  const read = shareReading(() => readRecoveryTimes(database));
  gauge({
    name: 'daybook_last_backup_timestamp_seconds',
    help: 'The instant the newest backup shows; 0 without one',
    collect: async (self) => self.set((await read()).lastBackup),
  });
  gauge({
    name: 'daybook_last_proven_restore_timestamp_seconds',
    help: 'When a backup was last restored into scratch databases with every check right; 0 if never',
    collect: async (self) => self.set((await read()).lastProvenRestore),
  });
}
