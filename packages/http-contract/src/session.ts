import { z } from 'zod';
import { instant, uuid } from './common.ts';

/** What an account may do. */
export const role = z.enum(['owner', 'admin', 'staff', 'customer']);

/** A person who can sign in. */
export const user = z
  .object({
    id: uuid,
    organizationId: uuid,
    username: z.string(),
    fullName: z.string(),
    roles: z.array(role).min(1),
  })
  .meta({ id: 'User' });

const currentPassword = z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters');
const secondFactorCode = z.string().min(1, 'is required').max(64, 'must be at most 64 characters');

/** Body of POST /api/auth/login. */
export const loginRequest = z
  .strictObject({
    username: z.string().trim().min(1, 'is required').max(200, 'must be at most 200 characters'),
    password: z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters'),
    code: secondFactorCode
      .meta({
        description:
          'Six digits of the authenticator app, or a recovery code. Needed, after SECOND_FACTOR_NEEDED, where the account has a second factor; not looked at otherwise.',
      })
      .optional(),
  })
  .meta({ id: 'LoginRequest' });

/** Answer of login and refresh. Both tokens also travel as HttpOnly cookies; the body's copy is for API clients. */
export const sessionResponse = z
  .object({
    user,
    accessToken: z.string().meta({ description: 'ES256 JWT for Authorization: Bearer, ten minutes.' }),
    expiresAt: instant.meta({ description: 'End of the access token.' }),
  })
  .meta({ id: 'Session' });

/** Answer of GET /api/auth/me. */
export const meResponse = z.object({ user, expiresAt: instant }).meta({ id: 'Me' });

/** Body of POST /api/auth/password. */
export const changePasswordRequest = z
  .strictObject({
    currentPassword,
    newPassword: z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters'),
  })
  .meta({ id: 'ChangePasswordRequest' });

/** How many other sessions ended. */
export const endedSessions = z.object({ endedSessions: z.int() }).meta({ id: 'EndedSessions' });

/** Answer of GET /api/auth/second-factor. */
export const secondFactor = z
  .object({
    on: z.boolean().meta({ description: 'Whether a code is asked for at sign-in.' }),
    since: instant.meta({ description: 'When it was turned on; absent while it is off.' }).optional(),
    recoveryCodesLeft: z.int().meta({ description: 'How many recovery codes still count.' }),
  })
  .meta({ id: 'SecondFactor' });

/** Body of POST /api/auth/second-factor. */
export const beginSecondFactorRequest = z.strictObject({ currentPassword }).meta({ id: 'BeginSecondFactorRequest' });

/** Answer of POST /api/auth/second-factor: the secret for an authenticator app, shown this once. */
export const secondFactorKey = z
  .object({
    secret: z.string().meta({ description: '160 random bits in base 32, for typing.' }),
    uri: z.string().meta({ description: 'The otpauth address for a QR code: SHA-1, six digits, thirty seconds.' }),
  })
  .meta({ id: 'SecondFactorKey' });

/** Body of POST /api/auth/second-factor/confirmation. */
export const confirmSecondFactorRequest = z
  .strictObject({ code: secondFactorCode.meta({ description: 'Six digits that the app shows.' }) })
  .meta({ id: 'ConfirmSecondFactorRequest' });

/** Body of what changes a second factor that is on: a session alone is not enough. */
export const secondFactorProof = z
  .strictObject({
    currentPassword,
    code: secondFactorCode.meta({ description: 'Six digits that the app shows, or a recovery code.' }),
  })
  .meta({ id: 'SecondFactorProof' });

const recoveryCodes = z.array(z.string()).meta({
  description: 'Ten codes, each good once in place of a code of the app. They are never shown again.',
});

/** Answer of POST /api/auth/second-factor/confirmation. */
export const confirmedSecondFactor = z
  .object({ recoveryCodes, endedSessions: z.int() })
  .meta({ id: 'ConfirmedSecondFactor' });

/** Answer of POST /api/auth/second-factor/recovery-codes. */
export const newRecoveryCodes = z.object({ recoveryCodes }).meta({ id: 'NewRecoveryCodes' });

/** An open session of the signed-in user. */
export const openSession = z
  .object({
    id: uuid,
    createdAt: instant,
    lastUsedAt: instant,
    expiresAt: instant,
    userAgent: z.string(),
    current: z.boolean(),
  })
  .meta({ id: 'OpenSession' });

/** Answer of GET /api/auth/sessions, the last used first. */
export const openSessionList = z.object({ items: z.array(openSession) }).meta({ id: 'OpenSessionList' });

/** How the second factor stands. */
export type SecondFactor = z.output<typeof secondFactor>;
/** The secret for an authenticator app. */
export type SecondFactorKey = z.output<typeof secondFactorKey>;
/** Password and code, by which a second factor is changed. */
export type SecondFactorProof = z.input<typeof secondFactorProof>;
/** A second factor that was just turned on. */
export type ConfirmedSecondFactor = z.output<typeof confirmedSecondFactor>;
/** Body of a password change. */
export type ChangePasswordRequest = z.input<typeof changePasswordRequest>;
/** An open session. */
export type OpenSession = z.output<typeof openSession>;
/** A person who can sign in. */
export type User = z.output<typeof user>;
/** Body of login. */
export type LoginRequest = z.input<typeof loginRequest>;
/** Answer of login and refresh. */
export type Session = z.output<typeof sessionResponse>;
/** Answer of me. */
export type Me = z.output<typeof meResponse>;
