import { createBreaker } from '@daybook/runtime/breaker';
import type { Secret } from '@daybook/runtime/config';
import { currentSpan, inSpan, type SpanStart } from '@daybook/runtime/trace-context';
import { TargetError } from '../target.ts';
import { faultFromAnswer, faultFromThrown, garbage } from './errors.ts';
import type { RateBudget } from './rate-limit.ts';
import type { Transport } from './transport.ts';

/**
 * The `cal-api-version` of each resource: the baseline both hosted Cal.com and self-hosted cal.diy accept. A missing or
 * unknown version silently selects handlers of 2024-04-15, so it is sent on every call.
 */
export const apiVersions = {
  bookings: '2024-08-13',
  /** Understood by hosted Cal.com only: the version that knows a host's overrides. */
  hostBookings: '2026-02-25',
  schedules: '2024-06-11',
  eventTypes: '2024-06-14',
  me: '2024-08-13',
  /** Of any version; named so that every call has one. */
  webhooks: '2024-08-13',
} as const;

/** One call of the API; `path` is below /v2. */
export type ApiRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  resource: keyof typeof apiVersions;
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, unknown>>;
};

/** Calls the API and returns the parsed body of a success; throws TargetError for everything else. */
export type CalcomClient = {
  send(request: ApiRequest): Promise<unknown>;
  readonly breakerState: 'closed' | 'open' | 'half_open';
  close(): void;
};

/** What a client needs; `timeoutMs` covers connecting, waiting and reading. */
export type ClientOptions = {
  baseUrl: string;
  apiKey: Secret;
  timeoutMs: number;
  /** Closed by who made it. */
  transport: Transport;
  budget: RateBudget;
  /** Called before each call; throws when the caller may no longer act. */
  beforeCall: () => void;
  breakerName: string;
};

/** Makes a client for one connection. */
export function createCalcomClient(options: ClientOptions): CalcomClient {
  const base = options.baseUrl.replace(/\/+$/, '');
  const breaker = createBreaker(
    options.breakerName,
    (signal: AbortSignal, request: ApiRequest) =>
      inSpan(spanOf(base, request), () => exchange(base, options, request, signal)),
    { timeoutMs: options.timeoutMs, volumeThreshold: 5, resetTimeoutMs: 5000, isAvailabilityFault },
  );
  return {
    async send(request) {
      await waitForBudget(options);
      options.beforeCall();
      options.budget.spend();
      try {
        return await breaker.fire(request);
      } catch (error) {
        const fault = faultFromThrown(error);
        if (fault.fault.kind === 'throttled') options.budget.pause(fault.fault.retryAfterMs);
        throw fault;
      }
    },
    get breakerState() {
      return breaker.state;
    },
    close: () => breaker.shutdown(),
  };
}

/** The path names people's bookings, so the span has the kind of thing only. No trace is handed to the other side. */
function spanOf(base: string, { method, resource }: ApiRequest): SpanStart {
  const attributes = { 'http.request.method': method, 'server.address': new URL(base).hostname };
  return { name: `${method} calcom ${resource}`, kind: 'client', attributes };
}

async function waitForBudget({ budget }: ClientOptions): Promise<void> {
  for (let wait = budget.waitMs(); wait > 0; wait = budget.waitMs()) {
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** A 429 is answered by pausing, a refusal is an answer: neither says anything about availability. */
function isAvailabilityFault(error: unknown): boolean {
  return error instanceof TargetError ? error.fault.kind === 'unavailable' : true;
}

async function exchange(base: string, options: ClientOptions, request: ApiRequest, signal: AbortSignal) {
  const answer = await options.transport.exchange({
    url: addressOf(base, request),
    method: request.method,
    signal,
    headers: {
      authorization: `Bearer ${options.apiKey.reveal()}`,
      'cal-api-version': apiVersions[request.resource],
      accept: 'application/json',
      ...(request.body ? { 'content-type': 'application/json' } : {}),
    },
    ...(request.body ? { body: JSON.stringify(request.body) } : {}),
  });
  currentSpan()?.set({ 'http.response.status_code': answer.status });
  options.budget.learn(answer.headers);
  const body = parseJson(answer.text);
  const { status } = answer;
  if (status >= 200 && status < 300) {
    if (body === undefined) throw garbage('an answer that is not JSON');
    return body;
  }
  if (status >= 300 && status < 400) throw garbage('a redirect, which is not followed');
  throw faultFromAnswer({ status, headers: answer.headers, body });
}

function addressOf(base: string, request: ApiRequest): string {
  const query = new URLSearchParams(request.query).toString();
  return `${base}${request.path}${query === '' ? '' : `?${query}`}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
