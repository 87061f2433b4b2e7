import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type {
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
  sendUnaryData,
} from '@grpc/grpc-js';
import { authService, calendarSyncService, schedulingService } from '@daybook/protos/packages';
import { toTimestamp } from '@daybook/protos/instant';
import { toGrpcError } from '@daybook/runtime/grpc-errors';
import { signAccessToken } from '@daybook/runtime/tokens';
import type { Role } from '@daybook/runtime/tokens';
import { sampleAnswers, sampleUser } from './samples.ts';

/** One rpc as it arrived. */
export type ReceivedCall = { method: string; request: Record<string, unknown>; authorization: string | undefined };

/** What a double answers to one method: a message, or a thrown error that travels as the services' own errors do. */
export type Script = (request: Record<string, unknown>, metadata: Metadata) => unknown;

type RevocationStream = ServerWritableStream<object, object>;

/** The other processes of the system, each a real gRPC server speaking the protos, answering by script. */
export type FakeServices = {
  address: string;
  calls: ReceivedCall[];
  /** Answers `method` by `script` until `reset`. */
  script(method: string, script: Script): void;
  reset(): void;
  /** Tells every gateway that watches. */
  revoke(sessionId: string): void;
  /** Ends the revocation streams and refuses new ones until `resumeRevocations`. */
  interruptRevocations(): void;
  resumeRevocations(): void;
  watchers(): number;
  key: { kid: string; privateKeyPem: string; publicKeyPem: string };
  signIn(options?: { sessionId?: string; organizationId?: string; roles?: Role[]; lifetimeSeconds?: number }): string;
  stop(): Promise<void>;
};

/** A fresh ES256 key pair. */
export function createSigningKey(kid: string): FakeServices['key'] {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    kid,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

/** A script that never answers in time. */
export const neverAnswer: Script = () => wait(60_000);

/** Starts the doubles on a free port. */
export async function startFakeServices(): Promise<FakeServices> {
  const key = createSigningKey(randomUUID());
  const calls: ReceivedCall[] = [];
  const scripts = new Map<string, Script>();
  const streams = new Set<RevocationStream>();
  const revoked: string[] = [];
  let interrupted = false;
  const defaults = sampleAnswers({ keys: () => [{ kid: key.kid, publicKeyPem: key.publicKeyPem }], revoked });

  function handle(method: string) {
    return (call: ServerUnaryCall<Record<string, unknown>, unknown>, callback: sendUnaryData<unknown>): void => {
      const authorization = call.metadata.get('authorization')[0]?.toString();
      calls.push({ method, request: call.request, authorization });
      Promise.resolve()
        .then(() => (scripts.get(method) ?? defaults[method] ?? notScripted(method))(call.request, call.metadata))
        .then(
          (answer) => callback(null, answer),
          (error: unknown) => callback(toGrpcError(error)),
        );
    };
  }

  function watchRevocations(call: RevocationStream): void {
    if (interrupted) return void call.end();
    streams.add(call);
    call.on('cancelled', () => streams.delete(call));
    call.write({ snapshot: true, revocations: revoked.map(toRevocation) });
  }

  const server = new Server();
  for (const service of [authService, schedulingService, calendarSyncService]) {
    const implementation: UntypedServiceImplementation = {};
    for (const method of Object.keys(service)) implementation[method] = handle(method) as never;
    if (service === authService) implementation['WatchRevocations'] = watchRevocations as never;
    server.addService(service, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });

  return {
    address: `127.0.0.1:${port}`,
    calls,
    key,
    script: (method, script) => void scripts.set(method, script),
    reset: () => {
      scripts.clear();
      calls.length = 0;
    },
    revoke: (sessionId) => {
      revoked.push(sessionId);
      for (const stream of streams) stream.write({ snapshot: false, revocations: [toRevocation(sessionId)] });
    },
    interruptRevocations: () => {
      interrupted = true;
      for (const stream of streams) stream.end();
      streams.clear();
    },
    resumeRevocations: () => {
      interrupted = false;
    },
    watchers: () => streams.size,
    signIn: (options = {}) =>
      signAccessToken(
        {
          userId: sampleUser.id,
          organizationId: options.organizationId ?? sampleUser.organizationId,
          roles: options.roles ?? ['owner'],
          sessionId: options.sessionId ?? randomUUID(),
        },
        key,
        options.lifetimeSeconds ?? 600,
      ),
    stop: async () => server.forceShutdown(),
  };
}

function notScripted(method: string): never {
  throw new Error(`the double has no script for ${method}`);
}

function toRevocation(sessionId: string): object {
  return { sessionId, forgetAfter: toTimestamp(new Date(Date.now() + 600_000)) };
}
