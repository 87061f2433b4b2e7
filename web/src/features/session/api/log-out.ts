import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Ends the session everywhere it is used. */
export function logOut(): Promise<void> {
  return request({ method: 'POST', path: '/api/auth/logout' });
}

/** Ends the session and forgets everything that was read with it. */
export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      client.setQueryData(keys.me, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
    },
  });
}
