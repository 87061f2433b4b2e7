import { createHash } from 'node:crypto';
import express from 'express';
import type { Router } from 'express';
import type { Deps } from '../http/dispatch.ts';
import { createCustomerRouter } from './customer-routes.ts';
import { renderPage } from './render.ts';
import { PAGE_SCRIPT } from './script.ts';
import { PAGE_STYLE } from './style.ts';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/` with its script, and the customers' pages. */
export function createPageRouter(deps: Deps): Router {
  const router = express.Router();
  router.use((_req, res, next) => {
    res.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    next();
  });
  router.get('/', (_req, res) => void res.type('html').send(renderPage(deps)));
  router.get('/page.js', (_req, res) => void res.type('js').send(PAGE_SCRIPT));
  router.get('/favicon.ico', (_req, res) => void res.status(204).end());
  router.use(createCustomerRouter(deps));
  return router;
}
