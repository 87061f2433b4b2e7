import { appointmentTypeRequest, listAppointmentTypesQuery } from '@daybook/http-contract/practice';
import type { RequestHandler } from 'express';
import { required } from '../mapping/instants.ts';
import { appointmentTypeToProto, mapAppointmentType } from '../mapping/practice.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead, setVersion } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function listAppointmentTypes(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listAppointmentTypesQuery });
    const question = { includeArchived: query.includeArchived === 'true' };
    const answer = await scheduling.call('ListAppointmentTypes', question, asRead(response));
    response.json({ items: answer.appointmentTypes.map(mapAppointmentType) });
  };
}

function createAppointmentType(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: appointmentTypeRequest });
    const command = { appointmentType: appointmentTypeToProto('', body) };
    const answer = await scheduling.call('CreateAppointmentType', command, asCommand(response));
    const shown = mapAppointmentType(required(answer.appointmentType));
    setVersion(response, shown.version);
    response.status(201).setHeader('Location', `/api/appointment-types/${shown.id}`);
    response.json(shown);
  };
}

function updateAppointmentType(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body, expectedVersion } = readRequest(request, { id: true, body: appointmentTypeRequest });
    const command = { appointmentType: appointmentTypeToProto(id, body), expectedVersion };
    const answer = await scheduling.call('UpdateAppointmentType', command, asCommand(response));
    const shown = mapAppointmentType(required(answer.appointmentType));
    setVersion(response, shown.version);
    response.json(shown);
  };
}

/** What can be booked. */
export function appointmentTypeHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    listAppointmentTypes: [listAppointmentTypes(scheduling)],
    createAppointmentType: [createAppointmentType(scheduling)],
    updateAppointmentType: [updateAppointmentType(scheduling)],
  };
}
