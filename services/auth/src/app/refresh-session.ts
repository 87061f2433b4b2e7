import { DomainError } from '@daybook/runtime/errors';
import type { Clock } from '@daybook/runtime/clock';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { findSession, findSessionIdByToken, findSpentToken, revokeSessionById, rotateSession } from '../db/sessions.ts';
import type { SessionWithAccount } from '../db/sessions.ts';
import { isSessionOpen, judgeSpentToken } from '../domain/session.ts';
import { deriveSuccessor, hashRefreshToken, isRefreshToken } from './refresh-token.ts';
import type { SessionLifetimes } from '../domain/session.ts';
import { reportSecurityEvent } from './security-events.ts';
import { grantSession, type SessionGrant } from './session-tokens.ts';
import type { SigningKeyring } from './signing-keyring.ts';

/** What a refresh needs. */
export type RefreshDeps = {
  database: Database;
  clock: Clock;
  /** By which the access token is dated. */
  tokenClock: Clock;
  logger: Logger;
  keyring: SigningKeyring;
  lifetimes: SessionLifetimes;
  /** The first derives; a repeat may have been answered by a replica whose first key was another. */
  successorKeys: readonly [Buffer, ...Buffer[]];
};

/** The one answer to every refresh that is refused. */
export function sessionEnded(): DomainError {
  return new DomainError('unauthenticated', 'SESSION_EXPIRED', 'The session has ended. Sign in again.');
}

/**
 * Exchanges a refresh token for its successor. A repeat within ten seconds gets the same successor; a later repeat means
 * that two parties hold the token, and ends the session.
 * @throws DomainError unauthenticated SESSION_EXPIRED
 */
export function refreshSession(deps: RefreshDeps): (refreshToken: string) => Promise<SessionGrant> {
  return async (refreshToken) => {
    if (!isRefreshToken(refreshToken)) throw sessionEnded();
    const now = deps.clock.now();
    const issuedAt = deps.tokenClock.now();
    const tokenHash = hashRefreshToken(refreshToken);
    const derived = deriveSuccessor(refreshToken, deps.successorKeys[0]);
    const rotated = await rotateSession(deps.database, {
      tokenHash,
      successorHash: hashRefreshToken(derived),
      now,
      idleEnd: new Date(now.getTime() + deps.lifetimes.idleMs),
    });
    const sessionId = rotated?.sessionId ?? (await findRepeatedSession(deps, tokenHash, now));
    const session = await findSession(deps.database, sessionId);
    if (!isUsable(session, now)) throw sessionEnded();
    const { id, expiresAt, account } = session;
    const successor = rotated ? derived : await findGivenSuccessor(deps, refreshToken, id);
    const signing = { keyring: deps.keyring, accessMs: deps.lifetimes.accessMs };
    return grantSession(signing, account, { id, refreshToken: successor, expiresAt }, issuedAt);
  };
}

/** Whether tokens may be handed out for a session: it is open and its account active. */
export function isUsable(session: SessionWithAccount | undefined, now: Date): session is SessionWithAccount {
  return session !== undefined && session.account.active && isSessionOpen(session, now);
}

/** The successor that was handed out first: that of the one key under which the session knows it. */
async function findGivenSuccessor(deps: RefreshDeps, refreshToken: string, sessionId: string): Promise<string> {
  const [derived, ...others] = deps.successorKeys.map((key) => deriveSuccessor(refreshToken, key)) as [
    string,
    ...string[],
  ];
  for (const candidate of others.length > 0 ? [derived, ...others] : []) {
    if ((await findSessionIdByToken(deps.database, hashRefreshToken(candidate))) === sessionId) return candidate;
  }
  return derived;
}

async function findRepeatedSession(deps: RefreshDeps, tokenHash: Buffer, now: Date): Promise<string> {
  const spent = await findSpentToken(deps.database, tokenHash);
  if (!spent) throw sessionEnded();
  if (judgeSpentToken(spent.spentAt, now) === 'repeat') return spent.sessionId;
  if (await revokeSessionById(deps.database, spent.sessionId, 'reuse', now)) {
    reportSecurityEvent(deps.logger, { event: 'refresh_token_reused', sessionId: spent.sessionId });
  }
  throw sessionEnded();
}
