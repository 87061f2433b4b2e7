import type { Appointment, AppointmentDetails, AppointmentPage } from '@daybook/http-contract/appointments';
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import { keys } from './query-keys.ts';

type Cached = AppointmentPage | AppointmentDetails | InfiniteData<AppointmentPage> | undefined;
type Snapshot = [QueryKey, Cached][];

/** Changes one appointment wherever the app holds it. */
export function patchAppointment(client: QueryClient, id: string, change: (before: Appointment) => Appointment): void {
  client.setQueriesData<Cached>({ queryKey: keys.appointments }, (cached) => patch(cached, id, change));
}

/**
 * Shows a change before the gateway has agreed. Answers the function that takes it back.
 * Reading in flight is stopped first, or it would put the old state over the new one.
 */
export async function patchOptimistically(
  client: QueryClient,
  id: string,
  change: (before: Appointment) => Appointment,
): Promise<() => void> {
  await client.cancelQueries({ queryKey: keys.appointments });
  const before: Snapshot = client.getQueriesData<Cached>({ queryKey: keys.appointments });
  patchAppointment(client, id, change);
  return () => {
    for (const [key, cached] of before) client.setQueryData(key, cached);
  };
}

/** An appointment as the app holds it somewhere; undefined when it holds it nowhere. */
export function findAppointment(client: QueryClient, id: string): Appointment | undefined {
  for (const [, cached] of client.getQueriesData<Cached>({ queryKey: keys.appointments })) {
    if (cached === undefined) continue;
    const items =
      'pages' in cached ? cached.pages.flatMap((page) => page.items) : 'items' in cached ? cached.items : [cached];
    const found = items.find((item) => item.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function patch(cached: Cached, id: string, change: (before: Appointment) => Appointment): Cached {
  if (cached === undefined) return cached;
  const patchItems = (items: Appointment[]) => items.map((item) => (item.id === id ? change(item) : item));
  if ('pages' in cached)
    return { ...cached, pages: cached.pages.map((page) => ({ ...page, items: patchItems(page.items) })) };
  if ('items' in cached) return { ...cached, items: patchItems(cached.items) };
  return cached.id === id ? { ...change(cached), history: cached.history } : cached;
}
