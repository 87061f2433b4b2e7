import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '@daybook/runtime/errors';
import { requestState } from '../middleware/request-context.ts';
import { allowApp, allowWorker } from '../middleware/security-headers.ts';

/** What the app is told when it is served. `sourceUrl` is where the source can be had (AGPL section 13). */
export type WebAppOptions = { folder: string; version: string; sourceUrl?: string | undefined };

const secondsPerYear = 31_536_000;
const noncePlaceholder = '__CSP_NONCE__';

const missingPage = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Daybook: the app is not built</title></head>
  <body>
    <h1>The app is not built yet</h1>
    <p>The API answers, but its screens are missing. Build them with <code>npm run build -w web</code> and load this page again.</p>
    <p>The API is described at <a href="/api/docs">/api/docs</a>.</p>
  </body>
</html>
`;

function setRoute(route: string): RequestHandler {
  return (_request, response, next) => {
    requestState(response).route = route;
    next();
  };
}

function notFound(): never {
  throw new DomainError('absent', 'ROUTE_NOT_FOUND', 'There is nothing at this address.');
}

/** The script the page loads first: settings of this installation, not of the build. */
function configScript({ version, sourceUrl }: WebAppOptions): string {
  const settings = { version, ...(sourceUrl === undefined ? {} : { sourceUrl }) };
  return `globalThis.daybookConfig = ${JSON.stringify(settings)};\n`;
}

/** Puts the answer's nonce where the page expects it; a page without the place gets the element itself. */
export function injectNonce(page: string, nonce: string): string {
  if (page.includes(noncePlaceholder)) return page.replaceAll(noncePlaceholder, nonce);
  return page.replace(/<head[^>]*>/i, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}" />`);
}

async function sendPage(response: Response, folder: string): Promise<void> {
  let page: string;
  try {
    // Read each time: it is small, loaded seldom, and a new build must be seen without a restart.
    page = await readFile(join(folder, 'index.html'), 'utf8');
  } catch {
    response.status(503).setHeader('Cache-Control', 'no-store');
    allowApp(response);
    response.type('html').send(missingPage);
    return;
  }
  response.setHeader('Cache-Control', 'no-cache');
  response.type('html').send(injectNonce(page, allowApp(response)));
}

/** A place inside the app, as opposed to a file that does not exist. */
function isNavigation(request: Request): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !/\.[A-Za-z0-9]{1,8}$/.test(request.path) && Boolean(request.accepts('html'));
}

function staticFiles(folder: string, immutable: boolean): RequestHandler {
  return express.static(folder, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    ...(immutable ? { immutable: true, maxAge: secondsPerYear * 1000 } : { cacheControl: false }),
    ...(immutable
      ? {}
      : {
          setHeaders: (response: Response, path: string) => {
            response.setHeader('Cache-Control', 'no-cache');
            // The worker that keeps the last known day for offline reading asks the server on the app's behalf.
            if (path.endsWith('offline-worker.js')) allowWorker(response);
          },
        }),
  });
}

/** The built app: hashed assets for a year, its page fresh each time with a nonce, its places all answered by that page. */
export function webApp(options: WebAppOptions): Router {
  const router = Router();
  const script = configScript(options);
  const page = (_request: Request, response: Response): Promise<void> => sendPage(response, options.folder);
  router.get('/config.js', setRoute('/config.js'), (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.type('text/javascript').send(script);
  });
  router.use('/assets', setRoute('/assets'), staticFiles(join(options.folder, 'assets'), true), notFound);
  router.get(['/', '/index.html'], setRoute('/'), page);
  router.use(['/metrics', '/.vite'], notFound);
  router.use(setRoute('/'), staticFiles(options.folder, false));
  router.use((request, response, next) => {
    if (isNavigation(request)) return page(request, response);
    requestState(response).route = 'unmatched';
    next();
  });
  return router;
}
