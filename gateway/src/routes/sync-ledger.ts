import { listLedgerQuery, resolveDifferenceRequest } from '@daybook/http-contract/calendar-connections';
import type { RequestHandler } from 'express';
import { mapLedgerDetails, mapLedgerEntry, mapLedgerPage, mapSweep, mapSweepSummary } from '../mapping/sync-ledger.ts';
import { required } from '../mapping/instants.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { CalendarSyncClient } from '../upstream/calendar-sync-client.ts';
import { asAskingCalcom, asCommand, asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

/** As many comparisons as a person looks through. */
const sweepLimit = 20;

const stateToProto = {
  in_step: 'SYNC_STATE_IN_STEP',
  waiting: 'SYNC_STATE_WAITING',
  failed: 'SYNC_STATE_FAILED',
  different: 'SYNC_STATE_DIFFERENT',
  off: 'SYNC_STATE_OFF',
} as const;

function listLedger(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listLedgerQuery });
    const question = {
      states: (query.state ?? []).map((state) => stateToProto[state]),
      limit: query.limit ?? 0,
      cursor: query.cursor ?? '',
    };
    response.json(mapLedgerPage(await calendarSync.call('ListLedger', question, asRead(response))));
  };
}

function getEntry(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await calendarSync.call('GetLedgerEntry', { appointmentId: id }, asRead(response));
    response.json(mapLedgerDetails(answer));
  };
}

function resolveDifference(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id, body } = readRequest(request, { id: true, body: resolveDifferenceRequest });
    const resolution = body.resolution === 'accept_theirs' ? 'RESOLUTION_ACCEPT_THEIRS' : 'RESOLUTION_RESTORE_OURS';
    const command = { appointmentId: id, resolution } as const;
    const answer = await calendarSync.asking.call('ResolveDifference', command, asAskingCalcom(response));
    response.json(mapLedgerEntry(required(answer.entry)));
  };
}

function startSweep(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    const answer = await calendarSync.call('StartSweep', { connectionId: id }, asCommand(response));
    response.json(mapSweepSummary(required(answer.sweep)));
  };
}

function listSweeps(calendarSync: CalendarSyncClient): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const answer = await calendarSync.call('ListSweeps', { limit: sweepLimit }, asRead(response));
    response.json({ items: answer.sweeps.map(mapSweep) });
  };
}

/** Every appointment's standing with Cal.com, deciding differences, and comparing both sides. */
export function syncLedgerHandlers(calendarSync: CalendarSyncClient): RouteHandlers {
  return {
    listSyncLedger: [listLedger(calendarSync)],
    getSyncLedgerEntry: [getEntry(calendarSync)],
    resolveSyncDifference: [resolveDifference(calendarSync)],
    startSweep: [startSweep(calendarSync)],
    listSweeps: [listSweeps(calendarSync)],
  };
}
