import { query, type Database } from '@daybook/runtime/postgres';

/** Unix seconds of the last backup and of the last backup shown to restore; 0 when there is none yet. */
export type RecoveryTimes = { lastBackup: number; lastProvenRestore: number };

/** Reads when the practice was last backed up, and when a backup was last proven. */
export async function readRecoveryTimes(database: Database): Promise<RecoveryTimes> {
  const [row] = await query<RecoveryTimes>(database, {
    name: 'recovery-times',
    text: `SELECT coalesce(extract(epoch FROM (SELECT max(taken_at) FROM backup_runs)), 0)::float8 AS "lastBackup",
             coalesce(extract(epoch FROM (SELECT max(proved_at) FROM restore_proofs)), 0)::float8 AS "lastProvenRestore"`,
  });
  return row ?? { lastBackup: 0, lastProvenRestore: 0 };
}
