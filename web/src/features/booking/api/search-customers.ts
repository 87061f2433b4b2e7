import type { CustomerPage } from '@daybook/http-contract/practice';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Customers whose name, e-mail or phone fits. */
export function searchCustomers(q: string, signal?: AbortSignal) {
  return request<CustomerPage>({
    method: 'GET',
    path: '/api/customers',
    query: { q, limit: 6 },
    ...(signal ? { signal } : {}),
  });
}

/** Customers that fit what has been typed; from two letters on. */
export function useCustomerSearch(q: string) {
  const text = q.trim();
  return useQuery({
    queryKey: [...keys.customers, text],
    queryFn: ({ signal }) => searchCustomers(text, signal),
    enabled: text.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
