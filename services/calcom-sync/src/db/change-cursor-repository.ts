import { query, type Database, type Tx } from '@daybook/runtime/postgres';

/** How far the list of changes was read; 0 before the first time. */
export async function readCursor(db: Database, source: string): Promise<number> {
  const [row] = await query<{ sequence: number }>(db, {
    text: 'SELECT sequence FROM change_cursor WHERE source = $1',
    values: [source],
  });
  return row?.sequence ?? 0;
}

/** Whether the list of a source was ever read. */
export async function hasCursor(db: Database, source: string): Promise<boolean> {
  const rows = await query(db, { text: 'SELECT 1 FROM change_cursor WHERE source = $1', values: [source] });
  return rows.length > 0;
}

/** Moves the cursor on, never back, since two replicas read the list. */
export async function advanceCursor(tx: Tx, source: string, sequence: number): Promise<void> {
  await query(tx, {
    text: `INSERT INTO change_cursor (source, sequence) VALUES ($1, $2)
           ON CONFLICT (source) DO UPDATE SET sequence = greatest(change_cursor.sequence, excluded.sequence)`,
    values: [source, sequence],
  });
}

/**
 * Begins the list anew if the cursor is still where it was read; false when another replica moved it. For a source whose
 * database was restored from a backup: it gives out the lost numbers again, so the cursor points beyond changes nobody read.
 */
export async function restartCursor(db: Database, source: string, from: number): Promise<boolean> {
  const rows = await query(db, {
    text: 'UPDATE change_cursor SET sequence = 0 WHERE source = $1 AND sequence = $2 RETURNING 1',
    values: [source, from],
  });
  return rows.length > 0;
}

/** Wakes every worker of every replica when the transaction commits. */
export async function notifyWorkers(on: Tx | Database): Promise<void> {
  await query(on, { name: 'notify-workers', text: `SELECT pg_notify('calcom_sync_work', '')` });
}

/** The channel of notifyWorkers. */
export const WORK_CHANNEL = 'calcom_sync_work';
