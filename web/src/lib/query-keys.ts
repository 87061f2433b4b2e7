import type { QueryClient } from '@tanstack/react-query';
import type { LiveChange } from '@daybook/http-contract/live';

/** First part of every query key, by what it shows. Live updates invalidate by it. */
export const keys = {
  me: ['me'],
  appointments: ['appointments'],
  slots: ['slots'],
  availability: ['availability'],
  blocks: ['blocks'],
  appointmentTypes: ['appointment-types'],
  customers: ['customers'],
  providers: ['providers'],
  connections: ['connections'],
  practice: ['practice'],
  sessions: ['sessions'],
} as const;

/** Something a live change can make stale. */
export type Topic = Exclude<keyof typeof keys, 'me'>;

/** What each kind of change makes stale. Free time and slots are computed from all that takes time. */
export const staleAfter: Readonly<Record<LiveChange['kind'], readonly Topic[]>> = {
  appointment: ['appointments', 'slots', 'availability', 'customers'],
  availability: ['availability', 'slots', 'providers'],
  appointment_type: ['appointmentTypes', 'slots'],
  customer: ['customers', 'appointments'],
  practice: ['practice'],
  block: ['blocks', 'slots', 'availability'],
  sync: ['appointments', 'connections'],
  connection: ['connections'],
};

/**
 * Marks these as stale; what is on the screen is read again. Resolves with the first, which the change itself is about: a dialog that waits
 * for it closes over a screen that shows the change, and is not held up by the times that are free for the next.
 */
export async function invalidate(client: QueryClient, ...topics: Topic[]): Promise<void> {
  const [first] = topics.map((topic) => client.invalidateQueries({ queryKey: keys[topic] }));
  await first;
}
