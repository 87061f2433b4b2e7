import { listSlotsQuery } from '@daybook/http-contract/appointments';
import { listSlotsToProto, mapSlots } from '../mapping/appointments.ts';
import { readRequest, requireRange } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

/** Bookable starts. */
export function slotHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    listSlots: [
      async (request, response) => {
        const { query } = readRequest(request, { query: listSlotsQuery });
        requireRange(query);
        response.json(mapSlots(await scheduling.call('ListSlots', listSlotsToProto(query), asRead(response))));
      },
    ],
  };
}
