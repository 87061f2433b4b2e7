import type { IncomingHttpHeaders } from 'node:http';
import type { World } from '../engine/store.ts';
import { accountOf } from '../engine/store.ts';
import type { Account } from '../engine/types.ts';
import { nestFailure } from './errors.ts';

/** `required`: 401 without a credential; `guarded`: 403 instead; `optional`: anonymous callers are let in. */
export type AuthRule = 'required' | 'guarded' | 'optional';

/** The bearer credential of a request, or null. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  const match = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '');
  return match?.[1]?.trim() ?? null;
}

/**
 * Who calls. An invalid credential is 401 everywhere, also where none is needed; the texts are Cal.com's.
 */
export function authenticate(world: World, headers: IncomingHttpHeaders, rule: AuthRule): Account | null {
  const credential = bearerOf(headers);
  if (credential === null) {
    if (rule === 'optional') return null;
    if (rule === 'guarded')
      throw nestFailure(403, 'PermissionsGuard - no authentication provided. Provide a credential.');
    throw nestFailure(
      401,
      'ApiAuthStrategy - No authentication method provided. Provide an API key or an access token.',
    );
  }
  const key = world.settings.apiKeys.find((candidate) => candidate.key === credential);
  if (key === undefined) {
    const kind = credential.startsWith('cal_')
      ? 'api key - Your api key is not valid'
      : 'access token - Invalid access token.';
    throw nestFailure(401, `ApiAuthStrategy - ${kind}`);
  }
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= world.now().getTime()) {
    throw nestFailure(401, 'ApiAuthStrategy - api key - Your api key is expired');
  }
  return accountOf(world.state, key.userId);
}
