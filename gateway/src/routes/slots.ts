import { listClosedTimesQuery, listSlotsQuery } from '@daybook/http-contract/appointments';
import type { RequestHandler } from 'express';
import { listClosedTimesToProto, listSlotsToProto, mapClosedTime, mapSlots } from '../mapping/slots.ts';
import { readRequest, requireRange } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function listSlots(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listSlotsQuery });
    requireRange(query);
    response.json(mapSlots(await scheduling.call('ListSlots', listSlotsToProto(query), asRead(response))));
  };
}

function listClosedTimes(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listClosedTimesQuery });
    requireRange(query);
    const answer = await scheduling.call('ListClosedTimes', listClosedTimesToProto(query), asRead(response));
    response.json({ items: answer.closed.map(mapClosedTime), timeZone: answer.timeZone });
  };
}

/** Bookable starts, and why other times are closed. */
export function slotHandlers(scheduling: SchedulingClient): RouteHandlers {
  return { listSlots: [listSlots(scheduling)], listClosedTimes: [listClosedTimes(scheduling)] };
}
