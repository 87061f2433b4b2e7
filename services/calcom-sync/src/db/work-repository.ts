import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { WorkRow } from '../domain/connection.ts';
import { linkColumns, toRow, type LinkRow, type StoredLink } from './link-row.ts';

/** Work of an organisation that is not in step, oldest first. Connections that are off have none. */
export async function listWork(db: Database, organizationId: string, limit: number): Promise<WorkRow[]> {
  const rows = await query<{
    appointment_id: string;
    state: WorkRow['state'];
    attempts: number;
    message: string;
    next_attempt_at: Date | null;
  }>(db, {
    text: `SELECT * FROM (
             SELECT l.appointment_id::text, l.state, l.attempts + l.faults AS attempts, l.message, l.next_attempt_at,
               l.changed_at, l.connection_id
             FROM calendar_links l WHERE l.organization_id = $1 AND l.state <> 'in_step'
             UNION ALL
             SELECT '', a.state, a.attempts + a.faults, a.message, a.next_attempt_at, a.changed_at, a.connection_id
             FROM availability_links a WHERE a.organization_id = $1 AND a.state <> 'in_step') work
           WHERE EXISTS (SELECT 1 FROM connections c WHERE c.id = work.connection_id AND c.state <> 'off')
           ORDER BY changed_at, appointment_id LIMIT $2`,
    values: [organizationId, limit],
  });
  return rows.map((row) => ({
    appointmentId: row.appointment_id,
    state: row.state,
    attempts: Number(row.attempts),
    message: row.message,
    nextAttemptAt: row.next_attempt_at ?? undefined,
  }));
}

/** Locks the parked rows of an organisation, or one appointment's row in any state. */
export async function lockForRetry(tx: Tx, organizationId: string, appointmentId: string): Promise<LinkRow[]> {
  const rows = await query<StoredLink>(tx, {
    text: `SELECT ${linkColumns} FROM calendar_links WHERE organization_id = $1
             AND CASE WHEN $2 = '' THEN state IN ('failed', 'different') ELSE appointment_id::text = $2 END
           ORDER BY appointment_id FOR UPDATE`,
    values: [organizationId, appointmentId],
  });
  return rows.map(toRow);
}

/** Makes a locked row due at once. */
export async function makeDue(tx: Tx, row: LinkRow, eventVersion: number): Promise<void> {
  await query(tx, {
    text: `UPDATE calendar_links SET state = 'waiting', next_attempt_at = now(), refusal = NULL, message = '', attempts = 0,
             faults = 0, finished = started, event_version = $3
           WHERE connection_id = $1 AND appointment_id = $2`,
    values: [row.connectionId, row.link.appointmentId, eventVersion],
  });
}

/** Makes parked hours of an organisation due at once; returns how many. */
export async function makeHoursDueAgain(tx: Tx, organizationId: string): Promise<number> {
  const rows = await query(tx, {
    text: `UPDATE availability_links SET state = 'waiting', next_attempt_at = now(), attempts = 0, faults = 0, message = ''
           WHERE organization_id = $1 AND state = 'failed' RETURNING 1`,
    values: [organizationId],
  });
  return rows.length;
}
