import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { Router } from 'express';
import { createOpenApiDocument } from '@daybook/http-contract/openapi';
import { allowDocumentation } from '../middleware/security-headers.ts';
import { requestState } from '../middleware/request-context.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Daybook API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png" />
  </head>
  <body>
    <main id="documentation"></main>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

// The validator badge would call out to another site; the policy forbids it, so it is not asked for.
const startScript = `window.SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#documentation',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

const servedFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** The folder of the installed swagger-ui-dist. */
function swaggerFolder(): string {
  return dirname(createRequire(join(import.meta.dirname, 'api-docs.ts')).resolve('swagger-ui-dist/package.json'));
}

/** The OpenAPI document at /openapi.json and the page that shows it at /docs, all from our own origin. Mounted under /api. */
export function apiDocumentation(version: string): Router {
  const router = Router();
  const folder = swaggerFolder();
  let document: string | undefined;
  router.get('/openapi.json', (_request, response) => {
    requestState(response).route = '/api/openapi.json';
    document ??= JSON.stringify(createOpenApiDocument(version));
    response.type('application/json').end(document);
  });
  router.use('/docs', (_request, response, next) => {
    requestState(response).route = '/api/docs';
    allowDocumentation(response);
    next();
  });
  router.get('/docs', (_request, response) => void response.type('html').send(page));
  router.get('/docs/start.js', (_request, response) => void response.type('text/javascript').send(startScript));
  for (const file of servedFiles) {
    router.get(`/docs/${file}`, (_request, response) => response.sendFile(file, { root: folder, cacheControl: false }));
  }
  return router;
}
