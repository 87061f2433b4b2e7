import express from 'express';
import type { Request, RequestHandler } from 'express';
import { DomainError } from '@daybook/runtime/errors';

/** Largest body in bytes. */
export const bodyLimitBytes = 100 * 1024;

// No inflation: a small compressed body could unpack to a large one, and no client of ours compresses.
const parseJson = express.json({ limit: bodyLimitBytes, inflate: false, type: () => true });

function carriesBody(request: Request): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function isJson(request: Request): boolean {
  return /^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '');
}

/**
 * Reads a JSON body of at most 100 kB. A body of another type is refused on every changing route, also on those that take
 * none: forms of foreign pages cannot send JSON.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE; MALFORMED_REQUEST when a body is needed and absent
 */
export function jsonBody(options: { needed: boolean }): RequestHandler {
  return (request, response, next) => {
    if (!carriesBody(request)) {
      if (options.needed) throw new DomainError('invalid', 'MALFORMED_REQUEST', 'A JSON body is needed.');
      return next();
    }
    if (!isJson(request))
      throw new DomainError('invalid', 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.');
    parseJson(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      // An upload that broke off while we waited leaves no body behind; it must not reach a handler.
      if (request.body === undefined)
        return next(new DomainError('invalid', 'MALFORMED_REQUEST', 'The body broke off.'));
      next();
    });
  };
}
