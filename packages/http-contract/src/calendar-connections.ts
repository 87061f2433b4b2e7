import { z } from 'zod';
import { syncState } from './appointments.ts';
import { instant, uuid } from './common.ts';

/** How the practice's connection to Cal.com stands. */
export const calendarConnection = z
  .object({
    id: uuid.optional(),
    target: z.literal('calcom'),
    state: z.enum(['off', 'connected', 'unreachable', 'needs_attention']),
    baseUrl: z.string().optional(),
    accountName: z.string().optional(),
    message: z.string().optional().meta({ description: 'In words: what is wrong and what to do.' }),
    lastSuccessAt: instant.optional(),
    pending: z.int(),
    parked: z.int(),
    oldestPendingSeconds: z.number(),
  })
  .meta({ id: 'CalendarConnection' });

/** Answer of GET /api/calendar-connections. */
export const calendarConnectionList = z
  .object({ items: z.array(calendarConnection) })
  .meta({ id: 'CalendarConnectionList' });

/** One row that is not in step. */
export const syncWork = z
  .object({
    appointmentId: uuid.optional().meta({ description: 'Absent for availability.' }),
    state: syncState,
    attempts: z.int(),
    lastError: z.string().optional(),
    nextAttemptAt: instant.optional(),
  })
  .meta({ id: 'SyncWork' });

/** Answer of GET /api/calendar-connections/work. */
export const syncWorkList = z.object({ items: z.array(syncWork) }).meta({ id: 'SyncWorkList' });

/** Body of POST /api/calendar-connections/retry. */
export const retrySyncRequest = z.strictObject({ appointmentId: uuid.optional() }).meta({ id: 'RetrySyncRequest' });

/** Answer of POST /api/calendar-connections/retry. */
export const retrySyncResponse = z.object({ retried: z.int() }).meta({ id: 'RetrySyncResponse' });

/** How the connection stands. */
export type CalendarConnection = z.output<typeof calendarConnection>;
/** One row that is not in step. */
export type SyncWork = z.output<typeof syncWork>;
