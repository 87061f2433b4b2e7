import type { Request, RequestHandler, Response } from 'express';
import { loginRequest } from '@daybook/http-contract/session';
import { DomainError, findDomainError } from '@daybook/runtime/errors';
import { instantToJson, required } from '../mapping/instants.ts';
import { mapSession, mapUser } from '../mapping/session.ts';
import { verifyQuietly } from '../middleware/authenticate.ts';
import type { AuthenticateOptions } from '../middleware/authenticate.ts';
import { readRequest } from '../middleware/read-request.ts';
import { signedInUser } from '../routes/route-handlers.ts';
import type { RouteHandlers } from '../routes/route-handlers.ts';
import type { AuthClient } from '../upstream/auth-client.ts';
import { signInWithPassword } from './local-strategy.ts';

/** What the session routes need. */
export type SessionRouteOptions = AuthenticateOptions & { auth: AuthClient; limitSignIns: RequestHandler };

function logIn({ auth, cookies }: SessionRouteOptions): RequestHandler {
  const signIn = signInWithPassword(auth, (answer, _request, response) => {
    const tokens = required(answer.tokens);
    cookies.write(response, tokens);
    response.json(mapSession(required(answer.user), tokens));
  });
  return (request, response, next) => {
    request.body = readRequest(request, { body: loginRequest }).body;
    signIn(request, response, next);
  };
}

function refreshSession({ auth, cookies }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const token = cookies.readRefresh(request);
    if (token === undefined)
      throw new DomainError('unauthenticated', 'SESSION_INVALID', 'There is no session to renew.');
    try {
      const answer = await auth.refreshSession(token);
      const tokens = required(answer.tokens);
      cookies.write(response, tokens);
      response.json(mapSession(required(answer.user), tokens));
    } catch (error) {
      // Only a clear no ends the session here; trouble leaves the cookies for the next try.
      if (findDomainError(error)?.kind === 'unauthenticated') cookies.clear(response);
      throw error;
    }
  };
}

/** Ends the sessions of every credential that is presented; bad ones have no session and are passed over. */
async function endSessions(request: Request, options: SessionRouteOptions): Promise<void> {
  const refresh = options.cookies.readRefresh(request);
  const signedIn = await verifyQuietly(request, options);
  if (refresh !== undefined) await options.auth.revokeByRefreshToken(refresh);
  for (const { actor, token } of signedIn) {
    try {
      await options.auth.revokeOwnSession(actor.sessionId, token);
    } catch (error) {
      // Already ended, perhaps by the refresh token a line above.
      if (findDomainError(error)?.kind !== 'unauthenticated') throw error;
    }
    options.sessions.markRevoked(actor.sessionId);
  }
}

function logOut(options: SessionRouteOptions): RequestHandler {
  return async (request, response: Response) => {
    readRequest(request, {});
    await endSessions(request, options);
    options.cookies.clear(response);
    response.status(204).end();
  };
}

function getCurrentUser({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const answer = await auth.getCurrentUser(signedInUser(response).token);
    response.json({ user: mapUser(required(answer.user)), expiresAt: instantToJson(answer.accessExpiresAt) });
  };
}

/** Sign in, renew, sign out, who am I. */
export function sessionHandlers(options: SessionRouteOptions): RouteHandlers {
  return {
    logIn: [options.limitSignIns, logIn(options)],
    refreshSession: [refreshSession(options)],
    logOut: [logOut(options)],
    getCurrentUser: [getCurrentUser(options)],
  };
}
