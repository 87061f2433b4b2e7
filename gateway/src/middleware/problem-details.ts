import type { ErrorRequestHandler, Response } from 'express';
import { isProblemCode, problems } from '@daybook/http-contract/problems';
import { DomainError, findDomainError } from '@daybook/runtime/errors';
import type { ErrorKind } from '@daybook/runtime/errors';
import type { Logger } from '@daybook/runtime/logger';
import { requestState } from './request-context.ts';

/** What a problem answer is made of, before it is written. */
export type ProblemAnswer = { status: number; retryAfterSeconds?: number; body: Record<string, unknown> };

/** The row of each kind, for codes a newer service may know and this gateway does not. */
const rowOfKind: Record<ErrorKind, { status: number; title: string }> = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not permitted' },
  absent: { status: 404, title: 'Not found' },
  taken: { status: 409, title: 'It conflicts with what is there' },
  refused: { status: 422, title: 'A rule refuses it' },
  stale: { status: 412, title: 'Somebody changed it in the meantime' },
  throttled: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'A part of Daybook is not answering' },
  timeout: { status: 504, title: 'It took too long' },
  bug: { status: 500, title: problems.INTERNAL.title },
};

/** Members of the context that the contract lets out; everything else stays inside. */
const publicContext = ['errors', 'nearestStarts', 'conflict', 'currentVersion', 'retryAfterSeconds', 'steps'] as const;

/** The wait we ask for when a part is down and did not say how long, in seconds. */
const usualRetryAfterSeconds = 2;

function isClientFault(error: unknown): error is { status: number; type?: unknown } {
  const status = (error as { status?: unknown } | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 500;
}

/** Faults thrown by Express and its parsers, told by their status; their texts may repeat the input, so they are dropped. */
function fromHttpError(error: { status: number }): DomainError {
  if (error.status === 404) return new DomainError('absent', 'ROUTE_NOT_FOUND', 'There is nothing at this address.');
  if (error.status === 413) return new DomainError('invalid', 'PAYLOAD_TOO_LARGE', 'The body is larger than 100 kB.');
  if (error.status === 415) {
    return new DomainError(
      'invalid',
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be application/json in UTF-8, not compressed.',
    );
  }
  return new DomainError('invalid', 'MALFORMED_REQUEST', 'The request cannot be read.');
}

/** The error as the closed list knows it; whatever is not a known kind of trouble is a bug. */
export function toDomainError(error: unknown): DomainError {
  const known = findDomainError(error);
  if (known) return known;
  if (isClientFault(error)) return fromHttpError(error);
  return new DomainError('bug', 'INTERNAL', problems.INTERNAL.title, { cause: error });
}

function retryAfterOf(error: DomainError, status: number): number | undefined {
  const told = Number(error.context['retryAfterSeconds']);
  if (status !== 429 && status !== 503) return undefined;
  return Number.isFinite(told) && told > 0 ? Math.ceil(told) : usualRetryAfterSeconds;
}

function describe(error: DomainError): { code: string; status: number; title: string; detail: string; known: boolean } {
  if (error.kind === 'bug')
    return { code: 'INTERNAL', ...problems.INTERNAL, detail: problems.INTERNAL.advice, known: true };
  if (isProblemCode(error.code)) {
    const row = problems[error.code];
    return { code: error.code, ...row, detail: row.status >= 500 ? row.advice : error.message, known: true };
  }
  const code = /^[A-Z][A-Z0-9_]{1,63}$/.test(error.code) ? error.code : 'INTERNAL';
  const row = rowOfKind[error.kind];
  return { code, ...row, detail: row.status >= 500 ? row.title : error.message, known: false };
}

/**
 * An error as an RFC 9457 problem.
 * @param place where it happened: our origin for `type`, the path for `instance`, the trace to ask the operator about
 */
export function toProblem(
  error: unknown,
  place: { publicUrl: string; instance: string; traceId: string | undefined },
): ProblemAnswer {
  const domainError = toDomainError(error);
  const { code, status, title, detail, known } = describe(domainError);
  const retryAfterSeconds = retryAfterOf(domainError, status);
  const body: Record<string, unknown> = {
    type: known ? `${place.publicUrl}/problems/${code}` : 'about:blank',
    title,
    status,
    detail,
    instance: place.instance,
    code,
    ...(place.traceId === undefined ? {} : { traceId: place.traceId }),
  };
  for (const member of publicContext) {
    if (domainError.context[member] !== undefined) body[member] = domainError.context[member];
  }
  if (retryAfterSeconds !== undefined) body['retryAfterSeconds'] = retryAfterSeconds;
  return { status, body, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

function writeProblem(response: Response, answer: ProblemAnswer, error: DomainError): void {
  response.status(answer.status);
  if (answer.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(answer.retryAfterSeconds));
  if (answer.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="daybook"');
  const allow = error.context['allow'];
  if (typeof allow === 'string') response.setHeader('Allow', allow);
  response.removeHeader('ETag');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(answer.body));
}

/** The one place where errors become answers. A bug is logged with its cause; its words never leave. */
export function problemDetails(options: { publicUrl: string; logger: Logger }): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const state = requestState(response);
    const domainError = toDomainError(error);
    state.code = domainError.code;
    if (domainError.kind === 'bug')
      options.logger.error({ err: error, route: state.route, traceId: state.traceId }, 'request failed');
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const place = { publicUrl: options.publicUrl, instance: request.path, traceId: state.traceId };
    writeProblem(response, toProblem(domainError, place), domainError);
  };
}
