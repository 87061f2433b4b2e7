import { retrySyncRequest } from '@daybook/http-contract/calendar-connections';
import type { RequestHandler } from 'express';
import { mapConnection, mapSyncWork } from '../mapping/calendar-connections.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { CalendarSyncClient } from '../upstream/calendar-sync-client.ts';
import { asCommand, asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

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

/** How the connection to Cal.com stands, what waits, and trying again. */
export function calendarConnectionHandlers(calendarSync: CalendarSyncClient): RouteHandlers {
  return {
    listCalendarConnections: [listConnections(calendarSync)],
    listSyncWork: [listWork(calendarSync)],
    retrySyncWork: [retryWork(calendarSync)],
  };
}
