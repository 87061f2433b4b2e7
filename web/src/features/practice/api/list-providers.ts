import type { Provider } from '@daybook/http-contract/practice';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Whose time can be booked. */
export function listProviders(signal?: AbortSignal) {
  return request<{ items: Provider[] }>({ method: 'GET', path: '/api/providers', ...(signal ? { signal } : {}) });
}

/** Whose time can be booked. */
export function useProviders() {
  return useQuery({ queryKey: keys.providers, queryFn: ({ signal }) => listProviders(signal), staleTime: 5 * 60_000 });
}
