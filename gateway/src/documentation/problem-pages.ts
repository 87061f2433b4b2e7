import { Router } from 'express';
import { isProblemCode, problems } from '@daybook/http-contract/problems';
import type { ProblemCode } from '@daybook/http-contract/problems';
import { DomainError } from '@daybook/runtime/errors';
import { requestState } from '../middleware/request-context.ts';
import { allowDocumentation } from '../middleware/security-headers.ts';

/** Every text comes from the closed list, which holds no markup characters; a test keeps it so. */
function renderPage(code: ProblemCode): string {
  const { status, title, advice } = problems[code];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} (${code})</title>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>${advice}</p>
      <p>Code <code>${code}</code>, HTTP status ${status}. All codes are described in <a href="/api/docs">the API documentation</a>.</p>
    </main>
  </body>
</html>
`;
}

/** The pages that the `type` of a problem points to. Mounted under /problems. */
export function problemPages(): Router {
  const router = Router();
  router.get('/:code', (request, response) => {
    requestState(response).route = '/problems/{code}';
    const { code } = request.params;
    if (!isProblemCode(code)) throw new DomainError('absent', 'ROUTE_NOT_FOUND', 'There is no problem of this code.');
    allowDocumentation(response);
    response.type('html').send(renderPage(code));
  });
  return router;
}
