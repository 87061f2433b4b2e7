import type { RequestHandler } from 'express';
import {
  beginSecondFactorRequest,
  confirmSecondFactorRequest,
  secondFactorProof,
} from '@daybook/http-contract/session';
import { mapSecondFactor } from '../mapping/session.ts';
import { readRequest } from '../middleware/read-request.ts';
import { signedInUser } from '../routes/route-handlers.ts';
import type { RouteHandlers } from '../routes/route-handlers.ts';
import type { SessionRouteOptions } from './session-routes.ts';

function getSecondFactor({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    response.json(mapSecondFactor(await auth.getSecondFactor(signedInUser(response).token)));
  };
}

function beginSecondFactor({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: beginSecondFactorRequest });
    const { secret, uri } = await auth.beginSecondFactor(body.currentPassword, signedInUser(response).token);
    response.json({ secret, uri });
  };
}

function confirmSecondFactor({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: confirmSecondFactorRequest });
    const { recoveryCodes, endedSessions } = await auth.confirmSecondFactor(body.code, signedInUser(response).token);
    response.json({ recoveryCodes, endedSessions });
  };
}

function replaceRecoveryCodes({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: secondFactorProof });
    response.json({ recoveryCodes: await auth.replaceRecoveryCodes(body, signedInUser(response).token) });
  };
}

function turnOffSecondFactor({ auth }: SessionRouteOptions): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: secondFactorProof });
    response.json({ endedSessions: await auth.turnOffSecondFactor(body, signedInUser(response).token) });
  };
}

/** The signed-in person's second factor. Whatever takes a password or a code is held up as signing in is. */
export function secondFactorHandlers(options: SessionRouteOptions): RouteHandlers {
  return {
    getSecondFactor: [getSecondFactor(options)],
    beginSecondFactor: [options.limitSignIns, beginSecondFactor(options)],
    confirmSecondFactor: [options.limitSignIns, confirmSecondFactor(options)],
    replaceRecoveryCodes: [options.limitSignIns, replaceRecoveryCodes(options)],
    turnOffSecondFactor: [options.limitSignIns, turnOffSecondFactor(options)],
  };
}
