import type { AppointmentPage } from '@daybook/http-contract/appointments';
import type { CustomerPage } from '@daybook/http-contract/practice';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { keys } from '../../../lib/query-keys.ts';

const shown = 5;

/** Customers whose name, e-mail or phone fits. */
export function findCustomers(q: string, signal: AbortSignal) {
  return request<CustomerPage>({ method: 'GET', path: '/api/customers', query: { q, limit: shown }, signal });
}

/** Appointments to come, from this instant on, whose customer or notes fit. */
export function findAppointments(q: string, from: string, signal: AbortSignal) {
  const query = { q, from, limit: shown, status: 'scheduled' };
  return request<AppointmentPage>({ method: 'GET', path: '/api/appointments', query, signal });
}

/** What fits some letters; two are needed. */
export function useSearch(q: string, from: string) {
  const text = q.trim();
  const options = { enabled: text.length >= 2, placeholderData: keepPreviousData, staleTime: 10_000 };
  const customers = useQuery({
    ...options,
    queryKey: [...keys.customers, 'palette', text],
    queryFn: ({ signal }) => findCustomers(text, signal),
  });
  const appointments = useQuery({
    ...options,
    queryKey: [...keys.appointments, 'palette', text, from],
    queryFn: ({ signal }) => findAppointments(text, from, signal),
  });
  const asked = text.length >= 2;
  return {
    customers: asked ? (customers.data?.items ?? []) : [],
    appointments: asked ? (appointments.data?.items ?? []) : [],
    isReading: asked && (customers.isFetching || appointments.isFetching),
  };
}
