import type { RequestHandler, Response } from 'express';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { histogram } from '@daybook/runtime/metrics';
import { currentSpan, currentTraceId, runWithTrace } from '@daybook/runtime/trace-context';
import type { SignedIn } from '../session/signed-in.ts';

/** What the middlewares know of one request, kept on `response.locals`. */
export type RequestState = {
  traceId: string | undefined;
  /** The pattern, such as /api/appointments/{id}; never the path itself, which may name people's things. */
  route: string;
  /** The problem code when the answer is one. */
  code?: string;
  /** Who asks, once verified. */
  signedIn?: SignedIn;
  /** Why a presented credential was refused. */
  refused?: Error;
};

const duration = histogram({
  name: 'daybook_http_request_duration_seconds',
  help: 'Time to answer a request, by route pattern; its count is the rate, its status label gives the errors',
  labels: ['method', 'route', 'status'],
});

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']);

/** The state of a request. @throws Error before `requestContext` ran */
export function requestState(response: Response): RequestState {
  const state = response.locals['state'] as RequestState | undefined;
  if (!state) throw new Error('requestContext must come first');
  return state;
}

/** Opens the trace, and writes one log line and one measurement when the answer is out. No address, query or body is logged. */
export function requestContext(options: { logger: Logger; lifecycle: Lifecycle }): RequestHandler {
  // The line's fields are listed below and hold nothing to hide; searching them for secrets took 8 % of a request's time.
  const logger = options.logger.child({}, { redact: [] });
  return (request, response, next) => {
    const began = performance.now();
    const method = knownMethods.has(request.method) ? request.method : 'OTHER';
    const header = request.headers['traceparent'];
    const handle = (): void => {
      const span = currentSpan();
      const state: RequestState = { traceId: currentTraceId(), route: 'unmatched' };
      response.locals['state'] = state;
      if (options.lifecycle.draining) response.setHeader('Connection', 'close');
      response.once('close', () => {
        const seconds = (performance.now() - began) / 1000;
        const status = response.writableFinished ? response.statusCode : 499;
        duration.observe({ method, route: state.route, status: String(status) }, seconds);
        span?.rename(`${method} ${state.route}`);
        span?.set({ 'http.route': state.route, 'http.response.status_code': status });
        span?.end(status >= 500 ? new Error('the request failed') : undefined);
        logger.info(
          {
            traceId: state.traceId,
            method,
            route: state.route,
            status,
            durationMs: Math.round(seconds * 1e5) / 100,
            code: state.code,
          },
          'request',
        );
      });
      next();
    };
    const span = { name: method, kind: 'server', attributes: { 'http.request.method': method } } as const;
    runWithTrace(typeof header === 'string' ? header : undefined, handle, span);
  };
}
