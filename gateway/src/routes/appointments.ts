import {
  bookAppointmentRequest,
  cancelAppointmentQuery,
  listAppointmentsQuery,
  recordAttendanceRequest,
  rescheduleAppointmentRequest,
  updateAppointmentRequest,
} from '@daybook/http-contract/appointments';
import type { Appointment__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Appointment';
import type { RequestHandler, Response } from 'express';
import {
  attendanceToProto,
  bookToProto,
  listAppointmentsToProto,
  mapAppointment,
  mapAppointmentDetails,
  updateToProto,
} from '../mapping/appointments.ts';
import { instantToProto, optionalText, required } from '../mapping/instants.ts';
import { readRequest, requireRange } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead, setVersion } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function sendAppointment(response: Response, appointment: Appointment__Output | null): void {
  const shown = mapAppointment(required(appointment));
  setVersion(response, shown.version);
  response.json(shown);
}

function bookAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { body, idempotencyKey } = readRequest(request, { body: bookAppointmentRequest });
    const answer = await scheduling.call('BookAppointment', bookToProto(body, idempotencyKey), asCommand(response));
    response.status(201).setHeader('Location', `/api/appointments/${required(answer.appointment).id}`);
    sendAppointment(response, answer.appointment);
  };
}

function listAppointments(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listAppointmentsQuery });
    requireRange(query);
    const answer = await scheduling.call('ListAppointments', listAppointmentsToProto(query), asRead(response));
    response.json({
      items: answer.appointments.map(mapAppointment),
      ...optionalText('nextCursor', answer.nextCursor),
    });
  };
}

function getAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await scheduling.call('GetAppointment', { id }, asRead(response));
    const shown = mapAppointmentDetails(answer);
    setVersion(response, shown.version);
    response.json(shown);
  };
}

function updateAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body, expectedVersion, idempotencyKey } = readRequest(request, {
      id: true,
      body: updateAppointmentRequest,
    });
    const command = updateToProto(id, body, expectedVersion, idempotencyKey);
    const answer = await scheduling.call('UpdateAppointment', command, asCommand(response));
    sendAppointment(response, answer.appointment);
  };
}

function rescheduleAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body, expectedVersion, idempotencyKey } = readRequest(request, {
      id: true,
      body: rescheduleAppointmentRequest,
    });
    const answer = await scheduling.call(
      'RescheduleAppointment',
      {
        id,
        start: instantToProto(body.start),
        reason: body.reason ?? '',
        override: body.override ?? false,
        expectedVersion,
        idempotencyKey,
      },
      asCommand(response),
    );
    sendAppointment(response, answer.appointment);
  };
}

function cancelAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, query, expectedVersion } = readRequest(request, { id: true, query: cancelAppointmentQuery });
    const command = { id, reason: query.reason ?? '', expectedVersion };
    const answer = await scheduling.call('CancelAppointment', command, asCommand(response));
    sendAppointment(response, answer.appointment);
  };
}

function recordAttendance(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body, expectedVersion } = readRequest(request, { id: true, body: recordAttendanceRequest });
    const command = { id, attendance: attendanceToProto[body.attendance], expectedVersion };
    const answer = await scheduling.call('RecordAttendance', command, asCommand(response));
    sendAppointment(response, answer.appointment);
  };
}

function restoreAppointment(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, expectedVersion } = readRequest(request, { id: true });
    const answer = await scheduling.call('RestoreAppointment', { id, expectedVersion }, asCommand(response));
    sendAppointment(response, answer.appointment);
  };
}

/** Book, list, show, change, move, cancel and take that back, record attendance. */
export function appointmentHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    bookAppointment: [bookAppointment(scheduling)],
    listAppointments: [listAppointments(scheduling)],
    getAppointment: [getAppointment(scheduling)],
    updateAppointment: [updateAppointment(scheduling)],
    rescheduleAppointment: [rescheduleAppointment(scheduling)],
    cancelAppointment: [cancelAppointment(scheduling)],
    recordAttendance: [recordAttendance(scheduling)],
    restoreAppointment: [restoreAppointment(scheduling)],
  };
}
