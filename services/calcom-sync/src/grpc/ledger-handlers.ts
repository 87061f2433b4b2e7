import type { GetLedgerEntryRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/GetLedgerEntryRequest';
import type { GetLedgerEntryResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/GetLedgerEntryResponse';
import type { ListLedgerRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListLedgerRequest';
import type { ListLedgerResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListLedgerResponse';
import type { ListSweepsRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSweepsRequest';
import type { ListSweepsResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSweepsResponse';
import type { ListSyncWorkRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSyncWorkRequest';
import type { ListSyncWorkResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSyncWorkResponse';
import type { ResolveDifferenceRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ResolveDifferenceRequest';
import type { ResolveDifferenceResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ResolveDifferenceResponse';
import type { RetrySyncWorkRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/RetrySyncWorkRequest';
import type { RetrySyncWorkResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/RetrySyncWorkResponse';
import type { StartSweepRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/StartSweepRequest';
import type { StartSweepResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/StartSweepResponse';
import { ValidationError } from '@daybook/runtime/errors';
import { unary, type CallContext } from '@daybook/runtime/grpc-server';
import type { Database } from '@daybook/runtime/postgres';
import { readLedger, readLedgerEntry, readLedgerLine } from '../connections/read-ledger.ts';
import type { LinkState } from '../domain/connection.ts';
import { resolveDifference, type Resolution } from '../engine/resolve-difference.ts';
import { listSweeps, startSweep } from '../engine/sweeps.ts';
import { listSyncWork, retrySyncWork } from '../engine/sync-work.ts';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import { readLimit, readUuid, requireManager } from './callers.ts';
import { toAttemptMessage, toEntryMessage, toSummaryMessage, toSweepMessage } from './ledger-mapping.ts';
import { toWorkMessage } from './mapping.ts';

const sweepBounds = { byDefault: 10, most: 50 };

const stateOf: Readonly<Record<string, LinkState>> = {
  SYNC_STATE_WAITING: 'waiting',
  SYNC_STATE_IN_STEP: 'in_step',
  SYNC_STATE_FAILED: 'failed',
  SYNC_STATE_DIFFERENT: 'different',
};

/** The rpcs about what is in step and what is not: the ledger, trying again, deciding, comparing. */
export function createLedgerHandlers(database: Database, apply: ApplyExternalChange) {
  return {
    ListSyncWork: unary(async (request: ListSyncWorkRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const rows = await listSyncWork(database, organizationId, readLimit(request.limit));
      const response: ListSyncWorkResponse = { work: rows.map(toWorkMessage) };
      return response;
    }),
    RetrySyncWork: unary(async (request: RetrySyncWorkRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const appointmentId = request.appointmentId === '' ? '' : readUuid(request.appointmentId, '/appointmentId');
      const response: RetrySyncWorkResponse = { retried: await retrySyncWork(database, organizationId, appointmentId) };
      return response;
    }),
    ListLedger: unary(async (request: ListLedgerRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const limit = readLimit(request.limit);
      // Rows are kept for appointments only while a calendar is wanted, so that none is off.
      const states = request.states.flatMap((state) => stateOf[state] ?? []);
      if (request.states.length > 0 && states.length === 0) {
        const { counts } = await readLedger(database, { organizationId, states: [], limit: 1, cursor: '' });
        const empty: ListLedgerResponse = { entries: [], nextCursor: '', counts };
        return empty;
      }
      const page = await readLedger(database, { organizationId, states, limit, cursor: request.cursor });
      const { lines, nextCursor, counts } = page;
      const response: ListLedgerResponse = { entries: lines.map(toEntryMessage), nextCursor, counts };
      return response;
    }),
    GetLedgerEntry: unary(async (request: GetLedgerEntryRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const appointmentId = readUuid(request.appointmentId, '/appointmentId');
      const { line, attempts } = await readLedgerEntry(database, organizationId, appointmentId);
      const response: GetLedgerEntryResponse = {
        entry: toEntryMessage(line),
        attempts: attempts.map(toAttemptMessage),
        externalUids: line.uids,
      };
      return response;
    }),
    ResolveDifference: unary(async (request: ResolveDifferenceRequest__Output, call: CallContext) => {
      const actor = requireManager(call);
      const appointmentId = readUuid(request.appointmentId, '/appointmentId');
      const before = (await readLedgerEntry(database, actor.organizationId, appointmentId)).line;
      await resolveDifference({ database, apply })(actor, appointmentId, readResolution(request.resolution));
      // A booking that was never taken in has no line once it is decided: its last standing is answered.
      const line = (await readLedgerLine(database, actor.organizationId, appointmentId)) ?? before;
      const response: ResolveDifferenceResponse = { entry: toEntryMessage(line) };
      return response;
    }),
    StartSweep: unary(async (request: StartSweepRequest__Output, call: CallContext) => {
      const actor = requireManager(call);
      const sweep = await startSweep({ database })(actor, readUuid(request.connectionId, '/connectionId'));
      const response: StartSweepResponse = { sweep: toSummaryMessage(sweep) };
      return response;
    }),
    ListSweeps: unary(async (request: ListSweepsRequest__Output, call: CallContext) => {
      const actor = requireManager(call);
      const sweeps = await listSweeps({ database })(actor, readLimit(request.limit, sweepBounds));
      const response: ListSweepsResponse = { sweeps: sweeps.map(toSweepMessage) };
      return response;
    }),
  };
}

function readResolution(resolution: ResolveDifferenceRequest__Output['resolution']): Resolution {
  if (resolution === 'RESOLUTION_ACCEPT_THEIRS') return 'accept_theirs';
  if (resolution === 'RESOLUTION_RESTORE_OURS') return 'restore_ours';
  throw new ValidationError([{ pointer: '/resolution', message: 'must be accept_theirs or restore_ours' }]);
}
