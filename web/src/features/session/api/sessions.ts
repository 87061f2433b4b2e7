import type { ChangePasswordRequest, OpenSession } from '@daybook/http-contract/session';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** How many sessions ended. */
export type Ended = { endedSessions: number };

/** Where the reader is signed in, the last used first. */
export function listSessions(signal?: AbortSignal) {
  return request<{ items: OpenSession[] }>({
    method: 'GET',
    path: '/api/auth/sessions',
    ...(signal ? { signal } : {}),
  });
}

/** Where the reader is signed in. */
export function useSessions() {
  return useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => listSessions(signal) });
}

/** Ends one session, or without an id all but this one. */
export function endSession(id: string | undefined) {
  return request<Ended>({
    method: 'DELETE',
    path: id === undefined ? '/api/auth/sessions' : `/api/auth/sessions/${id}`,
  });
}

/** Ends one session, or all but this one. */
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({ mutationFn: endSession, onSettled: () => invalidate(client, 'sessions') });
}

/** Sets a new password; all other sessions end. */
export function changePassword(body: ChangePasswordRequest) {
  return request<Ended>({ method: 'POST', path: '/api/auth/password', body });
}

/** Sets a new password. A refused one is not sent again: attempts are counted. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({ mutationFn: changePassword, retry: false, onSettled: () => invalidate(client, 'sessions') });
}
