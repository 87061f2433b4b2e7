import type { Appointment, AppointmentPage } from '@daybook/http-contract/appointments';
import type {
  Customer,
  CustomerDetails,
  CustomerExport,
  CustomerPage,
  CustomerRequest,
  ErasedCustomer,
} from '@daybook/http-contract/practice';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate, keys } from '../../../lib/query-keys.ts';

/** One page of customers, by name; `q` searches name, e-mail and phone. */
export function listCustomers(query: { q: string; limit: number; cursor?: string | undefined }, signal?: AbortSignal) {
  return request<CustomerPage>({ method: 'GET', path: '/api/customers', query, ...(signal ? { signal } : {}) });
}

/** Customers page by page. */
export function useCustomerPages(q: string) {
  return useInfiniteQuery({
    queryKey: [...keys.customers, 'pages', q],
    queryFn: ({ pageParam, signal }) => listCustomers({ q, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** The few customers that fit what is typed; from two letters on. */
export function useCustomerSearch(q: string) {
  return useQuery({
    queryKey: [...keys.customers, 'search', q],
    queryFn: ({ signal }) => listCustomers({ q, limit: 8 }, signal),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
  });
}

/** One customer, with what the appointments say and who may be the same person. */
export function getCustomer(id: string, signal?: AbortSignal) {
  return request<CustomerDetails>({ method: 'GET', path: `/api/customers/${id}`, ...(signal ? { signal } : {}) });
}

/** One customer. */
export function useCustomer(id: string) {
  return useQuery({ queryKey: [...keys.customers, 'one', id], queryFn: ({ signal }) => getCustomer(id, signal) });
}

/** Every appointment of a customer, in order of time, whatever became of it. */
export async function listVisits(customerId: string, signal: AbortSignal): Promise<Appointment[]> {
  const visits: Appointment[] = [];
  let cursor: string | undefined;
  do {
    const page: AppointmentPage = await request<AppointmentPage>({
      method: 'GET',
      path: '/api/appointments',
      query: { customerId, limit: 200, cursor },
      signal,
    });
    visits.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return visits;
}

/** Every appointment of a customer. */
export function useVisits(customerId: string) {
  return useQuery({
    queryKey: [...keys.appointments, 'of-customer', customerId],
    queryFn: async ({ signal }) => ({ items: await listVisits(customerId, signal) }),
  });
}

/** Adds somebody who has not been booked yet. */
export function useCreateCustomer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CustomerRequest) => request<Customer>({ method: 'POST', path: '/api/customers', body }),
    // A repeat would find the first one's row in its way.
    retry: false,
    onSettled: () => invalidate(client, 'customers'),
  });
}

/** New particulars of a customer, and the version they were made from. */
export type CustomerChange = { id: string; version: number; body: CustomerRequest };

/** Replaces a customer's particulars; refused when they changed since that version. */
export function useUpdateCustomer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, body }: CustomerChange) =>
      request<Customer>({ method: 'PUT', path: `/api/customers/${id}`, body, ifMatch: version }),
    onSettled: () => invalidate(client, 'customers', 'appointments'),
  });
}

/** Joins two customers: the first stays. */
export function useMergeCustomers() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, mergeId }: { id: string; mergeId: string }) =>
      request<{ customer: Customer; movedAppointments: number }>({
        method: 'POST',
        path: `/api/customers/${id}/merge`,
        body: { mergeId },
      }),
    // The one who goes is gone after the first: a repeat would say that nobody is there.
    retry: false,
    onSettled: () => invalidate(client, 'customers', 'appointments'),
  });
}

/** Fetches everything kept about a customer. */
export function useExportCustomer() {
  return useMutation({
    mutationFn: (id: string) => request<CustomerExport>({ method: 'GET', path: `/api/customers/${id}/export` }),
  });
}

/** Forgets a customer for good. */
export function useEraseCustomer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<ErasedCustomer>({ method: 'DELETE', path: `/api/customers/${id}` }),
    // After the first nobody is there any more.
    retry: false,
    onSettled: () => invalidate(client, 'customers', 'appointments'),
  });
}
