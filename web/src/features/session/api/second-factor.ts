import type {
  ConfirmedSecondFactor,
  SecondFactor,
  SecondFactorKey,
  SecondFactorProof,
} from '@daybook/http-contract/session';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

const path = '/api/auth/second-factor';
/** Read again with the sessions: what changes the one ends others of the other. */
const secondFactorKey = [...keys.sessions, 'second-factor'];

/** How the reader's second factor stands. */
export function useSecondFactor() {
  return useQuery({
    queryKey: secondFactorKey,
    queryFn: ({ signal }) => request<SecondFactor>({ method: 'GET', path, signal }),
  });
}

/** Makes a key for an authenticator app; it counts once it is confirmed. Attempts are counted, so none is repeated. */
export function useBeginSecondFactor() {
  return useMutation({
    mutationFn: (currentPassword: string) =>
      request<SecondFactorKey>({ method: 'POST', path, body: { currentPassword } }),
    retry: false,
  });
}

/** Turns the second factor on by a first code of the app; all other sessions end. */
export function useConfirmSecondFactor() {
  return useMutation({
    mutationFn: (code: string) =>
      request<ConfirmedSecondFactor>({ method: 'POST', path: `${path}/confirmation`, body: { code } }),
    retry: false,
    ...useReadAgain(),
  });
}

/** Makes new recovery codes in place of all earlier ones. */
export function useReplaceRecoveryCodes() {
  return useMutation({
    mutationFn: (proof: SecondFactorProof) =>
      request<{ recoveryCodes: string[] }>({ method: 'POST', path: `${path}/recovery-codes`, body: proof }),
    retry: false,
    ...useReadAgain(),
  });
}

/** Turns the second factor off; all other sessions end. */
export function useTurnOffSecondFactor() {
  return useMutation({
    mutationFn: (proof: SecondFactorProof) =>
      request<{ endedSessions: number }>({ method: 'POST', path: `${path}/removal`, body: proof }),
    retry: false,
    ...useReadAgain(),
  });
}

function useReadAgain() {
  const client = useQueryClient();
  return { onSettled: () => invalidate(client, 'sessions') };
}
