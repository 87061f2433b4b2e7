import { CalendarSyncServiceClient } from '@daybook/protos/packages';
import type { CalendarSyncServiceDefinition } from '@daybook/protos/gen/daybook/calendarsync/v1/CalendarSyncService';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { createGrpcClient } from '@daybook/runtime/grpc-client';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** Calls of the calendar sync service. */
export type CalendarSyncClient = Upstream<CalendarSyncServiceDefinition>;

/** A client of the calendar sync service at host:port. */
export function createCalendarSyncClient(options: { address: string; lifecycle: Lifecycle }): CalendarSyncClient {
  const client = createGrpcClient({ constructor: CalendarSyncServiceClient, ...options });
  const upstream = createUpstream<CalendarSyncServiceDefinition>('calcom-sync', client);
  options.lifecycle.onShutdown('pools', 'calendar sync breaker', async () => upstream.shutdown());
  return upstream;
}
