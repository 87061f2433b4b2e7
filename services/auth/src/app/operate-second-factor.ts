import { ValidationError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { findAccountByUsernameKey } from '../db/accounts.ts';
import { listSealedSecrets, removeSecondFactor, replaceSealedSecret } from '../db/second-factors.ts';
import { revokeSessionsOfUser } from '../db/sessions.ts';
import { clearThrottleCounters } from '../db/throttle-counters.ts';
import { usernameKey } from '../domain/account.ts';
import { seal, unsealByAny, type SealingKeys } from './key-material.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What the operator's way out needs. */
export type RemoveSecondFactorDeps = { database: Database; clock: Clock; logger: Logger };

/** Whether there was a second factor, and whose. */
export type RemoveSecondFactorOutcome = { removed: boolean; username: string };

/**
 * Takes the second factor from an account whose person lost both app and recovery codes. Their sessions end and failed attempts
 * are forgotten; the password stays, and is still asked for.
 * @throws ValidationError when nobody has that username
 */
export function removeSecondFactorOf(
  deps: RemoveSecondFactorDeps,
): (username: string) => Promise<RemoveSecondFactorOutcome> {
  return async (username) => {
    const found = await findAccountByUsernameKey(deps.database, usernameKey(username));
    if (!found) throw new ValidationError([{ pointer: '/username', message: 'No account has this username.' }]);
    const { id: userId, username: known } = found.account;
    const ended = await withTransaction(deps.database, async (tx) => {
      if (!(await removeSecondFactor(tx, userId))) return undefined;
      const endedSessions = await revokeSessionsOfUser(tx, userId, 'second_factor_change', deps.clock.now());
      await clearThrottleCounters(tx);
      return endedSessions;
    });
    if (ended === undefined) return { removed: false, username: known };
    const facts = { userId, endedSessions: ended, by: 'operator' } as const;
    reportSecurityEvent(deps.logger, { event: 'second_factor_off', ...facts });
    return { removed: true, username: known };
  };
}

const pageSize = 200;
const beforeAllIds = '00000000-0000-0000-0000-000000000000';

/**
 * Seals by the first key what rests under another of ours. What none opens is left: its person signs in by a recovery code, and
 * another replica may know the key.
 */
export async function sealSecondFactorsAnew(
  database: Database,
  keys: SealingKeys,
): Promise<{ sealedAnew: number; unreadable: number }> {
  const counts = { sealedAnew: 0, unreadable: 0 };
  let after = beforeAllIds;
  for (;;) {
    const page = await listSealedSecrets(database, after, pageSize);
    for (const factor of page) {
      after = factor.id;
      const opened = tryUnseal(factor.secretSealed, factor.id, keys);
      if (!opened) counts.unreadable += 1;
      else if (opened.openedBy > 0) {
        await replaceSealedSecret(database, factor, seal(opened.secret, factor.id, keys[0]));
        counts.sealedAnew += 1;
      }
    }
    if (page.length < pageSize) return counts;
  }
}

function tryUnseal(sealed: Buffer, id: string, keys: SealingKeys): ReturnType<typeof unsealByAny> | undefined {
  try {
    return unsealByAny(sealed, id, keys);
  } catch {
    return undefined;
  }
}
