import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { Account } from '../domain/account.ts';
import { toAccount } from './accounts.ts';
import { modelsOf } from './models.ts';
import { byModel } from './plain-access.ts';

/** The channel on which the database tells every replica that a session was revoked. */
export const revocationChannel = 'daybook_session_revoked';

/** Why a session ended before its time. */
export type RevocationReason =
  'logout' | 'reuse' | 'password_reset' | 'password_change' | 'ended_elsewhere' | 'second_factor_change';

/** What a new session is stored with. Instants are UTC. */
export type NewSession = {
  id: string;
  userId: string;
  tokenHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
  absoluteExpiresAt: Date;
  userAgent: string;
};

/**
 * Stores a new session if the account still has the password hash and the second factor that were checked and is active;
 * false otherwise. The account's row is locked against change meanwhile: a password reset under way, or a second factor
 * that is turned on, either comes first, and then there is no session, or finds the session and ends it.
 */
export async function insertSession(
  database: Database,
  session: NewSession,
  checked: { passwordHash: string; secondFactorId: string | null },
): Promise<boolean> {
  const rows = await query(database, {
    name: 'insert-session',
    text: `INSERT INTO sessions (id, organization_id, user_id, token_hash, created_at, rotated_at, expires_at,
             absolute_expires_at, user_agent)
           SELECT $1::uuid, organization_id, id, $2::bytea, $3::timestamptz, $3, $4::timestamptz, $5::timestamptz, $6::text
             FROM users WHERE id = $7::uuid AND password_hash = $8::text
               AND second_factor_id IS NOT DISTINCT FROM $9::uuid AND active FOR SHARE
           RETURNING 1`,
    values: [
      session.id,
      session.tokenHash,
      session.createdAt,
      session.expiresAt,
      session.absoluteExpiresAt,
      session.userAgent,
      session.userId,
      checked.passwordHash,
      checked.secondFactorId,
    ],
  });
  return rows.length > 0;
}

/** A session with its account. Instants are UTC. */
export type SessionWithAccount = { id: string; expiresAt: Date; revokedAt: Date | null; account: Account };

/** A session and whose it is. */
export async function findSession(database: Database, id: string): Promise<SessionWithAccount | undefined> {
  const found = await byModel(
    modelsOf(database).sessions.findByPk(id, {
      include: [{ model: modelsOf(database).users, as: 'user', required: true }],
    }),
  );
  const row = found?.get({ plain: true });
  if (!row?.user) return undefined;
  return { id: row.id, expiresAt: row.expiresAt, revokedAt: row.revokedAt ?? null, account: toAccount(row.user) };
}

/** One exchange of a refresh token. `idleEnd` is the idle end were there no absolute one. */
export type Rotation = { tokenHash: Buffer; successorHash: Buffer; now: Date; idleEnd: Date };

/**
 * Exchanges the live token of an open session for its successor; undefined when the token is not live (any more), the
 * session has ended or the account is not active. One statement: of any number of callers at once exactly one gets the
 * row, because the others look again once the winner has committed and no longer find the hash.
 */
export async function rotateSession(
  database: Database,
  rotation: Rotation,
): Promise<{ sessionId: string; userId: string; expiresAt: Date } | undefined> {
  const [row] = await query<{ sessionId: string; userId: string; expiresAt: Date }>(database, {
    name: 'rotate-session',
    text: `WITH rotated AS (
             UPDATE sessions
             SET token_hash = $2, rotated_at = $3, expires_at = least($4::timestamptz, absolute_expires_at)
             WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $3
               AND EXISTS (SELECT FROM users WHERE users.id = sessions.user_id AND users.active)
             RETURNING id, user_id, expires_at
           ), spent AS (
             INSERT INTO spent_refresh_tokens (token_hash, session_id, spent_at) SELECT $1, id, $3 FROM rotated
           )
           SELECT id AS "sessionId", user_id AS "userId", expires_at AS "expiresAt" FROM rotated`,
    values: [rotation.tokenHash, rotation.successorHash, rotation.now, rotation.idleEnd],
  });
  return row;
}

/** The session of a token that was exchanged, and when that was. */
export async function findSpentToken(
  database: Database,
  tokenHash: Buffer,
): Promise<{ sessionId: string; spentAt: Date } | undefined> {
  const [row] = await query<{ sessionId: string; spentAt: Date }>(database, {
    name: 'find-spent-token',
    text: `SELECT session_id AS "sessionId", spent_at AS "spentAt" FROM spent_refresh_tokens WHERE token_hash = $1`,
    values: [tokenHash],
  });
  return row;
}

/** The session that a token belongs or belonged to. */
export async function findSessionIdByToken(database: Database, tokenHash: Buffer): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(database, {
    name: 'find-session-by-token',
    text: `SELECT id FROM sessions WHERE token_hash = $1
           UNION ALL SELECT session_id FROM spent_refresh_tokens WHERE token_hash = $1 LIMIT 1`,
    values: [tokenHash],
  });
  return row?.id;
}

/** Ends a session and tells every replica; whether it was open until now. */
export async function revokeSessionById(
  database: Database,
  id: string,
  reason: RevocationReason,
  now: Date,
): Promise<boolean> {
  return (await revoke(database, 'id', id, reason, now)) > 0;
}

/** Ends every session of an account and tells every replica; how many were open. */
export async function revokeSessionsOfUser(
  tx: Tx,
  userId: string,
  reason: RevocationReason,
  now: Date,
): Promise<number> {
  return revoke(tx, 'user_id', userId, reason, now);
}

/** Ends every session of an account but one and tells every replica; how many were open. */
export async function revokeOtherSessions(
  tx: Tx,
  own: { userId: string; keepId: string },
  reason: RevocationReason,
  now: Date,
): Promise<number> {
  const rows = await query(tx, {
    text: `WITH revoked AS (
             UPDATE sessions SET revoked_at = $3, revoked_reason = $4
             WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL RETURNING id, expires_at
           )
           SELECT expires_at > $3 AS open, pg_notify('${revocationChannel}', '') FROM revoked`,
    values: [own.userId, own.keepId, now, reason],
  });
  return (rows as { open: boolean }[]).filter((row) => row.open).length;
}

/** Ends an open session of an account and tells every replica; false when there is no such one. */
export async function revokeSessionOfUser(
  database: Database,
  userId: string,
  id: string,
  reason: RevocationReason,
  now: Date,
): Promise<boolean> {
  const rows = await query(database, {
    text: `WITH revoked AS (
             UPDATE sessions SET revoked_at = $3, revoked_reason = $4
             WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3 RETURNING id
           )
           SELECT id, pg_notify('${revocationChannel}', '') FROM revoked`,
    values: [userId, id, now, reason],
  });
  return rows.length > 0;
}

/** An open session. Instants are UTC. */
export type OpenSession = {
  id: string;
  createdAt: Date;
  /** When its tokens were last renewed. */
  lastUsedAt: Date;
  /** When it ends if it is not used. */
  expiresAt: Date;
  userAgent: string;
};

/** The open sessions of an account, the last used first, at most 200. */
export async function listOpenSessions(database: Database, userId: string, now: Date): Promise<OpenSession[]> {
  return query<OpenSession>(database, {
    text: `SELECT id, created_at AS "createdAt", rotated_at AS "lastUsedAt", expires_at AS "expiresAt",
             user_agent AS "userAgent" FROM sessions
           WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY rotated_at DESC, id LIMIT 200`,
    values: [userId, now],
  });
}

async function revoke(
  on: Database | Tx,
  column: 'id' | 'user_id',
  value: string,
  reason: RevocationReason,
  now: Date,
): Promise<number> {
  const rows = await query(on, {
    text: `WITH revoked AS (
             UPDATE sessions SET revoked_at = $2, revoked_reason = $3
             WHERE ${column} = $1 AND revoked_at IS NULL RETURNING id
           )
           SELECT id, pg_notify('${revocationChannel}', '') FROM revoked`,
    values: [value, now, reason],
  });
  return rows.length;
}

/** The sessions revoked at or after an instant. */
export async function listRevocationsSince(
  database: Database,
  since: Date,
): Promise<{ sessionId: string; revokedAt: Date }[]> {
  return query<{ sessionId: string; revokedAt: Date }>(database, {
    name: 'list-revocations',
    text: `SELECT id AS "sessionId", revoked_at AS "revokedAt" FROM sessions WHERE revoked_at >= $1`,
    values: [since],
  });
}

/** Deletes up to `limit` sessions that ended before an instant, with their spent tokens; how many. */
export async function deleteSessionsEndedBefore(database: Database, before: Date, limit: number): Promise<number> {
  const rows = await query(database, {
    text: `DELETE FROM sessions WHERE id IN (
             SELECT id FROM sessions WHERE expires_at < $1 OR revoked_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
           ) RETURNING id`,
    values: [before, limit],
  });
  return rows.length;
}
