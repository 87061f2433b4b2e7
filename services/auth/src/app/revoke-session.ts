import { DomainError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { findSessionIdByToken, revokeSessionById } from '../db/sessions.ts';
import { hashRefreshToken, isRefreshToken } from './refresh-token.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What a logout needs. */
export type RevokeDeps = { database: Database; clock: Clock; logger: Logger };

/** Which session to end. `ownSessionId` is that of the presented access token. */
export type RevokeCommand = { refreshToken?: string; sessionId?: string; ownSessionId?: string };

/**
 * Ends a session everywhere. Any token the session ever had will do; an unknown token, or a session that has ended, is
 * no error.
 * @throws DomainError forbidden NOT_PERMITTED for the id of a session that is not the caller's own
 */
export function revokeSession(deps: RevokeDeps): (command: RevokeCommand) => Promise<void> {
  return async (command) => {
    for (const sessionId of await findSessions(deps, command)) {
      if (await revokeSessionById(deps.database, sessionId, 'logout', deps.clock.now())) {
        reportSecurityEvent(deps.logger, { event: 'session_revoked', sessionId, reason: 'logout' });
      }
    }
  };
}

async function findSessions(deps: RevokeDeps, command: RevokeCommand): Promise<Set<string>> {
  const found = new Set<string>();
  if (command.sessionId !== undefined) {
    if (command.sessionId !== command.ownSessionId) {
      throw new DomainError('forbidden', 'NOT_PERMITTED', 'Only the session itself may be ended by its id.');
    }
    found.add(command.sessionId);
  }
  if (command.refreshToken !== undefined && isRefreshToken(command.refreshToken)) {
    const sessionId = await findSessionIdByToken(deps.database, hashRefreshToken(command.refreshToken));
    if (sessionId !== undefined) found.add(sessionId);
  }
  return found;
}
