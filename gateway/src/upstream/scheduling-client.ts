import { SchedulingServiceClient } from '@daybook/protos/packages';
import type { SchedulingServiceDefinition } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingService';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { createGrpcClient } from '@daybook/runtime/grpc-client';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** Calls of the scheduling service. */
export type SchedulingClient = Upstream<SchedulingServiceDefinition>;

/** A client of the scheduling service at host:port. */
export function createSchedulingClient(options: { address: string; lifecycle: Lifecycle }): SchedulingClient {
  const client = createGrpcClient({ constructor: SchedulingServiceClient, ...options });
  const upstream = createUpstream<SchedulingServiceDefinition>('scheduling', client);
  options.lifecycle.onShutdown('pools', 'scheduling breaker', async () => upstream.shutdown());
  return upstream;
}
