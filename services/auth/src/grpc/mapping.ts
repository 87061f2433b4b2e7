import type { GetSecondFactorResponse } from '@daybook/protos/gen/daybook/auth/v1/GetSecondFactorResponse';
import type { RefreshSessionResponse } from '@daybook/protos/gen/daybook/auth/v1/RefreshSessionResponse';
import type { Role as ProtoRole } from '@daybook/protos/gen/daybook/auth/v1/Role';
import type { User } from '@daybook/protos/gen/daybook/auth/v1/User';
import type { WatchRevocationsResponse } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import type { Session } from '@daybook/protos/gen/daybook/auth/v1/Session';
import { toTimestamp } from '@daybook/protos/instant';
import type { OwnSession } from '../app/own-sessions.ts';
import type { SecondFactorState } from '../app/second-factor.ts';
import type { SessionGrant } from '../app/session-tokens.ts';
import type { RevocationMessage } from '../app/watch-revocations.ts';
import type { Account } from '../domain/account.ts';
import type { Role } from '../domain/roles.ts';

const protoRoles = {
  owner: 'ROLE_OWNER',
  admin: 'ROLE_ADMIN',
  staff: 'ROLE_STAFF',
  customer: 'ROLE_CUSTOMER',
} as const satisfies Record<Role, ProtoRole>;

/** An account as it travels. */
export function toProtoUser(account: Account): User {
  const { id, organizationId, username, fullName, roles } = account;
  return { id, organizationId, username, fullName, roles: roles.map((role) => protoRoles[role]) };
}

/** The answer of sign-in and refresh, which are alike. */
export function toProtoGrant({ account, tokens }: SessionGrant): RefreshSessionResponse {
  const { accessToken, refreshToken, sessionId } = tokens;
  return {
    user: toProtoUser(account),
    tokens: {
      accessToken,
      refreshToken,
      sessionId,
      accessExpiresAt: toTimestamp(tokens.accessExpiresAt),
      refreshExpiresAt: toTimestamp(tokens.refreshExpiresAt),
    },
  };
}

/** A message of the revocation stream. */
export function toProtoRevocations({ snapshot, revocations }: RevocationMessage): WatchRevocationsResponse {
  return {
    snapshot,
    revocations: revocations.map(({ sessionId, forgetAfter }) => ({
      sessionId,
      forgetAfter: toTimestamp(forgetAfter),
    })),
  };
}

/** An open session as its owner sees it. */
export function toProtoSession(session: OwnSession): Session {
  const { createdAt, lastUsedAt, expiresAt, ...rest } = session;
  return {
    ...rest,
    createdAt: toTimestamp(createdAt),
    lastUsedAt: toTimestamp(lastUsedAt),
    expiresAt: toTimestamp(expiresAt),
  };
}

/** How a second factor stands. */
export function toProtoSecondFactor({ since, ...rest }: SecondFactorState): GetSecondFactorResponse {
  return { ...rest, ...(since && { since: toTimestamp(since) }) };
}
