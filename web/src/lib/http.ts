import type { Problem } from '@daybook/http-contract/common';
import { noteServerAnswer, noteStoredAnswer } from './offline.ts';
import { isProblem, ProblemError, UnreachableError } from './problem.ts';

/** One request to the gateway, same origin, with the session's cookies. */
export type RequestOptions = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with /api/. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  /** Sent as `If-Match: "<version>"`. */
  ifMatch?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
};

type Listener = () => void;
const sessionEndListeners = new Set<Listener>();
let refreshing: Promise<boolean> | undefined;

/** Calls back when the session is over and cannot be renewed. Answers the function that stops it. */
export function onSessionEnd(listener: Listener): () => void {
  sessionEndListeners.add(listener);
  return () => sessionEndListeners.delete(listener);
}

/**
 * Sends a request and answers its body, typed by the contract. The answer is not checked here: gateway and app are served by the same
 * process and both are tested against the schemas, which would cost a quarter of the first screen's budget to carry along. When the access token has run out the session is renewed once, by one request
 * shared among all that wait, and the request is repeated.
 * @throws ProblemError when the gateway refuses; UnreachableError when no answer came.
 */
export async function request<T>(options: RequestOptions): Promise<T> {
  try {
    return await send(options);
  } catch (error) {
    if (!isSessionOver(error, options.path)) throw error;
    if (!(await refreshSession())) {
      for (const listener of sessionEndListeners) listener();
      throw error;
    }
    return await send(options);
  }
}

/** Renews the session; parallel callers share one request. Answers whether there is a session now. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function renew(): Promise<boolean> {
  try {
    await send<unknown>({ method: 'POST', path: '/api/auth/refresh' });
    return true;
  } catch (error) {
    // Only a clear no ends the session: a gateway that is away says nothing about it.
    if (isProblem(error, 'SESSION_EXPIRED', 'SESSION_INVALID')) return false;
    throw error;
  }
}

/** An expired access cookie is dropped by the browser, so the gateway may see none at all: both codes are worth one renewal. */
function isSessionOver(error: unknown, path: string): boolean {
  const renewable = !path.startsWith('/api/auth/') || path === '/api/auth/me';
  return renewable && isProblem(error, 'SESSION_EXPIRED', 'SESSION_INVALID');
}

async function send<T>(options: RequestOptions): Promise<T> {
  const response = await fetchOnce(options);
  const storedAt = response.headers.get('X-Daybook-Stored-At');
  if (storedAt === null) noteServerAnswer();
  else noteStoredAnswer(Date.parse(storedAt));
  if (!response.ok) throw new ProblemError(await readProblem(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function fetchOnce(options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined || options.method === 'POST') headers['Content-Type'] = 'application/json';
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`;
  if (options.idempotencyKey !== undefined) headers['Idempotency-Key'] = options.idempotencyKey;
  const init: RequestInit = { method: options.method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal !== undefined) init.signal = options.signal;
  try {
    return await fetch(`${options.path}${toQuery(options.query)}`, init);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new UnreachableError('No answer from the server', { cause: error });
  }
}

function toQuery(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const given = (body as { code?: unknown } | null | undefined)?.code;
  // The shape of a code tells it from a proxy's error page; the table of all codes would weigh on the first screen.
  if (typeof given === 'string' && /^[A-Z][A-Z_]+$/.test(given)) return body as Problem;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: fallbackCode(response.status),
  };
}

/** What an answer that is no problem document most likely means: a proxy in between, or a gateway that is going down. */
function fallbackCode(status: number) {
  if (status === 401) return 'SESSION_INVALID' as const;
  if (status === 413) return 'PAYLOAD_TOO_LARGE' as const;
  if (status === 429) return 'TOO_MANY_REQUESTS' as const;
  if (status === 502 || status === 503) return 'UPSTREAM_UNAVAILABLE' as const;
  if (status === 504) return 'UPSTREAM_TIMEOUT' as const;
  return 'INTERNAL' as const;
}
