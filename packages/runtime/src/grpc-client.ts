import { Metadata, connectivityState, status as grpcStatus } from '@grpc/grpc-js';
import type { CallOptions, ChannelCredentials, Client, ClientUnaryCall, requestCallback } from '@grpc/grpc-js';
import type { Secret } from './config.ts';
import { DomainError } from './errors.ts';
import { fromGrpcError } from './grpc-errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import { observeRpc } from './metrics.ts';
import { currentTraceparent, inSpan } from './trace-context.ts';
import { channelCredentials, readTransportFiles } from './transport-security.ts';
import type { TransportFiles } from './transport-security.ts';

/** Which client to make and where it calls. */
export type GrpcClientOptions<C extends Client> = {
  constructor: new (address: string, credentials: ChannelCredentials, options?: object) => C;
  /** `host:port` or `dns:///host:port`. */
  address: string;
  lifecycle?: Lifecycle;
  /** Default: the files the environment names; null: plain text whatever it says. */
  tls?: TransportFiles | null;
};

/** grpc-js alone takes six to eight seconds to come back after an outage; with these a quarter. */
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.dns_min_time_between_resolutions_ms': 1000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
};

const lookAgainMs = 1000;

/**
 * A name that could not be resolved is looked up again only after the next call has failed on it; a caller that asks
 * twice a minute would be refused for a minute after its peer came. Ends by itself with the client.
 */
function keepLooking(client: Client): void {
  const channel = client.getChannel();
  const timer = setInterval(() => {
    const state = channel.getConnectivityState(false);
    if (state === connectivityState.SHUTDOWN) clearInterval(timer);
    else if (state === connectivityState.TRANSIENT_FAILURE) channel.getConnectivityState(true);
  }, lookAgainMs);
  timer.unref();
}

/** A client that reconnects quickly and spreads calls over all addresses; closed with the pools when given a lifecycle. */
export function createGrpcClient<C extends Client>(options: GrpcClientOptions<C>): C {
  const files = options.tls === undefined ? readTransportFiles() : options.tls;
  const client = new options.constructor(options.address, channelCredentials(files ?? undefined), channelOptions);
  keepLooking(client);
  options.lifecycle?.onShutdown('pools', `grpc client ${options.address}`, async () => client.close());
  return client;
}

/** Every call carries a deadline (milliseconds from now); the rest says who asks. */
export type CallUnaryOptions = {
  deadlineMs: number;
  bearer?: string;
  serviceCredential?: { name: string; secret: Secret };
  signal?: AbortSignal;
};

/** The metadata of a call: credential and trace. For streams, which callUnary does not serve. */
export function createCallMetadata(options: Pick<CallUnaryOptions, 'bearer' | 'serviceCredential'>): Metadata {
  const metadata = new Metadata();
  const { bearer, serviceCredential } = options;
  if (bearer !== undefined) metadata.set('authorization', `Bearer ${bearer}`);
  else if (serviceCredential) {
    metadata.set('authorization', `Service ${serviceCredential.name}:${serviceCredential.secret.reveal()}`);
  }
  const traceparent = currentTraceparent();
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  return metadata;
}

type UnaryMethod<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Res>,
) => ClientUnaryCall;

type UnaryParts<Method> = Method extends (argument: infer Req, callback: requestCallback<infer Res>) => unknown
  ? { request: Req; response: Res }
  : never;

/** What a client's unary method takes. */
export type RequestOf<C, Name extends keyof C> = UnaryParts<C[Name]>['request'];
/** What a client's unary method answers. */
export type ResponseOf<C, Name extends keyof C> = UnaryParts<C[Name]>['response'];

/**
 * One rpc with a deadline; sends credential and traceparent. Nothing is retried here.
 * @throws DomainError as the peer raised it, or `UPSTREAM_UNAVAILABLE` / `UPSTREAM_TIMEOUT`; after these two, and after
 *   an abort, whether the peer acted is unknown
 */
export function callUnary<C extends Client, Name extends keyof C & string>(
  client: C,
  method: Name,
  request: RequestOf<C, Name>,
  options: CallUnaryOptions,
): Promise<ResponseOf<C, Name>>;
export function callUnary<Req, Res>(
  client: Client,
  method: string,
  request: Req,
  options: CallUnaryOptions,
): Promise<Res>;
export async function callUnary<Req, Res>(
  client: Client,
  method: string,
  request: Req,
  options: CallUnaryOptions,
): Promise<Res> {
  const startedAt = performance.now();
  const invoke = (client as unknown as Record<string, UnaryMethod<Req, Res> & { path?: string }>)[method];
  if (typeof invoke !== 'function') throw new DomainError('bug', 'NO_SUCH_METHOD', `No rpc is called ${method}.`);
  const path = invoke.path ?? `//${method}`;
  try {
    const span = { name: path.slice(1), kind: 'client', attributes: { 'rpc.system': 'grpc' } } as const;
    const response = await inSpan(span, () => invokeOnce(invoke.bind(client), request, options));
    observeRpc('client', path, 'OK', (performance.now() - startedAt) / 1000);
    return response;
  } catch (error) {
    const { code } = error as { code?: number };
    const label = typeof code === 'number' ? (grpcStatus[code] ?? 'UNKNOWN') : 'UNKNOWN';
    observeRpc('client', path, label, (performance.now() - startedAt) / 1000);
    throw fromGrpcError(error);
  }
}

function invokeOnce<Req, Res>(invoke: UnaryMethod<Req, Res>, request: Req, options: CallUnaryOptions): Promise<Res> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abandoned(signal.reason));
    const deadline = new Date(Date.now() + options.deadlineMs);
    const call = withoutStacks(() =>
      invoke(request, createCallMetadata(options), { deadline }, (error, response) => {
        signal?.removeEventListener('abort', abort);
        if (error) reject(error);
        else resolve(response as Res);
      }),
    );
    function abort(): void {
      reject(abandoned(signal?.reason));
      call.cancel();
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * grpc-js takes a stack at the beginning of each call in case it fails, which costs a twentieth of a request. The error we
 * make of a fault has one of its own.
 */
function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function abandoned(cause: unknown): DomainError {
  return new DomainError('timeout', 'UPSTREAM_TIMEOUT', 'The call was given up.', { cause });
}
