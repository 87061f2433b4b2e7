import type { Client, ServiceDefinition } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { createBreaker } from '@daybook/runtime/breaker';
import type { Secret } from '@daybook/runtime/config';
import { findDomainError } from '@daybook/runtime/errors';
import { callUnary } from '@daybook/runtime/grpc-client';

/** How long a person may wait for a change, in milliseconds. */
export const commandDeadlineMs = 3000;
/** How long a person may wait for an answer to a question, in milliseconds. */
export const readDeadlineMs = 2000;

type RequestOf<Method> = Method extends MethodDefinition<infer Request, infer _A, infer _B, infer _C> ? Request : never;
type ResponseOf<Method> =
  Method extends MethodDefinition<infer _A, infer _B, infer _C, infer Response> ? Response : never;

/** How one call is made. `bearer` is the caller's own token, passed on as it came. */
export type CallOptions = {
  deadlineMs: number;
  bearer?: string;
  serviceCredential?: { name: string; secret: Secret };
};

/** Calls of one service behind one breaker; the methods are those of its proto. */
export type Upstream<Definition> = {
  call<Method extends keyof Definition & string>(
    method: Method,
    request: RequestOf<Definition[Method]>,
    options: CallOptions,
  ): Promise<ResponseOf<Definition[Method]>>;
  shutdown(): void;
};

const availabilityCodes = new Set(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT']);

/**
 * Only silence opens the breaker. A service that answers "my database is busy" is there, and opening for that would keep
 * people out after it healed.
 */
function isAvailabilityFault(error: unknown): boolean {
  return availabilityCodes.has(findDomainError(error)?.code ?? '');
}

/** What asks and changes nothing may be asked again. */
const asksOnly = /^(Get|List|Check)/;

/** Also a change that carries an idempotency key: should the first call have taken effect after all, its answer comes again. */
function mayRepeat(method: string, request: object): boolean {
  return asksOnly.test(method) || ('idempotencyKey' in request && request.idempotencyKey !== '');
}

/** How long after a refusal it is asked again, in milliseconds: by then calls go to those who are left. */
const askAgainAfterMs = 100;

/** One call; one that may be repeated and whose replica went away is made once more, to another, within the same deadline. */
async function callOrAskAgain(
  client: Client,
  method: string,
  request: object,
  options: CallOptions & { signal: AbortSignal },
): Promise<unknown> {
  const begun = performance.now();
  try {
    return await callUnary(client, method, request, options);
  } catch (error) {
    const deadlineMs = options.deadlineMs - (performance.now() - begun) - askAgainAfterMs;
    const refused = findDomainError(error)?.code === 'UPSTREAM_UNAVAILABLE';
    if (!refused || !mayRepeat(method, request) || deadlineMs <= 0 || options.signal.aborted) throw error;
    await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs));
    return callUnary(client, method, request, { ...options, deadlineMs }).catch((later: unknown) => {
      // The first call is still worked on: nobody knows yet how it ends, which is what its own error says.
      throw findDomainError(later)?.code === 'IDEMPOTENCY_KEY_IN_FLIGHT' ? error : later;
    });
  }
}

/**
 * A typed caller for one service, or for those of its calls that share a fate: one breaker serves all calls made here.
 * @param name names the breaker in metrics
 * @param longestMs the longest deadline of its calls, in milliseconds
 */
export function createUpstream<Definition extends ServiceDefinition>(
  name: string,
  client: Client,
  longestMs = commandDeadlineMs,
): Upstream<Definition> {
  const breaker = createBreaker(
    name,
    (signal: AbortSignal, method: string, request: object, options: CallOptions): Promise<unknown> =>
      callOrAskAgain(client, method, request, { ...options, signal }),
    // The rpc's own deadline comes first; the breaker's is the net below it.
    { timeoutMs: longestMs + 1000, volumeThreshold: 10, resetTimeoutMs: 1000, isAvailabilityFault },
  );
  return {
    call: async (method, request, options) => (await breaker.fire(method, request, options)) as never,
    shutdown: () => breaker.shutdown(),
  };
}
