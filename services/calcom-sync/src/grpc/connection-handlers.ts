import type { DisconnectRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/DisconnectRequest';
import type { DisconnectResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/DisconnectResponse';
import type { ListConnectionsRequest } from '@daybook/protos/gen/daybook/calendarsync/v1/ListConnectionsRequest';
import type { ListConnectionsResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ListConnectionsResponse';
import type { PlanConnectionRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/PlanConnectionRequest';
import type { PlanConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/PlanConnectionResponse';
import type { ReceiveWebhookRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/ReceiveWebhookRequest';
import type { ReceiveWebhookResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/ReceiveWebhookResponse';
import type { SaveConnectionRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/SaveConnectionRequest';
import type { SaveConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/SaveConnectionResponse';
import type { StartConnectionRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/StartConnectionRequest';
import type { StartConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/StartConnectionResponse';
import type { TestConnectionRequest__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/TestConnectionRequest';
import type { TestConnectionResponse } from '@daybook/protos/gen/daybook/calendarsync/v1/TestConnectionResponse';
import { DomainError, ValidationError } from '@daybook/runtime/errors';
import { unary, type CallContext } from '@daybook/runtime/grpc-server';
import type { ConnectionContext } from '../connections/connection-context.ts';
import { showConnections } from '../connections/list-connections.ts';
import { disconnect, saveConnection, startConnection, tryConnection } from '../connections/manage-connections.ts';
import { planConnection } from '../connections/plan-connection.ts';
import { receiveWebhook } from '../connections/receive-webhook.ts';
import { readUuid, requireManager } from './callers.ts';
import { offConnection, toConnectionMessage, toPlanMessage, toTestMessage } from './mapping.ts';

/** More than any address or key. */
const MAX_TYPED = 500;

/** The rpcs that set connections up and end them, and the one that takes webhooks. */
export function createConnectionHandlers(context: ConnectionContext) {
  const { database, sealer } = context;

  async function shown(organizationId: string, connectionId: string) {
    const all = await showConnections(database, organizationId);
    const one = all.find(({ connection }) => connection.id === connectionId);
    return one ? toConnectionMessage(one) : offConnection(organizationId);
  }

  return {
    ListConnections: unary(async (_request: ListConnectionsRequest, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const connections = await showConnections(database, organizationId);
      const response: ListConnectionsResponse = {
        connections: connections.length > 0 ? connections.map(toConnectionMessage) : [offConnection(organizationId)],
      };
      return response;
    }),
    TestConnection: unary(async (request: TestConnectionRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const test = await tryConnection(context, organizationId, readTyped(request));
      const response: TestConnectionResponse = toTestMessage(test);
      return response;
    }),
    SaveConnection: unary(async (request: SaveConnectionRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const real = request.attendeeAddresses === 'ATTENDEE_ADDRESSES_REAL';
      const id = await saveConnection(context, organizationId, {
        ...readTyped(request),
        attendeeAddresses: real ? 'real' : 'placeholder',
        placeholderDomain: request.placeholderDomain.trim().toLowerCase(),
      });
      const response: SaveConnectionResponse = { connection: await shown(organizationId, id) };
      return response;
    }),
    PlanConnection: unary(async (request: PlanConnectionRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const id = readUuid(request.connectionId, '/connectionId');
      const response: PlanConnectionResponse = toPlanMessage(await planConnection(context, organizationId, id));
      return response;
    }),
    StartConnection: unary(async (request: StartConnectionRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const id = readUuid(request.connectionId, '/connectionId');
      await startConnection(context, organizationId, id);
      const response: StartConnectionResponse = { connection: await shown(organizationId, id) };
      return response;
    }),
    Disconnect: unary(async (request: DisconnectRequest__Output, call: CallContext) => {
      const { organizationId } = requireManager(call);
      const id = readUuid(request.connectionId, '/connectionId');
      const { cancelBookings, hideEventTypes } = request;
      await disconnect(context, organizationId, id, { cancelBookings, hideEventTypes });
      const response: DisconnectResponse = { connection: await shown(organizationId, id) };
      return response;
    }),
    ReceiveWebhook: unary(async (request: ReceiveWebhookRequest__Output, call: CallContext) => {
      if (call.requireService().name !== 'gateway') {
        throw new DomainError('forbidden', 'NOT_PERMITTED', 'Only the gateway hands webhooks on.');
      }
      const { connectionId, body, signature } = request;
      await receiveWebhook({ database, sealer }, { connectionId, body, signature });
      const response: ReceiveWebhookResponse = {};
      return response;
    }),
  };
}

/** @throws ValidationError */
function readTyped(request: { baseUrl: string; apiKey: string }): { baseUrl: string; apiKey: string } {
  const baseUrl = request.baseUrl.trim();
  const apiKey = request.apiKey.trim();
  if (baseUrl === '') throw new ValidationError([{ pointer: '/baseUrl', message: 'is required' }]);
  if (baseUrl.length > MAX_TYPED) throw new ValidationError([{ pointer: '/baseUrl', message: 'is too long' }]);
  if (apiKey.length > MAX_TYPED) throw new ValidationError([{ pointer: '/apiKey', message: 'is too long' }]);
  return { baseUrl, apiKey };
}
