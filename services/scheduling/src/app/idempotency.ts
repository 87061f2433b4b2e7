import { createHash } from 'node:crypto';
import { ValidationError } from '@daybook/runtime/errors';
import { type Tx } from '@daybook/runtime/postgres';
import { isIdempotencyRace } from '../db/constraint-errors.ts';
import {
  claimKey,
  findAnswer,
  type KeyedRequest,
  storeAnswer,
  type StoredAnswer,
} from '../db/idempotency-repository.ts';
import { databaseBusy, idempotencyKeyInFlight, idempotencyKeyReused } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';

/**
 * What identifies a repeatable request; undefined when it carries no key.
 * @param content the request without the key, in a fixed order of fields
 * @throws ValidationError for a key that is no 1-255 visible characters
 */
export function keyRequest(
  actor: Actor,
  operation: string,
  key: string,
  content: readonly unknown[],
): KeyedRequest | undefined {
  if (key === '') return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ValidationError([{ pointer: '/idempotencyKey', message: 'Give 1 to 255 visible ASCII characters.' }]);
  }
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([operation, ...content]))
    .digest();
  return { organizationId: actor.organizationId, actor: actor.userId, key, fingerprint };
}

/** The earlier answer. @throws DomainError IDEMPOTENCY_KEY_REUSED when it was given to another request */
export function replay(stored: StoredAnswer, request: KeyedRequest): unknown {
  if (!stored.fingerprint.equals(request.fingerprint)) throw idempotencyKeyReused();
  return stored.answer;
}

/**
 * Runs work once per key: an earlier answer is given again, else the answer is stored in the transaction of its effect.
 * @throws DomainError IDEMPOTENCY_KEY_IN_FLIGHT, IDEMPOTENCY_KEY_REUSED
 */
export async function once<Answer>(
  tx: Tx,
  request: KeyedRequest | undefined,
  work: () => Promise<Answer>,
): Promise<{ answer: Answer; replayed: boolean }> {
  if (!request) return { answer: await work(), replayed: false };
  if (!(await claimKey(tx, request))) throw idempotencyKeyInFlight();
  const stored = await findAnswer(tx, request);
  if (stored) return { answer: replay(stored, request) as Answer, replayed: true };
  const answer = await work();
  await storeAnswer(tx, request, answer);
  return { answer, replayed: false };
}

/** Runs again what lost a race against another writer; a second look then sees what the other one wrote. */
export async function retryRaces<T>(work: () => Promise<T>, isRace: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRace(error) && !isIdempotencyRace(error)) throw error;
      if (attempt >= 5) throw databaseBusy();
    }
  }
}
