import { query, type Database } from '@daybook/runtime/postgres';

/** A webhook that came in: only ever a hint at which booking to read. Empty texts: it did not say. */
export type Hint = { id: string; trigger: string; bookingUid: string; appointmentId: string; attempts: number };

/** After so many looks (about a quarter of an hour) a hint is let go; polls and sweeps find what it meant. */
const MAX_LOOKS = 12;

/** Unprocessed webhooks whose next look is due, oldest first; the pause doubles from a fifth of a second. */
export async function dueHints(db: Database, connectionId: string, limit: number): Promise<Hint[]> {
  const rows = await query<{
    id: string;
    trigger: string;
    booking_uid: string | null;
    appointment_id: string | null;
    attempts: number;
  }>(db, {
    name: 'due-hints',
    text: `SELECT id::text, trigger, booking_uid, our_appointment_id::text AS appointment_id, attempts FROM inbound_webhooks
           WHERE connection_id = $1 AND processed_at IS NULL
             AND received_at + (power(2, attempts) - 1) * interval '200 milliseconds' <= now()
           ORDER BY received_at LIMIT $2`,
    values: [connectionId, limit],
  });
  return rows.map((row) => ({
    id: row.id,
    trigger: row.trigger,
    bookingUid: row.booking_uid ?? '',
    appointmentId: row.appointment_id ?? '',
    attempts: row.attempts,
  }));
}

/** Milliseconds until a webhook is due; undefined when none waits. */
export async function msUntilHintDue(db: Database, connectionId: string): Promise<number | undefined> {
  const [row] = await query<{ ms: number | null }>(db, {
    name: 'next-hint-due',
    text: `SELECT (extract(epoch FROM min(received_at + (power(2, attempts) - 1) * interval '200 milliseconds')
             - now()) * 1000)::float8 AS ms
           FROM inbound_webhooks WHERE connection_id = $1 AND processed_at IS NULL`,
    values: [connectionId],
  });
  return row?.ms ?? undefined;
}

/** The hint and all others of the same booking received before it was read are done. */
export async function finishHint(db: Database, hint: Hint): Promise<void> {
  await query(db, {
    text: `UPDATE inbound_webhooks SET processed_at = now(), last_error = '' WHERE id = $1`,
    values: [hint.id],
  });
}

/** Looks again later; false when it was looked for often enough. */
export async function postponeHint(db: Database, hint: Hint, why: string): Promise<boolean> {
  if (hint.attempts + 1 >= MAX_LOOKS) return false;
  await query(db, {
    text: 'UPDATE inbound_webhooks SET attempts = attempts + 1, last_error = $2 WHERE id = $1',
    values: [hint.id, why],
  });
  return true;
}
