import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import type { Customer } from '../domain/customer.ts';
import { customerSearchText } from './customer-repository.ts';

/** Ids of all appointments of a customer, by start. */
export async function listAppointmentsOfCustomer(on: Database | Tx, customerId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(on, {
    text: 'SELECT id FROM appointments WHERE customer_id = $1::uuid ORDER BY lower(during), id',
    values: [customerId],
  });
  return rows.map(({ id }) => id);
}

/** Notes the moment from which the row stands for nobody. */
export async function markErased(tx: Tx, customerId: string): Promise<void> {
  await query(tx, { text: 'UPDATE customers SET erased_at = now() WHERE id = $1::uuid', values: [customerId] });
}

/** Empties what was written about the appointments, in them and in their history; their times and versions stay. */
export async function eraseAppointmentTexts(tx: Tx, erased: Customer): Promise<void> {
  await query(tx, {
    text: `UPDATE appointments SET notes = '', cancellation_reason = '', search_text = $2 || E'\\n'
      WHERE customer_id = $1::uuid`,
    values: [erased.id, customerSearchText(erased)],
  });
  await query(tx, {
    text: `UPDATE appointment_history SET reason = '' WHERE reason <> ''
      AND appointment_id IN (SELECT id FROM appointments WHERE customer_id = $1::uuid)`,
    values: [erased.id],
  });
}

/** Rewrites every kept answer of the practice that names the customer. */
export async function rewriteAnswers(
  tx: Tx,
  customer: Pick<Customer, 'id' | 'organizationId'>,
  rewrite: (answer: unknown) => unknown,
): Promise<void> {
  const rows = await query<{ actor: string; key: string; answer: unknown }>(tx, {
    text: `SELECT actor, key, answer FROM idempotency_keys WHERE organization_id = $1::uuid
      AND jsonb_path_exists(answer, '$.**.customer ? (@.id == $id)', jsonb_build_object('id', $2::text)) FOR UPDATE`,
    values: [customer.organizationId, customer.id],
  });
  for (const { actor, key, answer } of rows) {
    await query(tx, {
      text: `UPDATE idempotency_keys SET answer = $4::jsonb WHERE organization_id = $1::uuid AND actor = $2 AND key = $3`,
      values: [customer.organizationId, actor, key, JSON.stringify(rewrite(answer))],
    });
  }
}

/** Rewrites the kept events of some aggregates, published or not, and asks for their copies in the stream to be deleted. */
export async function rewriteEvents(
  tx: Tx,
  aggregateIds: readonly string[],
  rewrite: (payload: Uint8Array) => Uint8Array,
): Promise<void> {
  const rows = await query<{ seq: number; payload: Buffer }>(tx, {
    text: 'SELECT seq, payload FROM outbox WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY seq FOR UPDATE',
    values: [aggregateIds],
  });
  for (const { seq, payload } of rows) {
    await query(tx, {
      text: 'UPDATE outbox SET payload = $2 WHERE seq = $1',
      values: [seq, Buffer.from(rewrite(payload))],
    });
  }
  await query(tx, {
    text: 'INSERT INTO stream_erasures (outbox_seq) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING',
    values: [rows.map(({ seq }) => seq)],
  });
}

/** A copy in the stream that is to go; `copy` is absent when the event went with its own age. */
export type DueStreamErasure = {
  readonly outboxSeq: number;
  readonly copy: { readonly sequence: number; readonly streamCreated: string } | undefined;
};

/** Copies asked for at least so long ago (ms) whose event has been published, oldest first. */
export async function listDueStreamErasures(on: Database, afterMs: number): Promise<DueStreamErasure[]> {
  const rows = await query<{ outboxSeq: number; sequence: number | null; streamCreated: string | null }>(on, {
    text: `SELECT e.outbox_seq AS "outboxSeq", (o.headers ->> 'streamSequence')::bigint AS sequence,
        o.headers ->> 'streamCreated' AS "streamCreated"
      FROM stream_erasures e LEFT JOIN outbox o ON o.seq = e.outbox_seq
      WHERE e.requested_at < now() - $1::float8 * interval '1 millisecond'
        AND (o.seq IS NULL OR o.published_at IS NOT NULL) ORDER BY e.outbox_seq LIMIT 200`,
    values: [afterMs],
  });
  return rows.map(({ outboxSeq, sequence, streamCreated }) => ({
    outboxSeq,
    copy: sequence === null || streamCreated === null ? undefined : { sequence, streamCreated },
  }));
}

/** Notes that a copy is gone. */
export async function forgetStreamErasure(on: Database, outboxSeq: number): Promise<void> {
  await query(on, { text: 'DELETE FROM stream_erasures WHERE outbox_seq = $1', values: [outboxSeq] });
}
