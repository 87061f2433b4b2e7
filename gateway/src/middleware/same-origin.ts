import type { Request, RequestHandler } from 'express';
import { DomainError } from '@daybook/runtime/errors';
import { isLoopbackHost } from '../config.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

function isOwnOrigin(origin: string, publicUrl: URL): boolean {
  if (origin === publicUrl.origin) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  // On one's own machine localhost and 127.0.0.1 are the same place; the address printed may be either.
  return (
    isLoopbackHost(publicUrl.hostname) &&
    isLoopbackHost(url.hostname) &&
    url.origin === origin &&
    url.protocol === publicUrl.protocol &&
    url.port === publicUrl.port
  );
}

function isCrossSite(request: Request, publicUrl: URL): boolean {
  const { origin } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  if (origin !== undefined && !isOwnOrigin(origin, publicUrl)) return true;
  return fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
}

/**
 * Refuses changes that another site asks for (with SameSite=Strict cookies and the JSON content type this replaces CSRF
 * tokens). A request with an Authorization header is exempt: a foreign page cannot send one without a preflight, and none
 * is ever granted.
 * @throws DomainError CROSS_SITE_REQUEST
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  const own = new URL(publicUrl);
  return (request, _response, next) => {
    const exempt = readingMethods.has(request.method) || request.headers.authorization !== undefined;
    if (!exempt && isCrossSite(request, own)) {
      throw new DomainError('forbidden', 'CROSS_SITE_REQUEST', 'The request came from another site.');
    }
    next();
  };
}
