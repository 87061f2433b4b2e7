import { z } from 'zod';
import { availabilityQuery, replaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { uuid } from '@daybook/http-contract/common';
import type { RequestHandler } from 'express';
import { mapAppointment } from '../mapping/appointments.ts';
import { mapAvailability, replaceAvailabilityToProto } from '../mapping/availability.ts';
import { optionalInstantToProto, required } from '../mapping/instants.ts';
import { readRequest, requireRange } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead, setVersion } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

const providerQuery = z.strictObject({ providerId: uuid.optional() });

function getAvailability(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: availabilityQuery });
    requireRange(query, true);
    const answer = await scheduling.call(
      'GetAvailability',
      {
        providerId: query.providerId ?? '',
        from: optionalInstantToProto(query.from),
        to: optionalInstantToProto(query.to),
      },
      asRead(response),
    );
    const shown = mapAvailability(required(answer.availability), answer.free, answer.open);
    setVersion(response, shown.version);
    response.json(shown);
  };
}

function replaceAvailability(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query, body, expectedVersion } = readRequest(request, {
      query: providerQuery,
      body: replaceAvailabilityRequest,
    });
    const command = replaceAvailabilityToProto(body, query.providerId ?? '', expectedVersion);
    const answer = await scheduling.call('ReplaceAvailability', command, asCommand(response));
    // The command answers the rules alone; free and open time are asked by range (GET).
    const shown = mapAvailability(required(answer.availability), [], []);
    setVersion(response, shown.version);
    response.json({ ...shown, outsideNewHours: answer.outsideNewHours.map(mapAppointment) });
  };
}

/** Weekly hours, overrides and free time. */
export function availabilityHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    getAvailability: [getAvailability(scheduling)],
    replaceAvailability: [replaceAvailability(scheduling)],
  };
}
