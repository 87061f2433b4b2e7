import { Metadata } from '@grpc/grpc-js';
import { AuthServiceClient } from '@daybook/protos/packages';
import type {
  AuthServiceClient as AuthClientType,
  AuthServiceDefinition,
} from '@daybook/protos/gen/daybook/auth/v1/AuthService';
import type { AuthenticateRequest } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateRequest';
import type { AuthenticateResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateResponse';
import type { ChangePasswordRequest } from '@daybook/protos/gen/daybook/auth/v1/ChangePasswordRequest';
import type { BeginSecondFactorResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/BeginSecondFactorResponse';
import type { ConfirmSecondFactorResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/ConfirmSecondFactorResponse';
import type { GetCurrentUserResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/GetCurrentUserResponse';
import type { GetSecondFactorResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/GetSecondFactorResponse';
import type { ListSessionsResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/ListSessionsResponse';
import type { RefreshSessionResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/RefreshSessionResponse';
import type { TurnOffSecondFactorRequest } from '@daybook/protos/gen/daybook/auth/v1/TurnOffSecondFactorRequest';
import type { WatchRevocationsResponse__Output } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import type { Secret } from '@daybook/runtime/config';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { createGrpcClient } from '@daybook/runtime/grpc-client';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { commandDeadlineMs, createUpstream, readDeadlineMs } from './upstream.ts';

/** What the gateway asks of auth. */
export type AuthClient = {
  authenticate(request: AuthenticateRequest): Promise<AuthenticateResponse__Output>;
  refreshSession(refreshToken: string): Promise<RefreshSessionResponse__Output>;
  revokeByRefreshToken(refreshToken: string): Promise<void>;
  revokeOwnSession(sessionId: string, bearer: string): Promise<void>;
  getCurrentUser(bearer: string): Promise<GetCurrentUserResponse__Output>;
  listSigningKeys(): Promise<{ kid: string; publicKeyPem: string }[]>;
  /** Answers how many other sessions ended. */
  changePassword(request: ChangePasswordRequest, bearer: string): Promise<number>;
  listSessions(bearer: string): Promise<ListSessionsResponse__Output>;
  /** Ends one session of the caller, or with an empty id all but the present one; answers how many ended. */
  endSession(sessionId: string, bearer: string): Promise<number>;
  getSecondFactor(bearer: string): Promise<GetSecondFactorResponse__Output>;
  beginSecondFactor(currentPassword: string, bearer: string): Promise<BeginSecondFactorResponse__Output>;
  confirmSecondFactor(code: string, bearer: string): Promise<ConfirmSecondFactorResponse__Output>;
  /** Answers the new codes. */
  replaceRecoveryCodes(proof: TurnOffSecondFactorRequest, bearer: string): Promise<string[]>;
  /** Answers how many other sessions ended. */
  turnOffSecondFactor(proof: TurnOffSecondFactorRequest, bearer: string): Promise<number>;
  /** Whether a session is still open, asked afresh. */
  checkSession(sessionId: string): Promise<boolean>;
  /** Opens the stream of revocations; the caller listens, cancels and opens it again. */
  watchRevocations(): ClientReadableStream<WatchRevocationsResponse__Output>;
};

/** A client of the auth service; `serviceToken` is the gateway's own secret towards it. */
export function createAuthClient(options: { address: string; serviceToken: Secret; lifecycle: Lifecycle }): AuthClient {
  const client: AuthClientType = createGrpcClient({
    constructor: AuthServiceClient,
    address: options.address,
    lifecycle: options.lifecycle,
  });
  const upstream = createUpstream<AuthServiceDefinition>('auth', client);
  // Checking a password is slow by design, here and when it is changed. A storm that times out must not close the door to everybody who is
  // signed in already and only needs a refresh.
  const signIns = createUpstream<AuthServiceDefinition>('auth sign-ins', client);
  options.lifecycle.onShutdown('pools', 'auth breakers', async () => {
    upstream.shutdown();
    signIns.shutdown();
  });
  const serviceCredential = { name: 'gateway', secret: options.serviceToken };
  return {
    authenticate: (request) =>
      signIns.call('Authenticate', request, { deadlineMs: commandDeadlineMs, serviceCredential }),
    refreshSession: (refreshToken) =>
      upstream.call('RefreshSession', { refreshToken }, { deadlineMs: commandDeadlineMs, serviceCredential }),
    revokeByRefreshToken: async (refreshToken) => {
      await upstream.call('RevokeSession', { refreshToken }, { deadlineMs: commandDeadlineMs });
    },
    revokeOwnSession: async (sessionId, bearer) => {
      await upstream.call('RevokeSession', { sessionId }, { deadlineMs: commandDeadlineMs, bearer });
    },
    getCurrentUser: (bearer) => upstream.call('GetCurrentUser', {}, { deadlineMs: readDeadlineMs, bearer }),
    listSigningKeys: async () => (await upstream.call('ListSigningKeys', {}, { deadlineMs: readDeadlineMs })).keys,
    changePassword: async (request, bearer) => {
      const answer = await signIns.call('ChangePassword', request, { deadlineMs: commandDeadlineMs, bearer });
      return answer.endedSessions;
    },
    listSessions: (bearer) => upstream.call('ListSessions', {}, { deadlineMs: readDeadlineMs, bearer }),
    endSession: async (sessionId, bearer) => {
      const answer = await upstream.call('EndSession', { sessionId }, { deadlineMs: commandDeadlineMs, bearer });
      return answer.endedSessions;
    },
    getSecondFactor: (bearer) => upstream.call('GetSecondFactor', {}, { deadlineMs: readDeadlineMs, bearer }),
    beginSecondFactor: (currentPassword, bearer) =>
      signIns.call('BeginSecondFactor', { currentPassword }, { deadlineMs: commandDeadlineMs, bearer }),
    confirmSecondFactor: (code, bearer) =>
      upstream.call('ConfirmSecondFactor', { code }, { deadlineMs: commandDeadlineMs, bearer }),
    replaceRecoveryCodes: async (proof, bearer) => {
      const answer = await signIns.call('ReplaceRecoveryCodes', proof, { deadlineMs: commandDeadlineMs, bearer });
      return answer.recoveryCodes;
    },
    turnOffSecondFactor: async (proof, bearer) => {
      const answer = await signIns.call('TurnOffSecondFactor', proof, { deadlineMs: commandDeadlineMs, bearer });
      return answer.endedSessions;
    },
    checkSession: async (sessionId) => {
      const answer = await upstream.call(
        'CheckSession',
        { sessionId },
        { deadlineMs: readDeadlineMs, serviceCredential },
      );
      return answer.active;
    },
    watchRevocations: () => {
      const metadata = new Metadata();
      metadata.set('authorization', `Service gateway:${options.serviceToken.reveal()}`);
      return client.watchRevocations({}, metadata);
    },
  };
}
