import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import { WORK_CHANNEL } from './change-cursor-repository.ts';

/** The channel that tells that a webhook was stored. */
export const INBOUND_CHANNEL = 'inbound_webhooks';

/** A webhook whose signature was good; nothing of its payload but these. */
export type ReceivedWebhook = {
  id: string;
  connectionId: string;
  digest: Buffer;
  trigger: string;
  createdAtThere: Date | undefined;
  bookingUid: string | undefined;
  ourAppointmentId: string | undefined;
};

/** Stores a webhook and tells the workers; false when the same body was stored before. */
export async function storeWebhook(tx: Tx, webhook: ReceivedWebhook): Promise<boolean> {
  const stored = await query(tx, {
    text: `INSERT INTO inbound_webhooks (id, connection_id, digest, trigger, created_at_there, booking_uid, our_appointment_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (connection_id, digest) DO NOTHING RETURNING 1`,
    values: [
      webhook.id,
      webhook.connectionId,
      webhook.digest,
      webhook.trigger,
      webhook.createdAtThere ?? null,
      webhook.bookingUid ?? null,
      webhook.ourAppointmentId ?? null,
    ],
  });
  if (stored.length === 0) return false;
  await query(tx, {
    text: `SELECT pg_notify($1, $2), pg_notify($3, '')`,
    values: [INBOUND_CHANNEL, webhook.connectionId, WORK_CHANNEL],
  });
  return true;
}

/** Removes what is older than thirty days, a thousand at a time; a body that old comes no more. */
export async function removeOldWebhooks(db: Database): Promise<void> {
  await query(db, {
    text: `DELETE FROM inbound_webhooks WHERE id IN (
             SELECT id FROM inbound_webhooks WHERE received_at < now() - interval '30 days' LIMIT 1000)`,
  });
}
