import type { RequestHandler } from 'express';
import { changePasswordRequest } from '@daybook/http-contract/session';
import { mapOpenSession } from '../mapping/session.ts';
import { readRequest } from '../middleware/read-request.ts';
import { signedInUser } from '../routes/route-handlers.ts';
import type { RouteHandlers } from '../routes/route-handlers.ts';
import type { SessionRouteOptions } from './session-routes.ts';

function changePassword({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: changePasswordRequest });
    response.json({ endedSessions: await auth.changePassword(body, signedInUser(response).token) });
  };
}

function listSessions({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const { sessions } = await auth.listSessions(signedInUser(response).token);
    response.json({ items: sessions.map(mapOpenSession) });
  };
}

function endOtherSessions({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    response.json({ endedSessions: await auth.endSession('', signedInUser(response).token) });
  };
}

function endSession({ auth, cookies, sessions }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const { actor, token } = signedInUser(response);
    const endedSessions = await auth.endSession(id, token);
    sessions.markRevoked(id);
    if (id === actor.sessionId) cookies.clear(response);
    response.json({ endedSessions });
  };
}

/** The signed-in person's own password and sessions. Guessing the present password is held up as signing in is. */
export function accountHandlers(options: SessionRouteOptions): RouteHandlers {
  return {
    changePassword: [options.limitSignIns, changePassword(options)],
    listSessions: [listSessions(options)],
    endOtherSessions: [endOtherSessions(options)],
    endSession: [endSession(options)],
  };
}
