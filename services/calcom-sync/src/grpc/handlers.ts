import type { ListConnectionsRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListConnectionsRequest';
import type { ListConnectionsResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListConnectionsResponse';
import type { ListSyncWorkRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSyncWorkRequest';
import type { ListSyncWorkResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListSyncWorkResponse';
import type { RetrySyncWorkRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/RetrySyncWorkRequest';
import type { RetrySyncWorkResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/RetrySyncWorkResponse';
import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { unary, type CallContext } from '@daybook/runtime/grpc-server';
import type { Database } from '@daybook/runtime/postgres';
import { listConnections, listSyncWork, retrySyncWork } from '../engine/sync-work.ts';
import { offConnection, toConnectionMessage, toWorkMessage } from './mapping.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The rpcs of CalendarSyncService: every one for an owner or admin, and about the caller's organisation only. */
export function createHandlers(database: Database) {
  return {
    ListConnections: unary(async (_request: ListConnectionsRequest__Output, call: CallContext) => {
      const organizationId = requireManager(call);
      const connections = await listConnections(database, organizationId);
      const response: ListConnectionsResponse = {
        connections: connections.length > 0 ? connections.map(toConnectionMessage) : [offConnection(organizationId)],
      };
      return response;
    }),
    ListSyncWork: unary(async (request: ListSyncWorkRequest__Output, call: CallContext) => {
      const organizationId = requireManager(call);
      const rows = await listSyncWork(database, organizationId, limitOf(request.limit));
      const response: ListSyncWorkResponse = { work: rows.map(toWorkMessage) };
      return response;
    }),
    RetrySyncWork: unary(async (request: RetrySyncWorkRequest__Output, call: CallContext) => {
      const organizationId = requireManager(call);
      const { appointmentId } = request;
      if (appointmentId !== '' && !uuidPattern.test(appointmentId)) {
        throw new ValidationError([{ pointer: '/appointmentId', message: 'must be a UUID' }]);
      }
      const retried = await retrySyncWork(database, organizationId, appointmentId.toLowerCase());
      const response: RetrySyncWorkResponse = { retried };
      return response;
    }),
  };
}

/** The organisation of a caller who runs the practice. */
function requireManager(call: CallContext): string {
  const user = call.requireUser();
  if (user.roles.includes('owner') || user.roles.includes('admin')) return user.organizationId;
  throw new DomainError('forbidden', 'NOT_PERMITTED', 'Only the owner or an admin may see the calendar connection.');
}

function limitOf(limit: number): number {
  if (limit === 0) return DEFAULT_LIMIT;
  if (limit > 0 && limit <= MAX_LIMIT) return limit;
  throw new ValidationError([{ pointer: '/limit', message: `must be from 1 to ${MAX_LIMIT}` }]);
}
