import { query, type Database, type Tx } from '@daybook/runtime/postgres';

/** What was done about an appointment. */
export type AttemptAction = 'look' | 'create' | 'move' | 'cancel' | 'mark_absent' | 'webhook' | 'poll';

/** One try; `at` is epoch milliseconds. The message has no secrets and no personal data. */
export type AttemptRecord = {
  at: number;
  durationMs: number;
  action: AttemptAction;
  outcome: 'ok' | 'failed' | 'unknown';
  /** HTTP status; 0 when none came. */
  status: number;
  message: string;
};

const KEPT_PER_APPOINTMENT = 50;
const KEPT_DAYS = 30;

/** Adds tries of an appointment and drops what is more than fifty. */
export async function addAttempts(
  on: Database | Tx,
  key: { organizationId: string; appointmentId: string },
  attempts: readonly AttemptRecord[],
): Promise<void> {
  if (attempts.length === 0) return;
  await query(on, {
    name: 'add-attempts',
    text: `INSERT INTO sync_attempts (organization_id, appointment_id, at, duration_ms, action, outcome, status, message)
           SELECT $1, $2, to_timestamp(a.at / 1000.0), a.ms, a.action, a.outcome, a.status, left(a.message, 500)
           FROM jsonb_to_recordset($3) AS a (at float8, ms integer, action text, outcome text, status integer, message text)`,
    values: [
      key.organizationId,
      key.appointmentId,
      JSON.stringify(attempts.map(({ durationMs, ...rest }) => ({ ...rest, ms: Math.round(durationMs) }))),
    ],
  });
  await query(on, {
    name: 'trim-attempts',
    text: `DELETE FROM sync_attempts WHERE organization_id = $1 AND appointment_id = $2 AND id <= (
             SELECT id FROM sync_attempts WHERE organization_id = $1 AND appointment_id = $2
             ORDER BY id DESC OFFSET $3 LIMIT 1)`,
    values: [key.organizationId, key.appointmentId, KEPT_PER_APPOINTMENT],
  });
}

/** Drops tries that are older than thirty days. */
export async function dropOldAttempts(db: Database): Promise<void> {
  await query(db, {
    text: `DELETE FROM sync_attempts WHERE at < now() - $1 * interval '1 day'`,
    values: [KEPT_DAYS],
  });
}
