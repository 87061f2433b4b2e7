import { query, type Tx } from '@daybook/runtime/postgres';

/** Seeds that keep the advisory locks of scheduling apart from each other and from the runtime's. */
export const providerLockSeed = 7_101;
/** As above, for requests that carry the same idempotency key. */
export const idempotencyLockSeed = 7_102;

/**
 * Makes writers of a provider's time queue until the transaction ends. Every writer takes it first: the exclusion
 * constraint alone is safe, but under contention it ends in deadlocks and waits of many seconds.
 */
export async function lockProvider(tx: Tx, providerId: string): Promise<void> {
  await query(tx, {
    name: 'lock_provider',
    text: `SELECT pg_advisory_xact_lock(hashtextextended($1, ${providerLockSeed}))`,
    values: [providerId],
  });
}

/** Locks several providers, always in the order of their ids, so that two such writers cannot wait for each other. */
export async function lockProviders(tx: Tx, providerIds: readonly string[]): Promise<void> {
  for (const id of [...new Set(providerIds)].sort()) await lockProvider(tx, id);
}

/** The text whose hash is locked while a request with a key is worked on. */
export function idempotencyLockName(organizationId: string, actor: string, key: string): string {
  return `${organizationId}/${actor}/${key}`;
}
