import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { AuthenticateRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateRequest';
import type { AuthenticateResponse } from '@daybook/protos/gen/daybook/auth/v1/AuthenticateResponse';
import type { ChangePasswordRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/ChangePasswordRequest';
import type { ChangePasswordResponse } from '@daybook/protos/gen/daybook/auth/v1/ChangePasswordResponse';
import type { BeginSecondFactorRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/BeginSecondFactorRequest';
import type { BeginSecondFactorResponse } from '@daybook/protos/gen/daybook/auth/v1/BeginSecondFactorResponse';
import type { CheckSessionRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/CheckSessionRequest';
import type { CheckSessionResponse } from '@daybook/protos/gen/daybook/auth/v1/CheckSessionResponse';
import type { ConfirmSecondFactorRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/ConfirmSecondFactorRequest';
import type { ConfirmSecondFactorResponse } from '@daybook/protos/gen/daybook/auth/v1/ConfirmSecondFactorResponse';
import type { EndSessionRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/EndSessionRequest';
import type { EndSessionResponse } from '@daybook/protos/gen/daybook/auth/v1/EndSessionResponse';
import type { GetCurrentUserRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/GetCurrentUserRequest';
import type { GetCurrentUserResponse } from '@daybook/protos/gen/daybook/auth/v1/GetCurrentUserResponse';
import type { GetSecondFactorRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/GetSecondFactorRequest';
import type { GetSecondFactorResponse } from '@daybook/protos/gen/daybook/auth/v1/GetSecondFactorResponse';
import type { ListSessionsRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/ListSessionsRequest';
import type { ListSessionsResponse } from '@daybook/protos/gen/daybook/auth/v1/ListSessionsResponse';
import type { ListSigningKeysRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/ListSigningKeysRequest';
import type { ListSigningKeysResponse } from '@daybook/protos/gen/daybook/auth/v1/ListSigningKeysResponse';
import type { RefreshSessionRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/RefreshSessionRequest';
import type { RefreshSessionResponse } from '@daybook/protos/gen/daybook/auth/v1/RefreshSessionResponse';
import type { ReplaceRecoveryCodesRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/ReplaceRecoveryCodesRequest';
import type { ReplaceRecoveryCodesResponse } from '@daybook/protos/gen/daybook/auth/v1/ReplaceRecoveryCodesResponse';
import type { RevokeSessionRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/RevokeSessionRequest';
import type { RevokeSessionResponse } from '@daybook/protos/gen/daybook/auth/v1/RevokeSessionResponse';
import type { TurnOffSecondFactorRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/TurnOffSecondFactorRequest';
import type { TurnOffSecondFactorResponse } from '@daybook/protos/gen/daybook/auth/v1/TurnOffSecondFactorResponse';
import type { WatchRevocationsRequest__Output } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsRequest';
import type { WatchRevocationsResponse } from '@daybook/protos/gen/daybook/auth/v1/WatchRevocationsResponse';
import { toTimestamp } from '@daybook/protos/instant';
import { serverStream, unary } from '@daybook/runtime/grpc-server';
import type { authenticate } from '../app/authenticate.ts';
import type { changePassword } from '../app/change-password.ts';
import type { checkSession } from '../app/check-session.ts';
import type { getCurrentUser } from '../app/get-current-user.ts';
import type { listSigningKeys } from '../app/list-signing-keys.ts';
import type { endSession, listSessions } from '../app/own-sessions.ts';
import type { refreshSession } from '../app/refresh-session.ts';
import type { revokeSession } from '../app/revoke-session.ts';
import type {
  beginSecondFactor,
  confirmSecondFactor,
  getSecondFactor,
  replaceRecoveryCodes,
  turnOffSecondFactor,
} from '../app/second-factor.ts';
import type { watchRevocations } from '../app/watch-revocations.ts';
import { toProtoGrant, toProtoRevocations, toProtoSecondFactor, toProtoSession, toProtoUser } from './mapping.ts';

/** The use cases behind daybook.auth.v1.AuthService, with their dependencies applied. */
export type AuthUseCases = {
  authenticate: ReturnType<typeof authenticate>;
  refreshSession: ReturnType<typeof refreshSession>;
  revokeSession: ReturnType<typeof revokeSession>;
  getCurrentUser: ReturnType<typeof getCurrentUser>;
  listSigningKeys: ReturnType<typeof listSigningKeys>;
  watchRevocations: ReturnType<typeof watchRevocations>;
  checkSession: ReturnType<typeof checkSession>;
  changePassword: ReturnType<typeof changePassword>;
  listSessions: ReturnType<typeof listSessions>;
  endSession: ReturnType<typeof endSession>;
  getSecondFactor: ReturnType<typeof getSecondFactor>;
  beginSecondFactor: ReturnType<typeof beginSecondFactor>;
  confirmSecondFactor: ReturnType<typeof confirmSecondFactor>;
  replaceRecoveryCodes: ReturnType<typeof replaceRecoveryCodes>;
  turnOffSecondFactor: ReturnType<typeof turnOffSecondFactor>;
};

/** daybook.auth.v1.AuthService. */
export function createHandlers(useCases: AuthUseCases): UntypedServiceImplementation {
  return {
    authenticate: unary<AuthenticateRequest__Output, AuthenticateResponse>(async (request, call) => {
      // The address a try is counted under is only as true as its sender.
      call.requireService();
      const { username, password, code, clientAddress, userAgent } = request;
      const command = { username, password, code, clientAddress, userAgent };
      return toProtoGrant(await useCases.authenticate(command, call.signal));
    }),
    refreshSession: unary<RefreshSessionRequest__Output, RefreshSessionResponse>(async (request, call) => {
      call.requireService();
      return toProtoGrant(await useCases.refreshSession(request.refreshToken));
    }),
    revokeSession: unary<RevokeSessionRequest__Output, RevokeSessionResponse>(async (request, call) => {
      await useCases.revokeSession({
        ...(request.refreshToken !== '' && { refreshToken: request.refreshToken }),
        ...(request.sessionId !== '' && { sessionId: request.sessionId, ownSessionId: call.requireUser().sessionId }),
      });
      return {};
    }),
    getCurrentUser: unary<GetCurrentUserRequest__Output, GetCurrentUserResponse>(async (_request, call) => {
      const actor = call.requireUser();
      const account = await useCases.getCurrentUser(actor.sessionId);
      return { user: toProtoUser(account), accessExpiresAt: toTimestamp(new Date(actor.tokenExpiresAt * 1000)) };
    }),
    listSigningKeys: unary<ListSigningKeysRequest__Output, ListSigningKeysResponse>(async () => ({
      keys: await useCases.listSigningKeys(),
    })),
    watchRevocations: serverStream<WatchRevocationsRequest__Output, WatchRevocationsResponse>(
      async (_request, call, send) => {
        call.requireService();
        for await (const message of useCases.watchRevocations(call.signal)) await send(toProtoRevocations(message));
      },
    ),
    checkSession: unary<CheckSessionRequest__Output, CheckSessionResponse>(async (request, call) => {
      call.requireService();
      return { active: await useCases.checkSession(request.sessionId) };
    }),
    changePassword: unary<ChangePasswordRequest__Output, ChangePasswordResponse>(async (request, call) => {
      const { currentPassword, newPassword } = request;
      const { sessionId } = call.requireUser();
      return {
        endedSessions: await useCases.changePassword(sessionId, { currentPassword, newPassword }, call.signal),
      };
    }),
    listSessions: unary<ListSessionsRequest__Output, ListSessionsResponse>(async (_request, call) => {
      const sessions = await useCases.listSessions(call.requireUser().sessionId);
      return { sessions: sessions.map(toProtoSession) };
    }),
    endSession: unary<EndSessionRequest__Output, EndSessionResponse>(async (request, call) => ({
      endedSessions: await useCases.endSession(call.requireUser().sessionId, request.sessionId),
    })),
    getSecondFactor: unary<GetSecondFactorRequest__Output, GetSecondFactorResponse>(async (_request, call) =>
      toProtoSecondFactor(await useCases.getSecondFactor(call.requireUser().sessionId)),
    ),
    beginSecondFactor: unary<BeginSecondFactorRequest__Output, BeginSecondFactorResponse>(async (request, call) =>
      useCases.beginSecondFactor(call.requireUser().sessionId, request.currentPassword, call.signal),
    ),
    confirmSecondFactor: unary<ConfirmSecondFactorRequest__Output, ConfirmSecondFactorResponse>(async (request, call) =>
      useCases.confirmSecondFactor(call.requireUser().sessionId, request.code),
    ),
    replaceRecoveryCodes: unary<ReplaceRecoveryCodesRequest__Output, ReplaceRecoveryCodesResponse>(
      async ({ currentPassword, code }, call) => {
        const { sessionId } = call.requireUser();
        return {
          recoveryCodes: await useCases.replaceRecoveryCodes(sessionId, { currentPassword, code }, call.signal),
        };
      },
    ),
    turnOffSecondFactor: unary<TurnOffSecondFactorRequest__Output, TurnOffSecondFactorResponse>(
      async ({ currentPassword, code }, call) => {
        const { sessionId } = call.requireUser();
        return {
          endedSessions: await useCases.turnOffSecondFactor(sessionId, { currentPassword, code }, call.signal),
        };
      },
    ),
  };
}
