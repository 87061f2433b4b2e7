import type { World } from '../engine/store.ts';
import type { Account } from '../engine/types.ts';
import type { WebhookEvent } from '../engine/webhook-events.ts';
import { nestFailure } from './errors.ts';
import { isRecord } from './validation.ts';

/** A request after routing and authentication. */
export type ApiRequest = {
  world: World;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON body; an absent one is an empty object. */
  body: Record<string, unknown>;
  /** The caller, or null where the operation lets anonymous callers in. */
  caller: Account | null;
  version: string;
  now: Date;
  /** Who is acting (an e-mail address) where that is known without a credential, as on the booking page. */
  actor?: string;
};

/**
 * What a handler wants to answer. Changes happen in `commit`, so that a webhook can be sent before them as
 * the real service does for some; its result is the body's `data` member or a whole body.
 */
export type ApiOutcome = {
  status: number;
  commit: () => Record<string, unknown>;
  events?: WebhookEvent[];
};

/** A handler of one operation: pure checks first, then the outcome. Throws `ApiFailure`. */
export type ApiHandler = (request: ApiRequest) => ApiOutcome;

/** A request that comes from a person at the booking page or a knob, not from a caller of the API. */
export function requestFor(world: World, given: Partial<ApiRequest>): ApiRequest {
  return {
    world,
    params: {},
    query: new URLSearchParams(),
    body: {},
    caller: null,
    version: '2024-08-13',
    now: world.now(),
    ...given,
  };
}

/** A reply without any change. */
export function reply(status: number, data: unknown): ApiOutcome {
  return { status, commit: () => ({ status: 'success', data }) };
}

/** A reply whose data is made by a change of the state, which is kept afterwards. */
export function change(request: ApiRequest, status: number, apply: () => unknown): ApiOutcome {
  return {
    status,
    commit: () => {
      const data = apply();
      request.world.touch();
      return data === undefined ? { status: 'success' } : { status: 'success', data };
    },
  };
}

/** The caller of an operation that needs one. */
export function callerOf(request: ApiRequest): Account {
  if (request.caller === null) throw new Error('this operation must be registered with required authentication');
  return request.caller;
}

/** A numeric path parameter; 400 as the framework's pipe words it. */
export function numericParam(request: ApiRequest, name: string): number {
  const value = request.params[name] ?? '';
  if (!/^\d+$/.test(value)) throw nestFailure(400, 'Validation failed (numeric string is expected)');
  return Number(value);
}

/** The body as an object; anything else is a 400. */
export function bodyObject(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (!isRecord(body)) throw nestFailure(400, 'The body must be a JSON object');
  return body;
}
