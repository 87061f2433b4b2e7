import type { ConnectionContext } from '../connections/connection-context.ts';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import { createConnectionHandlers } from './connection-handlers.ts';
import { createLedgerHandlers } from './ledger-handlers.ts';

/** The rpcs of CalendarSyncService: for an owner or admin, about the caller's organisation only; webhooks by the gateway. */
export function createHandlers(context: ConnectionContext, apply: ApplyExternalChange) {
  return { ...createConnectionHandlers(context), ...createLedgerHandlers(context.database, apply) };
}
