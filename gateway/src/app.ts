import cookieParser from 'cookie-parser';
import express, { Router } from 'express';
import type { Express, RequestHandler } from 'express';
import { routes } from '@daybook/http-contract/routes';
import type { Route } from '@daybook/http-contract/routes';
import { DomainError } from '@daybook/runtime/errors';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { apiDocumentation } from './documentation/api-docs.ts';
import { problemPages } from './documentation/problem-pages.ts';
import { liveHandlers } from './live/sse-routes.ts';
import type { LiveHub } from './live/live-hub.ts';
import { identify, requireSession } from './middleware/authenticate.ts';
import type { VerifyToken } from './middleware/authenticate.ts';
import { jsonBody } from './middleware/json-body.ts';
import { problemDetails } from './middleware/problem-details.ts';
import { limitRequests, limitSignIns, limitWebhooks } from './middleware/rate-limit.ts';
import { requestContext, requestState } from './middleware/request-context.ts';
import { sameOrigin } from './middleware/same-origin.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { appointmentTypeHandlers } from './routes/appointment-types.ts';
import { appointmentHandlers } from './routes/appointments.ts';
import { availabilityHandlers } from './routes/availability.ts';
import { blockHandlers } from './routes/blocks.ts';
import { calendarConnectionHandlers } from './routes/calendar-connections.ts';
import { customerHandlers } from './routes/customers.ts';
import { practiceHandlers } from './routes/practice.ts';
import { providerHandlers } from './routes/providers.ts';
import type { RouteHandlers } from './routes/route-handlers.ts';
import { slotHandlers } from './routes/slots.ts';
import { rawBody, webhookHandlers } from './routes/webhooks.ts';
import { accountHandlers } from './session/account-routes.ts';
import { createSessionCookies } from './session/cookies.ts';
import type { SessionCookies } from './session/cookies.ts';
import type { SessionWatch } from './session/revocations.ts';
import { secondFactorHandlers } from './session/second-factor-routes.ts';
import { sessionHandlers } from './session/session-routes.ts';
import type { AuthClient } from './upstream/auth-client.ts';
import type { CalendarSyncClient } from './upstream/calendar-sync-client.ts';
import type { SchedulingClient } from './upstream/scheduling-client.ts';
import { webApp } from './web-app/web-app.ts';

/** Everything the app is made of. `publicUrl` is our origin as browsers see it, without a slash at the end. */
export type AppOptions = {
  publicUrl: string;
  trustedProxies: string[];
  webFolder: string;
  version: string;
  sourceUrl?: string | undefined;
  requestsPerMinute: number;
  signInsPerMinute: number;
  webhooksPerMinute: number;
  liveConnectionsPerSession: number;
  liveHeartbeatMs: number;
  logger: Logger;
  lifecycle: Lifecycle;
  verify: VerifyToken;
  sessions: SessionWatch;
  hub: LiveHub;
  auth: AuthClient;
  scheduling: SchedulingClient;
  calendarSync: CalendarSyncClient;
};

function collectHandlers(options: AppOptions, cookies: SessionCookies): RouteHandlers {
  const { scheduling, calendarSync, auth, verify, sessions, hub, lifecycle } = options;
  const session = { auth, verify, sessions, cookies, limitSignIns: limitSignIns(options.signInsPerMinute) };
  return {
    ...sessionHandlers(session),
    ...accountHandlers(session),
    ...secondFactorHandlers(session),
    ...appointmentHandlers(scheduling),
    ...slotHandlers(scheduling),
    ...availabilityHandlers(scheduling),
    ...blockHandlers(scheduling),
    ...appointmentTypeHandlers(scheduling),
    ...customerHandlers(scheduling),
    ...practiceHandlers(scheduling),
    ...providerHandlers(scheduling),
    ...calendarConnectionHandlers(calendarSync),
    ...webhookHandlers(calendarSync),
    ...liveHandlers({
      hub,
      sessions,
      lifecycle,
      heartbeatMs: options.liveHeartbeatMs,
      connectionsPerSession: options.liveConnectionsPerSession,
    }),
  };
}

function setRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    requestState(response).route = path;
    next();
  };
}

/** Every path of the contract once, with its routes. */
function routesByPath(): Map<string, Route[]> {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  return byPath;
}

function refuseMethod(methods: string[]): RequestHandler {
  const offered = methods.map((method) => method.toUpperCase());
  const allow = (offered.includes('GET') ? [...offered, 'HEAD'] : offered).join(', ');
  return () => {
    throw new DomainError('invalid', 'METHOD_NOT_ALLOWED', `This address offers ${allow}.`, { context: { allow } });
  };
}

/** The first two segments of a path: every route of one resource begins with them. */
function resourceOf(path: string): string {
  const second = path.indexOf('/', 1);
  const third = second === -1 ? -1 : path.indexOf('/', second + 1);
  return third === -1 ? path : path.slice(0, third);
}

/**
 * The routes of the contract, each behind the same chain. They are mounted from the contract's own list, so a route cannot
 * exist without its session check, and one of the list cannot be forgotten. A router tries its patterns one after the
 * other, so each resource has one of its own.
 * @throws Error at start when a route has no handler
 */
function contractRoutes(
  handlers: RouteHandlers,
  cookies: SessionCookies,
  webhookLimiter: RequestHandler,
): RequestHandler {
  const routers = new Map<string, Router>();
  for (const [path, offered] of routesByPath()) {
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const router = routers.get(resourceOf(path)) ?? Router({ caseSensitive: true });
    routers.set(resourceOf(path), router);
    for (const route of offered) {
      const own = handlers[route.operationId];
      if (!own) throw new Error(`the contract's ${route.operationId} has no handler`);
      const session = route.open ? [] : [requireSession(cookies)];
      const body = route.method === 'get' ? [] : [jsonBody({ needed: route.body !== undefined })];
      const guards = route.webhook ? [webhookLimiter, rawBody] : [...session, ...body];
      router[route.method](pattern, setRoute(path), ...guards, ...own);
    }
    router.all(pattern, setRoute(path), refuseMethod(offered.map((route) => route.method)));
  }
  return (request, response, next) => {
    const router = routers.get(resourceOf(request.path));
    if (router) router(request, response, next);
    else next();
  };
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

const notFound: RequestHandler = () => {
  throw new DomainError('absent', 'ROUTE_NOT_FOUND', 'There is nothing at this address.');
};

/** Builds the Express app; it does not listen. */
export function createApp(options: AppOptions): Express {
  const https = options.publicUrl.startsWith('https:');
  const cookies = createSessionCookies(https);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', options.trustedProxies.length > 0 ? options.trustedProxies : false);
  app.use(requestContext(options));
  app.use(securityHeaders({ https }));
  app.use('/webhooks', noStore);
  app.use('/api', noStore, apiDocumentation(options.version));
  app.use('/api', cookieParser(), identify({ ...options, cookies }), limitRequests(options.requestsPerMinute));
  app.use('/api', sameOrigin(options.publicUrl));
  app.use(contractRoutes(collectHandlers(options, cookies), cookies, limitWebhooks(options.webhooksPerMinute)));
  app.use(['/api', '/webhooks'], notFound);
  app.use('/problems', problemPages());
  app.use(webApp({ folder: options.webFolder, version: options.version, sourceUrl: options.sourceUrl }));
  app.use(notFound);
  app.use(problemDetails(options));
  return app;
}
