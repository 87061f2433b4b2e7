import { withTransaction } from '@daybook/runtime/postgres';
import { forgetOldKeys } from '../db/idempotency-repository.ts';
import { lockProvider } from '../db/locks.ts';
import { listProvidersWithExpiredHolds, removeExpiredHolds } from '../db/reservation-repository.ts';
import type { Dependencies } from './dependencies.ts';

/** Removes idempotency keys past their promise and holds that have run out, the latter under each provider's lock. */
export async function removeWhatHasExpired(
  deps: Pick<Dependencies, 'database'>,
): Promise<{ keys: number; holds: number }> {
  const keys = await forgetOldKeys(deps.database);
  let holds = 0;
  const everything = { start: 0, end: Date.UTC(9999, 0) };
  for (const providerId of await listProvidersWithExpiredHolds(deps.database)) {
    holds += await withTransaction(deps.database, async (tx) => {
      await lockProvider(tx, providerId);
      return removeExpiredHolds(tx, providerId, everything);
    });
  }
  return { keys, holds };
}
