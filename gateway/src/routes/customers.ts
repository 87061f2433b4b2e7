import { customerRequest, listCustomersQuery, mergeCustomersRequest } from '@daybook/http-contract/practice';
import type { RequestHandler } from 'express';
import { mapAppointmentDetails } from '../mapping/appointments.ts';
import { customerRequestToProto, mapCustomer, mapCustomerSummary } from '../mapping/customers.ts';
import { optionalText, required } from '../mapping/instants.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead, setVersion } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function listCustomers(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listCustomersQuery });
    const question = { query: query.q ?? '', limit: query.limit ?? 0, cursor: query.cursor ?? '' };
    const answer = await scheduling.call('ListCustomers', question, asRead(response));
    const items = answer.customers.map((customer, index) => ({
      ...mapCustomer(customer),
      summary: mapCustomerSummary(required(answer.summaries[index])),
    }));
    response.json({ items, ...optionalText('nextCursor', answer.nextCursor) });
  };
}

function createCustomer(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: customerRequest });
    const answer = await scheduling.call('CreateCustomer', customerRequestToProto(body), asCommand(response));
    const shown = mapCustomer(required(answer.customer));
    setVersion(response, shown.version);
    response.status(201).setHeader('Location', `/api/customers/${shown.id}`);
    response.json(shown);
  };
}

function getCustomer(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await scheduling.call('GetCustomer', { id }, asRead(response));
    const shown = mapCustomer(required(answer.customer));
    setVersion(response, shown.version);
    response.json({
      ...shown,
      summary: mapCustomerSummary(required(answer.summary)),
      possibleDuplicates: answer.possibleDuplicates.map(mapCustomer),
    });
  };
}

function updateCustomer(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body, expectedVersion } = readRequest(request, { id: true, body: customerRequest });
    const command = { id, ...customerRequestToProto(body), expectedVersion };
    const answer = await scheduling.call('UpdateCustomer', command, asCommand(response));
    const shown = mapCustomer(required(answer.customer));
    setVersion(response, shown.version);
    response.json(shown);
  };
}

function mergeCustomers(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body } = readRequest(request, { id: true, body: mergeCustomersRequest });
    const command = { keepId: id, mergeId: body.mergeId };
    const answer = await scheduling.call('MergeCustomers', command, asCommand(response));
    const customer = mapCustomer(required(answer.customer));
    response.json({ customer, movedAppointments: answer.movedAppointments });
  };
}

function exportCustomer(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await scheduling.call('ExportCustomer', { id }, asRead(response));
    response.setHeader('Content-Disposition', `attachment; filename="customer-${id}.json"`);
    response.json({
      customer: mapCustomer(required(answer.customer)),
      appointments: answer.appointments.map(mapAppointmentDetails),
    });
  };
}

function eraseCustomer(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const { erasedAppointments } = await scheduling.call('EraseCustomer', { id }, asCommand(response));
    response.json({ erasedAppointments });
  };
}

/** List, add, show, change, join, export and erase customers. */
export function customerHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    listCustomers: [listCustomers(scheduling)],
    createCustomer: [createCustomer(scheduling)],
    getCustomer: [getCustomer(scheduling)],
    updateCustomer: [updateCustomer(scheduling)],
    mergeCustomers: [mergeCustomers(scheduling)],
    exportCustomer: [exportCustomer(scheduling)],
    eraseCustomer: [eraseCustomer(scheduling)],
  };
}
