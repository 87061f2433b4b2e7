import { generateKeyPairSync } from 'node:crypto';
import { Metadata, makeClientConstructor, status as grpcStatus } from '@grpc/grpc-js';
import type { Client, ServiceDefinition } from '@grpc/grpc-js';
import { Secret } from './config.ts';
import { DomainError, ValidationError } from './errors.ts';
import type { ErrorKind } from './errors.ts';
import { callUnary, createGrpcClient } from './grpc-client.ts';
import { fromGrpcError, statusOfKind, toGrpcError } from './grpc-errors.ts';
import { healthService } from './grpc-health.ts';
import { serverStream, startGrpcServer, unary } from './grpc-server.ts';
import type { CallContext } from './grpc-server.ts';
import { Lifecycle } from './lifecycle.ts';
import { silentLogger, until } from './testing.ts';
import { createTokenVerifier, signAccessToken } from './tokens.ts';
import { currentTraceId, runWithTrace } from './trace-context.ts';

const json = {
  requestSerialize: (value: unknown) => Buffer.from(JSON.stringify(value)),
  requestDeserialize: (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown,
  responseSerialize: (value: unknown) => Buffer.from(JSON.stringify(value)),
  responseDeserialize: (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown,
  requestStream: false,
};
const definition: ServiceDefinition = {
  ask: { path: '/test.Samples/Ask', originalName: 'ask', responseStream: false, ...json },
  watch: { path: '/test.Samples/Watch', originalName: 'watch', responseStream: true, ...json },
};

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = {
  kid: 'k',
  publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const bearer = signAccessToken({ userId: 'u1', organizationId: 'o1', roles: ['owner'], sessionId: 's1' }, key, 600);
const gateway = { name: 'gateway', secret: new Secret('a-long-secret') };

type Answer = (request: unknown, call: CallContext) => Promise<unknown>;
type Watch = (request: unknown, call: CallContext, send: (message: unknown) => Promise<void>) => Promise<void>;

let lifecycle: Lifecycle;
beforeEach(() => {
  lifecycle = new Lifecycle();
});
afterEach(() => lifecycle.shutdown());

async function serve(
  answer: Answer,
  watch: Watch = async () => undefined,
  callersMs = 0,
): Promise<{ client: Client; port: number }> {
  const { port } = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    callersMs,
    logger: silentLogger,
    lifecycle,
    services: [{ definition, implementation: { ask: unary(answer), watch: serverStream(watch) } }],
    authenticate: {
      verifier: createTokenVerifier({ keys: () => Promise.resolve([key]) }),
      serviceTokens: { gateway: [new Secret('the-one-before'), gateway.secret], nobody: [new Secret('')] },
    },
  });
  const constructor = makeClientConstructor(definition, 'test.Samples');
  return { client: createGrpcClient({ constructor, address: `127.0.0.1:${port}`, lifecycle }), port };
}

const ask = (client: Client, more: object = {}): Promise<unknown> =>
  callUnary<object, unknown>(client, 'ask', { a: 1 }, { deadlineMs: 5000, ...more });

describe('errors', () => {
  test.each(Object.keys(statusOfKind) as ErrorKind[])(
    'kind %s keeps code, words and context over the wire',
    async (kind) => {
      const context = {
        retryAfterMs: 1500,
        slot: '2026-03-29T01:30:00Z',
        alternatives: ['a', 'b'],
        nested: { deep: null },
      };
      const { client } = await serve(() => {
        const inner = new DomainError(kind, 'SAMPLE_CODE', 'In words.', { context });
        throw new Error('outer', { cause: new Error('middle', { cause: inner }) });
      });
      const error = await ask(client).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject(
        kind === 'bug'
          ? { kind: 'bug', code: 'INTERNAL', message: 'Something went wrong on our side.', context: {} }
          : { kind, code: 'SAMPLE_CODE', message: 'In words.', context },
      );
    },
  );

  test('field faults arrive as a list', async () => {
    const errors = [{ pointer: '/customer/name', message: 'is required' }];
    const { client } = await serve(() => Promise.reject(new ValidationError(errors)));
    await expect(ask(client)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'VALIDATION_FAILED',
      context: { errors },
    });
  });

  test('an unexpected error shows nothing of itself', async () => {
    const { client } = await serve(() => Promise.reject(new Error('relation "secrets" does not exist')));
    const error = (await ask(client).catch((reason: unknown) => reason)) as DomainError;
    expect(error).toMatchObject({ kind: 'bug', code: 'INTERNAL', message: 'Something went wrong on our side.' });
    expect(JSON.stringify(toGrpcError(new Error('relation "secrets"')))).not.toContain('secrets');
  });

  test('a passed-on error keeps its code through a second hop', () => {
    const first = toGrpcError(new DomainError('taken', 'SLOT_TAKEN', 'Taken.', { context: { by: 'x' } }));
    const received = fromGrpcError(Object.assign(new Error('6'), first));
    const second = toGrpcError(new Error('while booking', { cause: received }));
    expect(fromGrpcError(Object.assign(new Error('6'), second))).toMatchObject({
      code: 'SLOT_TAKEN',
      context: { by: 'x' },
    });
  });

  test.each([
    [grpcStatus.UNAVAILABLE, 'unavailable', 'UPSTREAM_UNAVAILABLE'],
    [grpcStatus.CANCELLED, 'unavailable', 'UPSTREAM_UNAVAILABLE'],
    [grpcStatus.DEADLINE_EXCEEDED, 'timeout', 'UPSTREAM_TIMEOUT'],
    [grpcStatus.UNIMPLEMENTED, 'bug', 'INTERNAL'],
    [grpcStatus.INTERNAL, 'bug', 'INTERNAL'],
    [undefined, 'bug', 'INTERNAL'],
  ])('status %s without details becomes %s %s', (code, kind, expected) => {
    const error = Object.assign(new Error('x'), { code, details: 'x', metadata: new Metadata() });
    expect(fromGrpcError(error)).toMatchObject({ kind, code: expected });
  });

  test('a damaged trailer is no reason to fail', () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from([255, 255, 1, 2, 3]));
    const error = Object.assign(new Error('x'), { code: grpcStatus.UNAVAILABLE, details: 'x', metadata });
    expect(fromGrpcError(error)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('identity', () => {
  const whoAmI: Answer = async (_request, call) => call.actor ?? 'nobody';

  test('a token gives a person, a secret a service, nothing gives nobody', async () => {
    const { client } = await serve(whoAmI);
    await expect(ask(client)).resolves.toBe('nobody');
    await expect(ask(client, { bearer })).resolves.toMatchObject({ kind: 'user', userId: 'u1', sessionId: 's1' });
    await expect(ask(client, { serviceCredential: gateway })).resolves.toEqual({ kind: 'service', name: 'gateway' });
  });

  test.each([
    ['a wrong secret', { serviceCredential: { name: 'gateway', secret: new Secret('another') } }],
    ['an unknown service', { serviceCredential: { name: 'stranger', secret: gateway.secret } }],
    ['a name from the prototype', { serviceCredential: { name: 'constructor', secret: gateway.secret } }],
    ['an empty secret', { serviceCredential: { name: 'nobody', secret: new Secret('') } }],
    ['a damaged token', { bearer: `${bearer.slice(0, -3)}AAA` }],
  ])('%s is refused before the handler runs', async (_name, credential) => {
    let ran = false;
    const { client } = await serve(async () => {
      ran = true;
      return 'ran';
    });
    await expect(ask(client, credential)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'SESSION_INVALID' });
    expect(ran).toBe(false);
  });

  test('handlers that need a person or a service refuse the others', async () => {
    const { client } = await serve(async (_request, call) => call.requireUser().userId);
    await expect(ask(client, { bearer })).resolves.toBe('u1');
    await expect(ask(client)).rejects.toMatchObject({ code: 'SESSION_INVALID' });
    await expect(ask(client, { serviceCredential: gateway })).rejects.toMatchObject({ code: 'SESSION_INVALID' });
  });

  test('service-only handlers refuse people as forbidden', async () => {
    const { client } = await serve(async (_request, call) => call.requireService().name);
    await expect(ask(client, { bearer })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(ask(client)).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(ask(client, { serviceCredential: gateway })).resolves.toBe('gateway');
  });
});

describe('calls', () => {
  test('a deadline ends the call on both sides', async () => {
    const aborted = Promise.withResolvers<void>();
    const { client } = await serve((_request, call) => {
      call.signal.addEventListener('abort', () => aborted.resolve());
      expect(call.deadline?.getTime()).toBeGreaterThan(Date.now());
      return new Promise(() => undefined);
    });
    await expect(ask(client, { deadlineMs: 100 })).rejects.toMatchObject({ kind: 'timeout', code: 'UPSTREAM_TIMEOUT' });
    await aborted.promise;
    await lifecycle.shutdown();
  });

  test('aborting cancels the call and the handler hears of it', async () => {
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const { client } = await serve((_request, call) => {
      begun.resolve();
      call.signal.addEventListener('abort', () => aborted.resolve());
      return new Promise(() => undefined);
    });
    const controller = new AbortController();
    const call = ask(client, { signal: controller.signal });
    await begun.promise;
    controller.abort();
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
    await aborted.promise;
  });

  test('the trace id travels', async () => {
    const { client } = await serve(async () => currentTraceId());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await expect(runWithTrace(traceparent, () => ask(client))).resolves.toBe('0af7651916cd43dd8448eb211c80319c');
  });

  test('a server that is away is UPSTREAM_UNAVAILABLE, and one that comes back is found within two seconds', async () => {
    const { client, port } = await serve(async () => 'first');
    await expect(ask(client)).resolves.toBe('first');
    const constructor = makeClientConstructor(definition, 'test.Samples');
    await lifecycle.shutdown();
    const later = new Lifecycle();
    const patient = createGrpcClient({ constructor, address: `127.0.0.1:${port}`, lifecycle: later });
    await expect(ask(patient)).rejects.toMatchObject({ kind: 'unavailable', code: 'UPSTREAM_UNAVAILABLE' });
    await startGrpcServer({
      ...{ host: '127.0.0.1', port, logger: silentLogger, lifecycle: later },
      services: [
        {
          definition,
          implementation: { ask: unary(async () => 'second'), watch: serverStream(async () => undefined) },
        },
      ],
    });
    await until(async () => (await ask(patient)) === 'second', { timeoutMs: 2000, what: 'the server to be found' });
    await later.shutdown();
  });

  test('one who is told to go and knows no other server is served until he stays away', async () => {
    const { client } = await serve(async () => 'here', undefined, 30_000);
    await expect(ask(client)).resolves.toBe('here');
    let stopped = false;
    const stopping = lifecycle.shutdown().then(() => (stopped = true));
    for (let call = 0; call < 60; call += 1) {
      await expect(ask(client)).resolves.toBe('here');
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(stopped).toBe(false);
    await stopping;
    client.close();
  });

  test('who does not stay away at all is refused in the end', async () => {
    const { client } = await serve(async () => 'here', undefined, 300);
    await expect(ask(client)).resolves.toBe('here');
    const stopping = lifecycle.shutdown();
    await expect(
      (async () => {
        for (;;) await ask(client);
      })(),
    ).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await stopping;
    client.close();
  });

  test('health tells serving from unknown services and turns with the drain', async () => {
    const { port } = await serve(async () => 'x');
    const probe = createGrpcClient({
      constructor: makeClientConstructor(healthService, 'health'),
      address: `127.0.0.1:${port}`,
    });
    const check = (service: string): Promise<unknown> => callUnary(probe, 'Check', { service }, { deadlineMs: 2000 });
    await expect(check('')).resolves.toEqual({ status: 'SERVING' });
    await expect(check('test.Samples')).resolves.toEqual({ status: 'SERVING' });
    await expect(check('test.Others')).rejects.toMatchObject({ kind: 'absent' });
    probe.close();
  });
});

describe('streams', () => {
  type Stream = NodeJS.ReadableStream & { cancel(): void };
  const open = (client: Client): Stream => (client as unknown as { watch(request: object): Stream }).watch({ from: 1 });

  test('messages arrive in order, all of them, though the reader is slow', async () => {
    const { client } = await serve(
      async () => 'x',
      async (_request, _call, send) => {
        for (let index = 0; index < 500; index += 1) await send({ index, filler: 'x'.repeat(2000) });
      },
    );
    const received: number[] = [];
    for await (const message of open(client)) received.push((message as unknown as { index: number }).index);
    expect(received).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  test('a reader that leaves aborts the handler; shutting down ends the stream in order', async () => {
    let open_ = 0;
    const { client } = await serve(
      async () => 'x',
      async (_request, call, send) => {
        open_ += 1;
        await send({ hello: true });
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
        open_ -= 1;
      },
    );
    const first = open(client);
    first.on('error', () => undefined);
    first.once('data', () => first.cancel());
    await until(() => open_ === 0 && first.listenerCount('data') === 0, { what: 'the handler to end' });
    const second = open(client);
    const ended = new Promise<string>((resolve) => {
      second.once('end', () => resolve('ended'));
      second.once('error', (error) => resolve(error.message));
      second.once('data', () => void lifecycle.shutdown());
    });
    second.resume();
    await expect(ended).resolves.toBe('ended');
  });

  test('a refusal in a stream keeps its code', async () => {
    const { client } = await serve(
      async () => 'x',
      async (_request, call) => {
        call.requireService();
      },
    );
    const stream = open(client);
    stream.resume();
    const error = await new Promise((resolve) => stream.once('error', resolve));
    expect(fromGrpcError(error)).toMatchObject({ kind: 'unauthenticated', code: 'SESSION_INVALID' });
  });
});
