import { z } from 'zod';
import { uuid } from './common.ts';

/**
 * A message of GET /api/live (server-sent events, event name `change`): a hint, never state. The receiver reads the truth
 * by HTTP. Other events carry an empty object, because a browser drops an event without data: `resync` means read everything
 * again, `degraded` and `restored` that hints stop and come again, `goodbye` precedes a planned close.
 */
export const liveChange = z
  .object({
    kind: z.enum([
      'appointment',
      'availability',
      'appointment_type',
      'block',
      'customer',
      'practice',
      'sync',
      'connection',
    ]),
    id: uuid.optional(),
    version: z.int().optional(),
  })
  .meta({ id: 'LiveChange' });

/** A hint that something changed. */
export type LiveChange = z.output<typeof liveChange>;
