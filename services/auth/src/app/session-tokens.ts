import { signAccessToken } from '@daybook/runtime/tokens';
import type { Account } from '../domain/account.ts';
import type { SigningKeyring } from './signing-keyring.ts';

/** What a client gets to go on with. Instants are UTC. */
export type SessionTokens = {
  accessToken: string;
  accessExpiresAt: Date;
  refreshToken: string;
  refreshExpiresAt: Date;
  sessionId: string;
};

/** Whose session it is and its tokens: what sign-in and refresh answer. */
export type SessionGrant = { account: Account; tokens: SessionTokens };

/**
 * Signs an access token beside a refresh token. `issuedAt` was read before the session was written, so that a revocation
 * that followed the write is never older than the token it has to outlive. It is of this process's own clock: those who
 * verify compare it with theirs, not with the database's.
 */
export async function grantSession(
  deps: { keyring: SigningKeyring; accessMs: number },
  account: Account,
  session: { id: string; refreshToken: string; expiresAt: Date },
  issuedAt: Date,
): Promise<SessionGrant> {
  const seconds = Math.floor(deps.accessMs / 1000);
  const accessToken = signAccessToken(
    { userId: account.id, organizationId: account.organizationId, roles: account.roles, sessionId: session.id },
    await deps.keyring.current(),
    seconds,
    issuedAt.getTime(),
  );
  return {
    account,
    tokens: {
      accessToken,
      accessExpiresAt: new Date((Math.floor(issuedAt.getTime() / 1000) + seconds) * 1000),
      refreshToken: session.refreshToken,
      refreshExpiresAt: session.expiresAt,
      sessionId: session.id,
    },
  };
}
