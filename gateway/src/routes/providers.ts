import { mapProvider } from '../mapping/practice.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

/** Whose time can be booked. */
export function providerHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    listProviders: [
      async (request, response) => {
        readRequest(request, {});
        const answer = await scheduling.call('ListProviders', {}, asRead(response));
        response.json({ items: answer.providers.map(mapProvider) });
      },
    ],
  };
}
