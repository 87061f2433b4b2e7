import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Options } from 'express-rate-limit';
import { DomainError } from '@daybook/runtime/errors';
import { requestState } from './request-context.ts';

const windowMs = 60_000;

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

type Counted = Request & { rateLimit?: { resetTime?: Date } };

function secondsLeft(request: Counted): number {
  const reset = request.rateLimit?.resetTime?.getTime() ?? Date.now() + windowMs;
  return Math.max(1, Math.ceil((reset - Date.now()) / 1000));
}

function createLimiter(code: string, limit: number, keyGenerator: Options['keyGenerator']): RequestHandler {
  return rateLimit({
    windowMs,
    limit,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    // A limiter that cannot count refuses (fail closed); the memory store only fails with the process.
    passOnStoreError: false,
    handler: (request, _response, next) => {
      const retryAfterSeconds = secondsLeft(request);
      next(
        new DomainError('throttled', code, `Wait ${retryAfterSeconds} seconds.`, { context: { retryAfterSeconds } }),
      );
    },
  });
}

/** At most `perMinute` requests a minute by one session, or by one address (IPv6: one /56) without a session. */
export function limitRequests(perMinute: number): RequestHandler {
  return createLimiter('TOO_MANY_REQUESTS', perMinute, (request, response) => {
    const session = requestState(response).signedIn?.actor.sessionId;
    return session === undefined ? `address ${addressOf(request)}` : `session ${session}`;
  });
}

/** At most `perMinute` webhooks a minute from one address, known or not: the signature is checked behind this. */
export function limitWebhooks(perMinute: number): RequestHandler {
  return createLimiter('TOO_MANY_REQUESTS', perMinute, (request) => addressOf(request));
}

/** At most `perMinute` sign-ins a minute from one address; auth itself throttles per account. */
export function limitSignIns(perMinute: number): RequestHandler {
  return createLimiter('TOO_MANY_ATTEMPTS', perMinute, (request) => addressOf(request));
}
