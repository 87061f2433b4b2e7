import type { CustomerDetails } from '@daybook/http-contract/practice';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** A customer who comes again, with what they had last. */
export function getKnownCustomer(id: string, signal?: AbortSignal) {
  return request<CustomerDetails>({ method: 'GET', path: `/api/customers/${id}`, ...(signal ? { signal } : {}) });
}

/** A customer who comes again; without an id nobody is asked for. */
export function useKnownCustomer(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.customers, 'one', id],
    queryFn: ({ signal }) => getKnownCustomer(id ?? '', signal),
    enabled: id !== undefined,
  });
}
