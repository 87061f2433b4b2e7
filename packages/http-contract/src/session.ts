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

/** A person who can sign in. */
export type User = z.output<typeof user>;
/** Body of login. */
export type LoginRequest = z.input<typeof loginRequest>;
/** Answer of login and refresh. */
export type Session = z.output<typeof sessionResponse>;
/** Answer of me. */
export type Me = z.output<typeof meResponse>;
