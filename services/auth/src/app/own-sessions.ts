import { DomainError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { listOpenSessions, revokeOtherSessions, revokeSessionOfUser, type OpenSession } from '../db/sessions.ts';
import { getCurrentUser } from './get-current-user.ts';
import { reportSecurityEvent } from './security-events.ts';

/** What looking after one's sessions needs. */
export type OwnSessionsDeps = { database: Database; clock: Clock; logger: Logger };

/** An open session as its owner sees it. */
export type OwnSession = OpenSession & {
  /** Whether it is the one that asks. */
  current: boolean;
};

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The open sessions of the person of a session, the last used first. @throws DomainError SESSION_EXPIRED */
export function listSessions(deps: OwnSessionsDeps): (sessionId: string) => Promise<OwnSession[]> {
  return async (sessionId) => {
    const account = await getCurrentUser(deps)(sessionId);
    const sessions = await listOpenSessions(deps.database, account.id, deps.clock.now());
    return sessions.map((session) => ({ ...session, current: session.id === sessionId }));
  };
}

/**
 * Ends one session of the person of a session, or with an empty id all but the present one; answers how many ended.
 * @throws DomainError SESSION_EXPIRED; SESSION_NOT_FOUND for one that has ended, is somebody else's or never was
 */
export function endSession(deps: OwnSessionsDeps): (sessionId: string, endedId: string) => Promise<number> {
  return async (sessionId, endedId) => {
    const account = await getCurrentUser(deps)(sessionId);
    const now = deps.clock.now();
    const reason = 'ended_elsewhere';
    if (endedId === '') {
      const own = { userId: account.id, keepId: sessionId };
      const ended = await withTransaction(deps.database, (tx) => revokeOtherSessions(tx, own, reason, now));
      reportSecurityEvent(deps.logger, { event: 'other_sessions_revoked', userId: account.id, endedSessions: ended });
      return ended;
    }
    const id = endedId.toLowerCase();
    const isOpen = uuidShape.test(id) && (await revokeSessionOfUser(deps.database, account.id, id, reason, now));
    if (!isOpen) throw new DomainError('absent', 'SESSION_NOT_FOUND', 'There is no such open session.');
    reportSecurityEvent(deps.logger, { event: 'session_revoked', sessionId: id, reason });
    return 1;
  };
}
