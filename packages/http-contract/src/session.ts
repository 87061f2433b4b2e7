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

/** Body of POST /api/auth/login. */
export const loginRequest = z
  .strictObject({
    username: z.string().trim().min(1, 'is required').max(200, 'must be at most 200 characters'),
    password: z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters'),
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
    currentPassword: z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters'),
    newPassword: z.string().min(1, 'is required').max(1024, 'must be at most 1024 characters'),
  })
  .meta({ id: 'ChangePasswordRequest' });

/** How many other sessions ended. */
export const endedSessions = z.object({ endedSessions: z.int() }).meta({ id: 'EndedSessions' });

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
