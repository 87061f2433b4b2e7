import type { Request, RequestHandler } from 'express';
import { DomainError, findDomainError } from '@daybook/runtime/errors';
import type { SessionCookies } from '../session/cookies.ts';
import type { SessionWatch } from '../session/revocations.ts';
import type { SignedIn } from '../session/signed-in.ts';
import { requestState } from './request-context.ts';

/** What checks an access token; `verify` of the runtime's token verifier. */
export type VerifyToken = (token: string) => Promise<SignedIn['actor']>;

/** Where credentials are read from and what they are checked against. */
export type AuthenticateOptions = { cookies: SessionCookies; verify: VerifyToken; sessions: SessionWatch };

function readBearer(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const match = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header);
  if (!match?.[1])
    throw new DomainError('unauthenticated', 'SESSION_INVALID', 'The Authorization header must be "Bearer <token>".');
  return match[1];
}

/** Every credential the request presents, the bearer first. */
function presentedTokens(request: Request, cookies: SessionCookies): string[] {
  const found = [readBearer(request.headers.authorization), cookies.readAccess(request)];
  return found.filter((token) => token !== undefined);
}

async function verifyAll(tokens: string[], options: AuthenticateOptions): Promise<SignedIn | undefined> {
  let first: SignedIn | undefined;
  for (const token of tokens) {
    const actor = await options.verify(token);
    await options.sessions.assertActive(actor.sessionId);
    first ??= { actor, token };
  }
  return first;
}

/** The good ones among the presented credentials, revoked or not; for signing out, which must not fail for a bad one. */
export async function verifyQuietly(request: Request, options: AuthenticateOptions): Promise<SignedIn[]> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const found: SignedIn[] = [];
  for (const token of new Set([bearer, options.cookies.readAccess(request)])) {
    if (token === undefined) continue;
    try {
      found.push({ actor: await options.verify(token), token });
    } catch (error) {
      if (findDomainError(error)?.kind !== 'unauthenticated') throw error;
    }
  }
  return found;
}

/**
 * Finds out who asks, without refusing yet: the limiter behind it counts by session, and open routes need nobody.
 * Each presented credential must be good; one bad spoils the others, because a mixture is never an accident of ours.
 */
export function identify(options: AuthenticateOptions): RequestHandler {
  return async (request, response, next) => {
    const state = requestState(response);
    try {
      const signedIn = await verifyAll(presentedTokens(request, options.cookies), options);
      if (signedIn) state.signedIn = signedIn;
    } catch (error) {
      state.refused = error instanceof Error ? error : new Error('checking a credential failed', { cause: error });
    }
    next();
  };
}

/** Lets only verified users pass. @throws DomainError SESSION_INVALID or SESSION_EXPIRED, or what made checking impossible */
export function requireSession(cookies: SessionCookies): RequestHandler {
  return (request, response, next) => {
    const state = requestState(response);
    if (state.refused !== undefined) throw state.refused;
    if (state.signedIn) return next();
    // The browser drops an access cookie at its end, so only the refresh cookie tells that there was a session.
    if (cookies.readRefresh(request) !== undefined) {
      throw new DomainError('unauthenticated', 'SESSION_EXPIRED', 'The access token has run out.');
    }
    throw new DomainError('unauthenticated', 'SESSION_INVALID', 'This needs a session.');
  };
}
