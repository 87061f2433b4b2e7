import type { EventEmitter } from 'node:events';
import { Server, status as grpcStatus } from '@grpc/grpc-js';
import type {
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import { loadConfig, runtimeEnvironment } from './config.ts';
import { DomainError, findDomainError } from './errors.ts';
import { authenticateCall } from './grpc-authentication.ts';
import type { Authentication } from './grpc-authentication.ts';
import { toGrpcError } from './grpc-errors.ts';
import type { GrpcError } from './grpc-errors.ts';
import { createHealthImplementation, healthService } from './grpc-health.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { observeRpc } from './metrics.ts';
import type { Actor, ServiceActor, UserActor } from './tokens.ts';
import { currentSpan, currentTraceparent, runWithTrace } from './trace-context.ts';
import type { SpanStart } from './trace-context.ts';
import { readTransportFiles, serverCredentials } from './transport-security.ts';
import type { TransportFiles } from './transport-security.ts';

/** What a handler knows of its call besides the request. */
export type CallContext = {
  /** Undefined when no credential was sent. */
  actor: Actor | undefined;
  deadline: Date | undefined;
  /** Aborts when the caller went away, the deadline passed, or (streams) the server shuts down. */
  signal: AbortSignal;
  traceparent: string | undefined;
  /** The person who calls; throws DomainError unauthenticated `SESSION_INVALID` otherwise. */
  requireUser(): UserActor;
  /** The service that calls; throws DomainError forbidden `NOT_PERMITTED` for people, unauthenticated for nobody. */
  requireService(): ServiceActor;
};

/** A unary handler in plain terms. */
export type UnaryHandler<Req, Res> = (request: Req, call: CallContext) => Promise<Res>;
/** A streaming handler: it sends until it returns; `send` waits while the caller is slow. */
export type StreamHandler<Req, Res> = (
  request: Req,
  call: CallContext,
  send: (message: Res) => Promise<void>,
) => Promise<void>;

type ServerContext = {
  logger: Logger;
  routine: Logger;
  authentication: Authentication | undefined;
  streams: Set<AbortController>;
  /** When the last call began, in milliseconds of this process. */
  lastCallAt: number;
};
type AnyCall = ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>;
type Bound = (context: ServerContext) => (...parameters: never[]) => void;

/** How each wrapped handler is tied to its server, since `unary` is called before the server exists. */
const binders = new WeakMap<object, Bound>();

function requireActor<Kind extends Actor['kind']>(
  actor: Actor | undefined,
  kind: Kind,
): Extract<Actor, { kind: Kind }> {
  if (actor?.kind === kind) return actor as Extract<Actor, { kind: Kind }>;
  if (actor && kind === 'service') throw new DomainError('forbidden', 'NOT_PERMITTED', 'This is for services only.');
  throw new DomainError('unauthenticated', 'SESSION_INVALID', 'Please sign in.');
}

function createCallContext(call: AnyCall, actor: Actor | undefined, signal: AbortSignal): CallContext {
  const deadline = call.getDeadline();
  const at = typeof deadline === 'number' ? deadline : deadline.getTime();
  return {
    actor,
    deadline: Number.isFinite(at) ? new Date(at) : undefined,
    signal,
    traceparent: currentTraceparent(),
    requireUser: () => requireActor(actor, 'user'),
    requireService: () => requireActor(actor, 'service'),
  };
}

function readTraceparent(metadata: Metadata): string | undefined {
  const [value] = metadata.get('traceparent');
  return typeof value === 'string' ? value : undefined;
}

type Outcome = { error?: unknown; wire?: GrpcError };

function describeActor(actor: Actor | undefined): object {
  if (!actor) return {};
  return actor.kind === 'user' ? { userId: actor.userId } : { service: actor.name };
}

/** Codes by which a call failed on this side; all others are answers. */
const ownFaults = new Set(['INTERNAL', 'UNKNOWN', 'UNAVAILABLE', 'DEADLINE_EXCEEDED']);

/** One line and one observation for each rpc, whatever became of it. */
function record(
  context: ServerContext,
  path: string,
  outcome: Outcome & { actor: Actor | undefined; startedAt: number; cancelled: boolean },
): void {
  const milliseconds = performance.now() - outcome.startedAt;
  const cancelled = outcome.cancelled && outcome.wire !== undefined;
  const code = cancelled ? 'CANCELLED' : (grpcStatus[outcome.wire?.code ?? grpcStatus.OK] ?? 'UNKNOWN');
  observeRpc('server', path, code, milliseconds / 1000);
  currentSpan()?.set({ 'rpc.grpc.status': code });
  currentSpan()?.end(ownFaults.has(code) ? outcome.error : undefined);
  const known = findDomainError(outcome.error);
  const line = {
    rpc: path,
    code,
    ...(known && { errorCode: known.code }),
    ...describeActor(outcome.actor),
    ms: Math.round(milliseconds * 10) / 10,
  };
  if (code === 'INTERNAL') context.logger.error({ ...line, err: outcome.error }, 'rpc failed');
  else if (code === 'UNAVAILABLE') context.logger.warn({ ...line, err: outcome.error }, 'rpc finished');
  else context.routine.info(line, 'rpc finished');
}

/** Trace, identity, cancellation, error translation, log and metrics around one call. */
async function serve<Res>(
  context: ServerContext,
  call: AnyCall,
  controller: AbortController,
  run: (callContext: CallContext) => Promise<Res>,
  span?: SpanStart,
): Promise<{ result?: Res; wire?: GrpcError }> {
  const startedAt = performance.now();
  context.lastCallAt = startedAt;
  (call as EventEmitter).on('cancelled', () => controller.abort());
  const answerCall = async (): Promise<{ result?: Res; wire?: GrpcError }> => {
    let actor: Actor | undefined;
    let answer: { result?: Res; wire?: GrpcError };
    let failure: unknown;
    try {
      actor = await authenticateCall(call.metadata, context.authentication);
      answer = { result: await run(createCallContext(call, actor, controller.signal)) };
    } catch (error) {
      failure = error;
      answer = { wire: toGrpcError(error) };
    }
    const { cancelled } = call;
    record(context, call.getPath(), { ...answer, error: failure, actor, startedAt, cancelled });
    return answer;
  };
  return runWithTrace(readTraceparent(call.metadata), answerCall, span);
}

function wrap<Handler extends object>(bind: Bound): Handler {
  const unbound = (): never => {
    throw new Error('this handler must be served by startGrpcServer');
  };
  binders.set(unbound, bind);
  return unbound as unknown as Handler;
}

/** A promise-returning function as a gRPC handler; errors it throws travel as their DomainError. */
export function unary<Req, Res>(handler: UnaryHandler<Req, Res>): handleUnaryCall<Req, Res> {
  return wrap((context) => (call: ServerUnaryCall<Req, Res>, callback: Parameters<handleUnaryCall<Req, Res>>[1]) => {
    const plain = call as ServerUnaryCall<unknown, unknown>;
    const run = (callContext: CallContext): Promise<Res> => handler(call.request, callContext);
    // Streams live for hours and would be one span each, so only unary calls are spans.
    const span = { name: call.getPath().slice(1), kind: 'server', attributes: { 'rpc.system': 'grpc' } } as const;
    void serve(context, plain, new AbortController(), run, span).then(({ result, wire }) =>
      wire ? callback(wire) : callback(null, result as Res),
    );
  });
}

function createSend<Req, Res>(
  call: ServerWritableStream<Req, Res>,
  signal: AbortSignal,
): (message: Res) => Promise<void> {
  return (message) => {
    signal.throwIfAborted();
    if (call.write(message)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        call.off('drain', drained);
        signal.removeEventListener('abort', aborted);
        settle();
      };
      const drained = (): void => finish(resolve);
      const aborted = (): void => finish(() => reject(new Error('the caller went away')));
      call.once('drain', drained);
      signal.addEventListener('abort', aborted, { once: true });
    });
  };
}

/** A function that sends messages until it returns or its signal aborts; shutting the server down ends it normally. */
export function serverStream<Req, Res>(handler: StreamHandler<Req, Res>): handleServerStreamingCall<Req, Res> {
  return wrap((context) => (call: ServerWritableStream<Req, Res>) => {
    const controller = new AbortController();
    context.streams.add(controller);
    const send = createSend(call, controller.signal);
    const plain = call as unknown as ServerWritableStream<unknown, unknown>;
    const run = async (callContext: CallContext): Promise<void> => {
      try {
        await handler(call.request, callContext, send);
      } catch (error) {
        // Ended by us or by the caller: what the handler throws then is only the echo of that.
        if (!controller.signal.aborted) throw error;
      }
    };
    void serve(context, plain, controller, run).then(({ wire }) => {
      context.streams.delete(controller);
      if (wire) call.emit('error', wire);
      else call.end();
    });
  });
}

/** One service to serve: its definition and its handlers, made by `unary` and `serverStream`. */
export type ServedService = { definition: ServiceDefinition; implementation: UntypedServiceImplementation };

/** What startGrpcServer needs. */
export type GrpcServerOptions = {
  host: string;
  port: number;
  logger: Logger;
  lifecycle: Lifecycle;
  services: ServedService[];
  authenticate?: Authentication;
  /** Default: the files the environment names; null: plain text whatever it says. */
  tls?: TransportFiles | null;
  /** Default: DRAIN_CALLERS_MS of the environment, in milliseconds. */
  callersMs?: number;
};

const largestMessage = 4 * 1024 * 1024;
/** Calls in hand get this long once shutdown began, then their connections are closed. */
const drainMs = 3000;

function bindImplementation(service: ServedService, context: ServerContext): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(service.implementation).map(([name, handler]) => {
      const bound = binders.get(handler)?.(context) ?? handler;
      return [name, bound as UntypedServiceImplementation[string]];
    }),
  );
}

function listServiceNames(services: ServedService[]): Set<string> {
  const paths = services.flatMap(({ definition }) => Object.values(definition).map((method) => method.path));
  return new Set(paths.map((path) => path.split('/')[1] ?? ''));
}

/** How often callers are told to go, which is also how long nobody may have called. */
const goodbyeEveryMs = 1000;
/** Longer than any call but streams, which are ended here. */
const longestCallMs = 10_000;

/**
 * Tells everybody connected to go elsewhere until nobody comes back. Who finds us by name knows for as long as the answer
 * is cached (5 to 30 s in a cluster) only who was there before: refusing him would fail his calls where the others he
 * knows are gone as well.
 */
async function sendCallersAway(
  server: Server,
  address: string,
  context: ServerContext,
  atMostMs: number,
): Promise<void> {
  const until = performance.now() + atMostMs;
  for (;;) {
    const begun = performance.now();
    if (begun >= until) return;
    for (const stream of context.streams) stream.abort();
    server.drain(address, longestCallMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(goodbyeEveryMs, until - begun)));
    if (context.lastCallAt < begun) return;
  }
}

async function stopServer(server: Server, streams: ReadonlySet<AbortController>): Promise<void> {
  for (const stream of streams) stream.abort();
  const force = setTimeout(() => server.forceShutdown(), drainMs);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(force);
}

/**
 * Serves gRPC with identity, traces, logs, RED metrics, error details and the standard health service. Port 0 takes any
 * free port. On shutdown callers are told to go elsewhere and served until none comes back, `callersMs` at most (default:
 * DRAIN_CALLERS_MS of the environment); then streams end and calls in hand finish.
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<{ port: number }> {
  const context: ServerContext = {
    logger: options.logger,
    // The line's fields are listed above and hold nothing to hide; searching them for secrets cost a twentieth of an rpc.
    routine: options.logger.child({}, { redact: [] }),
    authentication: options.authenticate,
    streams: new Set(),
    lastCallAt: -Infinity,
  };
  const server = new Server({
    'grpc.max_receive_message_length': largestMessage,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 5000,
  });
  for (const service of options.services) server.addService(service.definition, bindImplementation(service, context));
  server.addService(healthService, createHealthImplementation(options.lifecycle, listServiceNames(options.services)));
  const credentials = serverCredentials((options.tls === undefined ? readTransportFiles() : options.tls) ?? undefined);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${options.host}:${options.port}`, credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const callersMs = options.callersMs ?? loadConfig(runtimeEnvironment).DRAIN_CALLERS_MS;
  options.lifecycle.onShutdown(
    'callers',
    'grpc server',
    () => sendCallersAway(server, `${options.host}:${port}`, context, callersMs),
    callersMs + goodbyeEveryMs,
  );
  options.lifecycle.onShutdown('intake', 'grpc server', () => stopServer(server, context.streams));
  return { port };
}
