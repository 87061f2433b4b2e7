import { query, type Database, type Tx } from '@daybook/runtime/postgres';

/** An appointment whose booking to come is to be cancelled there; instants are epoch milliseconds. */
export type LineToEnd = {
  appointmentId: string;
  uids: string[];
  standingUid: string | undefined;
  /** Where a call that may have happened would have put it. */
  attempted: { start: number; minutes: number } | undefined;
  /** The database's clock as it was read. */
  readAt: number;
};

/** The next booking of ours that is still to come, or that a call may have made; bookings made there are not ours. */
export async function nextLineToEnd(
  db: Database,
  connectionId: string,
  skipped: readonly string[],
): Promise<LineToEnd | undefined> {
  const [row] = await query<{
    appointment_id: string;
    uids: string[];
    standing_uid: string | null;
    attempt_start: Date | null;
    attempt_minutes: number | null;
    read_at: Date;
  }>(db, {
    text: `SELECT appointment_id, uids, standing_uid, attempt_start, attempt_minutes, now() AS read_at FROM calendar_links
           WHERE connection_id = $1 AND NOT made_there AND wanted_version > 0 AND appointment_id <> ALL ($2::uuid[])
             AND (standing_start > now() OR attempt_kind IS NOT NULL)
           ORDER BY standing_start, appointment_id LIMIT 1`,
    values: [connectionId, skipped],
  });
  if (!row) return undefined;
  const { attempt_start: start, attempt_minutes: minutes } = row;
  return {
    appointmentId: row.appointment_id,
    uids: row.uids,
    standingUid: row.standing_uid ?? undefined,
    attempted: start && minutes ? { start: start.getTime(), minutes } : undefined,
    readAt: row.read_at.getTime(),
  };
}

/** Nothing of the appointment stands there any more; connected again, it is made anew. */
export async function recordLineEnded(db: Database, connectionId: string, appointmentId: string): Promise<void> {
  await query(db, {
    text: `UPDATE calendar_links SET attempt_kind = NULL, attempt_uid = NULL, attempt_version = NULL, attempt_start = NULL,
             attempt_minutes = NULL, attempt_looks_left = NULL, look_after = NULL, standing_uid = NULL,
             standing_start = NULL, standing_minutes = NULL, standing_no_show = false, theirs_status = 'cancelled',
             state = 'waiting', next_attempt_at = now(), refusal = NULL, message = '', attempts = 0, faults = 0
           WHERE connection_id = $1 AND appointment_id = $2`,
    values: [connectionId, appointmentId],
  });
}

/** The event types we made there. */
export async function listOurEventTypes(db: Database, connectionId: string): Promise<string[]> {
  const rows = await query<{ event_type_id: string }>(db, {
    text: `SELECT event_type_id FROM event_type_links WHERE connection_id = $1 AND made_by_us AND event_type_id <> ''
           ORDER BY appointment_type_id`,
    values: [connectionId],
  });
  return rows.map((row) => row.event_type_id);
}

/** What we hid is to be shown again should the calendar be connected again. */
export async function recordEventTypesHidden(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE event_type_links SET state = 'waiting', next_attempt_at = now(), done_version = 0
           WHERE connection_id = $1 AND made_by_us`,
    values: [connectionId],
  });
}
