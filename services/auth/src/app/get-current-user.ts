import type { Clock } from '@daybook/runtime/clock';
import type { Database } from '@daybook/runtime/postgres';
import { findSession } from '../db/sessions.ts';
import type { Account } from '../domain/account.ts';
import { isUsable, sessionEnded } from './refresh-session.ts';

/**
 * The account of a session, read afresh.
 * @throws DomainError unauthenticated SESSION_EXPIRED when the session has ended or the account is not active
 */
export function getCurrentUser(deps: { database: Database; clock: Clock }): (sessionId: string) => Promise<Account> {
  return async (sessionId) => {
    const session = await findSession(deps.database, sessionId);
    if (!isUsable(session, deps.clock.now())) throw sessionEnded();
    return session.account;
  };
}
