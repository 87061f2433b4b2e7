import { createDocument } from 'zod-openapi';
import { problem } from './common.ts';
import { liveChange } from './live.ts';
import { problems, type ProblemCode } from './problems.ts';
import { idParameters, routes, type Route } from './routes.ts';
import { z } from 'zod';

const headerSchemas = {
  'Idempotency-Key': z.string().max(255).optional().meta({
    description: 'One key per intent; a repeat with the same body gets the same answer for 24 hours or longer.',
  }),
  'If-Match': z.string().optional().meta({ description: 'The ETag last seen; answers 412 when it has changed.' }),
};

/** The problems that any route with that shape may answer besides its own. */
function commonProblems(route: Route): ProblemCode[] {
  return [
    // Of every route, since an unknown parameter or an ill-formed header is refused everywhere.
    'VALIDATION_FAILED',
    ...(route.body ? (['MALFORMED_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(route.open ? [] : (['SESSION_INVALID', 'SESSION_EXPIRED'] as const)),
    ...(route.method === 'get' ? [] : (['CROSS_SITE_REQUEST'] as const)),
    'TOO_MANY_REQUESTS',
    'INTERNAL',
    'UPSTREAM_UNAVAILABLE',
    'DATABASE_UNAVAILABLE',
    'UPSTREAM_TIMEOUT',
  ];
}

function problemResponses(route: Route): Record<string, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...route.problems, ...commonProblems(route)]) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

function successResponse({ success }: Route): object {
  const headers = {
    ...(success.etag ? { ETag: { schema: { type: 'string' }, description: 'The version, in quotes.' } } : {}),
    ...(success.location ? { Location: { schema: { type: 'string' }, description: 'Address of what was made.' } } : {}),
  };
  return {
    description: success.description,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(success.schema ? { content: { 'application/json': { schema: success.schema } } } : {}),
    ...(success.stream ? { content: { 'text/event-stream': { schema: liveChange } } } : {}),
  };
}

function operation(route: Route): object {
  const headers = route.headers
    ? z.object(Object.fromEntries(route.headers.map((name) => [name, headerSchemas[name]])))
    : undefined;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.open ? { security: [] } : {}),
    requestParams: {
      ...(route.path.includes('{id}') ? { path: idParameters } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(headers ? { header: headers } : {}),
    },
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } } : {}),
    responses: { [String(route.success.status)]: successResponse(route), ...problemResponses(route) },
  };
}

/**
 * The OpenAPI 3.1 description of the public API, made from `routes`.
 * @param version version of Daybook, for `info.version`
 */
export function createOpenApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Daybook',
      version,
      description:
        'The appointment book of a practice. Times are RFC 3339 with offset, days YYYY-MM-DD, wall times HH:MM. ' +
        'Errors are RFC 9457 problem details with a stable `code`.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    security: [{ cookie: [] }, { bearer: [] }],
    paths: paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-daybook_access' },
      },
    },
  });
}
