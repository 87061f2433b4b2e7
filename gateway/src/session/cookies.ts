import type { CookieOptions, Request, Response } from 'express';
import type { TokenPair__Output } from '@daybook/protos/gen/daybook/auth/v1/TokenPair';
import { fromTimestamp } from '@daybook/protos/instant';
import { required } from '../mapping/instants.ts';

/** The session's two cookies. */
export type SessionCookies = {
  readAccess(request: Request): string | undefined;
  readRefresh(request: Request): string | undefined;
  /** Sets both cookies, each living as long as its token. */
  write(response: Response, tokens: TokenPair__Output): void;
  clear(response: Response): void;
};

function readCookie(request: Request, name: string): string | undefined {
  const value = (request.cookies as Record<string, unknown> | undefined)?.[name];
  // The parser turns "j:{…}" into objects; such a value is no token of ours but must still count as a bad one.
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : 'malformed';
}

/**
 * Cookies: with https the `__Host-` prefix and Secure, so no other host or path can set them; on plain
 * http, which configuration allows on loopback addresses only, the same names without the prefix.
 * @param https whether the public address is https
 */
export function createSessionCookies(https: boolean): SessionCookies {
  const prefix = https ? '__Host-' : '';
  const access = `${prefix}daybook_access`;
  const refresh = `${prefix}daybook_refresh`;
  const attributes: CookieOptions = { httpOnly: true, sameSite: 'strict', secure: https, path: '/' };
  return {
    readAccess: (request) => readCookie(request, access),
    readRefresh: (request) => readCookie(request, refresh),
    write: (response, tokens) => {
      const accessEnd = fromTimestamp(required(tokens.accessExpiresAt));
      const refreshEnd = fromTimestamp(required(tokens.refreshExpiresAt));
      response.cookie(access, tokens.accessToken, { ...attributes, expires: accessEnd });
      response.cookie(refresh, tokens.refreshToken, { ...attributes, expires: refreshEnd });
    },
    clear: (response) => {
      response.clearCookie(access, attributes);
      response.clearCookie(refresh, attributes);
    },
  };
}
