import { z } from 'zod';
import {
  availabilityQuery,
  previewAvailabilityRequest,
  replaceAvailabilityRequest,
} from '@daybook/http-contract/availability';
import { uuid } from '@daybook/http-contract/common';
import { ValidationError } from '@daybook/runtime/errors';
import type { RequestHandler } from 'express';
import { mapAppointment } from '../mapping/appointments.ts';
import { mapAvailability, mapInterval, rulesToProto } from '../mapping/availability.ts';
import { instantToProto, optionalInstantToProto, required } from '../mapping/instants.ts';
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
    const command = { ...rulesToProto(body), providerId: query.providerId ?? '', expectedVersion };
    const answer = await scheduling.call('ReplaceAvailability', command, asCommand(response));
    // The command answers the rules alone; free and open time are asked by range (GET).
    const shown = mapAvailability(required(answer.availability), [], []);
    setVersion(response, shown.version);
    response.json({ ...shown, outsideNewHours: answer.outsideNewHours.map(mapAppointment) });
  };
}

function previewAvailability(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query, body } = readRequest(request, { query: providerQuery, body: previewAvailabilityRequest });
    if (Date.parse(body.to) <= Date.parse(body.from)) {
      throw new ValidationError([{ pointer: '/to', message: 'must be after from' }]);
    }
    const question = {
      ...rulesToProto(body),
      providerId: query.providerId ?? '',
      from: instantToProto(body.from),
      to: instantToProto(body.to),
    };
    const answer = await scheduling.call('PreviewAvailability', question, asRead(response));
    response.json({
      opens: answer.opens.map(mapInterval),
      closes: answer.closes.map(mapInterval),
      outsideNewHours: answer.outsideNewHours.map(mapAppointment),
    });
  };
}

/** Weekly hours, overrides and free time. */
export function availabilityHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    getAvailability: [getAvailability(scheduling)],
    replaceAvailability: [replaceAvailability(scheduling)],
    previewAvailability: [previewAvailability(scheduling)],
  };
}
