import { type Database, query, type Tx } from '@daybook/runtime/postgres';
import { idempotencyLockName, idempotencyLockSeed } from './locks.ts';

/** A request that may be repeated. */
export type KeyedRequest = {
  readonly organizationId: string;
  readonly actor: string;
  readonly key: string;
  /** SHA-256 of operation and canonical request. */
  readonly fingerprint: Buffer;
};

/** What was answered under a key. */
export type StoredAnswer = { readonly fingerprint: Buffer; readonly answer: unknown };

/** Whether this transaction may work on the key; false while another one does. */
export async function claimKey(tx: Tx, request: KeyedRequest): Promise<boolean> {
  const rows = await query<{ claimed: boolean }>(tx, {
    name: 'claim_idempotency_key',
    text: `SELECT pg_try_advisory_xact_lock(hashtextextended($1, ${idempotencyLockSeed})) AS claimed`,
    values: [idempotencyLockName(request.organizationId, request.actor, request.key)],
  });
  return rows[0]?.claimed === true;
}

/** The answer stored under the key, if any. */
export async function findAnswer(on: Database | Tx, request: KeyedRequest): Promise<StoredAnswer | undefined> {
  const rows = await query<StoredAnswer>(on, {
    name: 'find_idempotent_answer',
    text: `SELECT fingerprint, answer FROM idempotency_keys
      WHERE organization_id = $1::uuid AND actor = $2 AND key = $3`,
    values: [request.organizationId, request.actor, request.key],
  });
  return rows[0];
}

/** Stores the answer, in the transaction of its effect. */
export async function storeAnswer(tx: Tx, request: KeyedRequest, answer: unknown): Promise<void> {
  await query(tx, {
    name: 'store_idempotent_answer',
    text: `INSERT INTO idempotency_keys (organization_id, actor, key, fingerprint, answer)
      VALUES ($1::uuid, $2, $3, $4, $5::jsonb)`,
    values: [request.organizationId, request.actor, request.key, request.fingerprint, JSON.stringify(answer)],
  });
}

/** Forgets keys older than 48 hours; a retry comes within minutes, the promise is 24 hours. */
export async function forgetOldKeys(on: Database): Promise<number> {
  const rows = await query(on, {
    text: `DELETE FROM idempotency_keys WHERE created_at < now() - interval '48 hours' RETURNING 1`,
  });
  return rows.length;
}
