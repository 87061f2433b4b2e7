import type { OpenSession, SecondFactor, Session, User } from '@daybook/http-contract/session';
import type { GetSecondFactorResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/GetSecondFactorResponse';
import type { Role__Output } from '@daybook/protos/gen/daybook/auth/v1/Role';
import type { Session__Output } from '@daybook/protos/gen/daybook/auth/v1/Session';
import type { TokenPair__Output } from '@daybook/protos/gen/daybook/auth/v1/TokenPair';
import type { User__Output } from '@daybook/protos/gen/daybook/auth/v1/User';
import { instantToJson } from './instants.ts';

const roleJson = {
  ROLE_OWNER: 'owner',
  ROLE_ADMIN: 'admin',
  ROLE_STAFF: 'staff',
  ROLE_CUSTOMER: 'customer',
} as const;

function mapRoles(roles: Role__Output[]): User['roles'] {
  return roles.flatMap((role) => (role === 'ROLE_UNSPECIFIED' ? [] : [roleJson[role]]));
}

/** The signed-in person as the public surface shows them. */
export function mapUser(user: User__Output): User {
  return {
    id: user.id,
    organizationId: user.organizationId,
    username: user.username,
    fullName: user.fullName,
    roles: mapRoles(user.roles),
  };
}

/** The answer of login and refresh. The refresh token is not part of it: it travels by cookie alone. */
export function mapSession(user: User__Output, tokens: TokenPair__Output): Session {
  return { user: mapUser(user), accessToken: tokens.accessToken, expiresAt: instantToJson(tokens.accessExpiresAt) };
}

/** An open session as its owner sees it. */
export function mapOpenSession(session: Session__Output): OpenSession {
  return {
    id: session.id,
    createdAt: instantToJson(session.createdAt),
    lastUsedAt: instantToJson(session.lastUsedAt),
    expiresAt: instantToJson(session.expiresAt),
    userAgent: session.userAgent,
    current: session.current,
  };
}

/** How a second factor stands. */
export function mapSecondFactor({ on, since, recoveryCodesLeft }: GetSecondFactorResponse__Output): SecondFactor {
  return { on, ...(since && { since: instantToJson(since) }), recoveryCodesLeft };
}
