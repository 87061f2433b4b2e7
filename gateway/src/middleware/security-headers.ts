import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

const secondsPerYear = 31_536_000;

type Directives = Record<string, string[]>;

/** Nothing may load or frame an answer of the API. */
const apiPolicy: Directives = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/** The app's policy: own scripts only; own styles and style elements that carry the answer's nonce. */
function appPolicy(nonce: string): Directives {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", `'nonce-${nonce}'`],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
}

/** The interactive documentation draws its icons from data: images. Its styles are a file like the app's. */
const documentationPolicy: Directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The service worker talks to its own origin and loads nothing else. */
const workerPolicy: Directives = {
  'default-src': ["'none'"],
  'connect-src': ["'self'"],
  'frame-ancestors': ["'none'"],
};

function serialize(policy: Directives): string {
  return Object.entries(policy)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

const apiPolicyText = serialize(apiPolicy);
const documentationPolicyText = serialize(documentationPolicy);

/**
 * Headers that every answer carries: nosniff, referrer policy, no framing, own-origin isolation, HSTS when served by https,
 * and the strictest content policy; pages loosen the last one for themselves.
 */
export function securityHeaders(options: { https: boolean }): RequestHandler {
  const helmetHeaders = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: options.https ? { maxAge: secondsPerYear, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', apiPolicyText);
    helmetHeaders(request, response, next);
  };
}

/** Allows the app's page to run; answers the nonce its style elements must carry. */
export function allowApp(response: Response): string {
  const nonce = randomBytes(18).toString('base64');
  response.setHeader('Content-Security-Policy', serialize(appPolicy(nonce)));
  return nonce;
}

/** Allows the service worker of the app to ask its own server. */
export function allowWorker(response: Response): void {
  response.setHeader('Content-Security-Policy', serialize(workerPolicy));
}

/** Allows the interactive documentation, and the pages that describe problems, to run. */
export function allowDocumentation(response: Response): void {
  response.setHeader('Content-Security-Policy', documentationPolicyText);
}
