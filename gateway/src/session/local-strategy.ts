import type { Request } from 'express';
import { Authenticator } from 'passport';
import { Strategy } from 'passport-local';
import type { RequestHandler } from 'express';
import type { LoginRequest } from '@daybook/http-contract/session';
import type { AuthenticateResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateResponse';
import { DomainError } from '@daybook/runtime/errors';
import type { AuthClient } from '../upstream/auth-client.ts';

type Done = (error: unknown, user?: AuthenticateResponse__Output | false) => void;

const longestUserAgent = 300;

/** passport-local's verify step: the rpc Authenticate of auth, which alone knows accounts. */
export function createLocalStrategy(auth: Pick<AuthClient, 'authenticate'>): Strategy {
  const verify = (request: Request, username: string, password: string, done: Done): void => {
    auth
      .authenticate({
        username,
        password,
        code: (request.body as LoginRequest).code ?? '',
        clientAddress: request.ip ?? '',
        userAgent: (request.headers['user-agent'] ?? '').slice(0, longestUserAgent),
      })
      .then((answer) => done(null, answer), done);
  };
  return new Strategy({ passReqToCallback: true, session: false }, verify as never);
}

/** Signs in by username, password and, where one was sent, code in the body and hands the opened session to `succeed`; keeps no session itself. */
export function signInWithPassword(
  auth: Pick<AuthClient, 'authenticate'>,
  succeed: (answer: AuthenticateResponse__Output, ...handled: Parameters<RequestHandler>) => void,
): RequestHandler {
  const passport = new Authenticator();
  passport.use('local', createLocalStrategy(auth));
  return (request, response, next) => {
    const finish: Done = (error, answer) => {
      if (error) return next(error);
      if (!answer)
        return next(new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'Username or password is wrong.'));
      succeed(answer, request, response, next);
    };
    const middleware = passport.authenticate('local', { session: false }, finish) as RequestHandler;
    void middleware(request, response, next);
  };
}
