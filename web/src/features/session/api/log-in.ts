import type { LoginRequest, Session } from '@daybook/http-contract/session';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Opens a session. The tokens stay in HttpOnly cookies; the body's copy is for API clients and not kept. */
export function logIn(body: LoginRequest) {
  return request<Session>({ method: 'POST', path: '/api/auth/login', body });
}

/** Opens a session and remembers who it is. */
export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: logIn,
    onSuccess: ({ user }) => client.setQueryData(keys.me, { user }),
  });
}
