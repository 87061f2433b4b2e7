import {
  disconnectRequest,
  retrySyncRequest,
  saveConnectionRequest,
  testConnectionRequest,
} from '@daybook/http-contract/calendar-connections';
import type { RequestHandler } from 'express';
import {
  mapConnection,
  mapConnectionTest,
  mapPlan,
  mapSyncWork,
  saveToProto,
  testToProto,
} from '../mapping/calendar-connections.ts';
import { required } from '../mapping/instants.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { CalendarSyncClient } from '../upstream/calendar-sync-client.ts';
import { asAskingCalcom, asCommand, asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';
import { syncLedgerHandlers } from './sync-ledger.ts';

/** The contract has no pages here; the service's largest page shows all that a person can look through. */
const workLimit = 200;

function listConnections(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const answer = await calendarSync.call('ListConnections', {}, asRead(response));
    response.json({ items: answer.connections.map(mapConnection) });
  };
}

function listWork(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const answer = await calendarSync.call('ListSyncWork', { limit: workLimit }, asRead(response));
    response.json({ items: answer.work.map(mapSyncWork) });
  };
}

function retryWork(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: retrySyncRequest });
    const command = { appointmentId: body.appointmentId ?? '' };
    const answer = await calendarSync.call('RetrySyncWork', command, asCommand(response));
    response.json({ retried: answer.retried });
  };
}

function testConnection(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: testConnectionRequest });
    const answer = await calendarSync.asking.call('TestConnection', testToProto(body), asAskingCalcom(response));
    response.json(mapConnectionTest(answer));
  };
}

function saveConnection(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: saveConnectionRequest });
    const answer = await calendarSync.asking.call('SaveConnection', saveToProto(body), asAskingCalcom(response));
    response.json(mapConnection(required(answer.connection)));
  };
}

function planConnection(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await calendarSync.asking.call('PlanConnection', { connectionId: id }, asAskingCalcom(response));
    response.json(mapPlan(answer));
  };
}

function startConnection(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await calendarSync.call('StartConnection', { connectionId: id }, asCommand(response));
    response.json(mapConnection(required(answer.connection)));
  };
}

function disconnect(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id, body } = readRequest(request, { id: true, body: disconnectRequest });
    const answer = await calendarSync.call('Disconnect', { connectionId: id, ...body }, asCommand(response));
    response.json(mapConnection(required(answer.connection)));
  };
}

/** The connection to Cal.com: how it stands, setting it up and ending it, what waits, and its ledger. */
export function calendarConnectionHandlers(calendarSync: CalendarSyncClient): RouteHandlers {
  return {
    listCalendarConnections: [listConnections(calendarSync)],
    listSyncWork: [listWork(calendarSync)],
    retrySyncWork: [retryWork(calendarSync)],
    testCalendarConnection: [testConnection(calendarSync)],
    saveCalendarConnection: [saveConnection(calendarSync)],
    planCalendarConnection: [planConnection(calendarSync)],
    startCalendarConnection: [startConnection(calendarSync)],
    disconnectCalendar: [disconnect(calendarSync)],
    ...syncLedgerHandlers(calendarSync),
  };
}
