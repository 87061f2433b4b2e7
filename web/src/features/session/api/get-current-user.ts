import type { Me } from '@daybook/http-contract/session';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { isProblem } from '../../../lib/problem.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Who is signed in; null when nobody is. */
export async function getCurrentUser(signal?: AbortSignal): Promise<Pick<Me, 'user'> | null> {
  try {
    return await request<Me>({ method: 'GET', path: '/api/auth/me', ...(signal ? { signal } : {}) });
  } catch (error) {
    if (isProblem(error, 'SESSION_EXPIRED', 'SESSION_INVALID')) return null;
    throw error;
  }
}

/** Who is signed in, asked once and then known until the session ends. */
export function useCurrentUser() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => getCurrentUser(signal),
    staleTime: Infinity,
    retry: 1,
  });
}
