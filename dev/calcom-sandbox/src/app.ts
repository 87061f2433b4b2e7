import express from 'express';
import type { Express } from 'express';
import { createAdminRouter } from './admin/routes.ts';
import type { Settings } from './engine/types.ts';
import { createDispatcher } from './http/dispatch.ts';
import type { Deps } from './http/dispatch.ts';
import { createPageRouter } from './page/routes.ts';

/** The Express application: the API under `/v2` and `/api/v2`, the knobs under `/admin`, the page at `/`. */
export function createApp(deps: Deps, initial: Settings): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(['/v2', '/api/v2'], createDispatcher(deps));
  app.use('/admin', createAdminRouter(deps, initial));
  app.use(createPageRouter(deps));
  app.use((_req, res) => void res.status(404).json({ error: 'nothing is here; the API is below /v2' }));
  return app;
}
