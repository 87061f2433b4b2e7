import { z } from 'zod';
import { uuid } from './common.ts';
import { appointmentRoutes } from './routes/appointments.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { calendarConnectionRoutes } from './routes/calendar-connections.ts';
import { liveRoutes } from './routes/live.ts';
import { practiceRoutes } from './routes/practice.ts';
import { sessionRoutes } from './routes/session.ts';
import type { Route } from './routes/route.ts';

export type { Route } from './routes/route.ts';

/** Path parameters of every route that has {id}. */
export const idParameters = z.strictObject({ id: uuid });

/** Every route of the public API. The OpenAPI document and the tests that walk all routes are made from this list. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...appointmentRoutes,
  ...availabilityRoutes,
  ...practiceRoutes,
  ...calendarConnectionRoutes,
  ...liveRoutes,
];
