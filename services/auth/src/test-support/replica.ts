import { AuthServiceClient } from '@daybook/protos/packages';
import type { AuthenticateResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateResponse';
import type { RefreshSessionResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/RefreshSessionResponse';
import type { TokenPair__Output } from '@daybook/protos/gen/daybook/auth/v1/TokenPair';
import type { Clock } from '@daybook/runtime/clock';
import { Secret } from '@daybook/runtime/config';
import { DomainError } from '@daybook/runtime/errors';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { openDatabase } from '@daybook/runtime/postgres';
import { silentLogger } from '@daybook/runtime/testing';
import type { PasswordChecker } from '../app/password-checker.ts';
import type { Argon2Cost } from '../domain/password.ts';
import { startAuthServer } from '../server.ts';
import { cheapCost, lifetimes, owner } from './practice.ts';

/** A key for tests, 32 bytes in base64. */
export const keyEncryptionKey: string = Buffer.alloc(32, 5).toString('base64');

/** The credential of the gateway in tests. */
export const gateway: { name: string; secret: Secret } = {
  name: 'gateway',
  secret: new Secret('gateway-secret-of-tests'),
};

/** A running replica of the service and a client of it. */
export type Replica = {
  port: number;
  client: AuthServiceClientInstance;
  passwords: PasswordChecker;
  stop(): Promise<void>;
};

/** An instance of the generated client. */
export type AuthServiceClientInstance = InstanceType<typeof AuthServiceClient>;

/** Starts a replica with a pool of its own, as another process would have. */
export async function startReplica(options: {
  url: string;
  clock: Clock;
  /** Keys of 32 bytes in base64: the first is used, the others still open. */
  keys?: readonly [string, ...string[]];
  passwordCost?: Argon2Cost;
}): Promise<Replica> {
  const lifecycle = new Lifecycle();
  const logger = silentLogger;
  const [key, ...previous] = options.keys ?? [keyEncryptionKey];
  const database = openDatabase({ url: options.url, applicationName: 'auth-test', logger });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  try {
    const { port, passwords } = await startAuthServer({
      host: '127.0.0.1',
      grpcPort: 0,
      database,
      databaseUrl: options.url,
      keyEncryptionKeys: [new Secret(key), ...previous.map((text) => new Secret(text))],
      serviceTokens: { gateway: [gateway.secret] },
      lifetimes,
      passwordCost: options.passwordCost ?? cheapCost,
      clock: options.clock,
      tokenClock: options.clock,
      logger,
      lifecycle,
    });
    const client = createGrpcClient({ constructor: AuthServiceClient, address: `127.0.0.1:${port}` });
    const stop = async () => {
      client.close();
      await lifecycle.shutdown();
    };
    return { port, client, passwords, stop };
  } catch (error) {
    await lifecycle.shutdown();
    throw error;
  }
}

/** What only the gateway may ask. */
const forGateway = new Set(['authenticate', 'refreshSession']);

/** Calls a method of the service. */
export function call<Res>(
  replica: Replica,
  method: string,
  request: object,
  credential: { bearer?: string; asGateway?: boolean } = {},
): Promise<Res> {
  return callUnary<object, Res>(replica.client, method, request, {
    deadlineMs: 15_000,
    ...(credential.bearer !== undefined && { bearer: credential.bearer }),
    ...((credential.asGateway ?? forGateway.has(method)) && { serviceCredential: gateway }),
  });
}

/** What sign-in and refresh answer, with the tokens that are always there. */
export type Grant = AuthenticateResponse__Output & { tokens: TokenPair__Output };

/** Signs in as the owner, or as given. */
export function signIn(
  replica: Replica,
  attempt: { username?: string; password?: string; code?: string; clientAddress?: string } = {},
): Promise<Grant> {
  return call<Grant>(replica, 'authenticate', {
    ...owner,
    clientAddress: '198.51.100.7',
    userAgent: 'jest',
    ...attempt,
  });
}

/** Exchanges a refresh token. */
export function refresh(replica: Replica, refreshToken: string): Promise<RefreshSessionResponse__Output & Grant> {
  return call(replica, 'refreshSession', { refreshToken });
}

/** The error a call ends with; fails the test when it ends well. */
export async function failureOf(promise: Promise<unknown>): Promise<DomainError> {
  const outcome = await promise.then(
    () => 'the call succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof DomainError) return outcome;
  throw new Error('expected a DomainError', { cause: outcome });
}

/** The code of that error. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await failureOf(promise)).code;
}
