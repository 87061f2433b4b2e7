import { CalendarSyncServiceClient } from '@daybook/protos/packages';
import type { CalendarSyncServiceDefinition } from '@daybook/protos/gen/daybook/calendarsync/v1/CalendarSyncService';
import type { ReceiveWebhookRequest } from '@daybook/protos/gen/daybook/calendarsync/v1/ReceiveWebhookRequest';
import type { Secret } from '@daybook/runtime/config';
import { DomainError } from '@daybook/runtime/errors';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { createGrpcClient } from '@daybook/runtime/grpc-client';
import { createUpstream, readDeadlineMs } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** How long a person may wait for what asks Cal.com itself, in milliseconds. */
export const askingCalcomMs = 25_000;

/** Calls of the calendar sync service. */
export type CalendarSyncClient = Upstream<CalendarSyncServiceDefinition> & {
  /** For the calls that ask Cal.com before they answer: a slow Cal.com must not open the breaker of the others. */
  asking: Pick<Upstream<CalendarSyncServiceDefinition>, 'call'>;
  /** Hands a webhook on in the gateway's own name. @throws DomainError WEBHOOK_REFUSED as the service raised it */
  receiveWebhook(webhook: ReceiveWebhookRequest): Promise<void>;
};

/**
 * A client of the calendar sync service at host:port. `serviceToken` is the gateway's own secret towards it; without one
 * no webhook is taken.
 */
export function createCalendarSyncClient(options: {
  address: string;
  serviceToken: Secret | undefined;
  lifecycle: Lifecycle;
}): CalendarSyncClient {
  const { address, serviceToken, lifecycle } = options;
  const client = createGrpcClient({ constructor: CalendarSyncServiceClient, address, lifecycle });
  const upstream = createUpstream<CalendarSyncServiceDefinition>('calcom-sync', client);
  const asking = createUpstream<CalendarSyncServiceDefinition>('calcom-sync asking', client, askingCalcomMs);
  lifecycle.onShutdown('pools', 'calendar sync breakers', async () => {
    upstream.shutdown();
    asking.shutdown();
  });
  return {
    ...upstream,
    asking,
    receiveWebhook: async (webhook) => {
      if (!serviceToken) throw new DomainError('unauthenticated', 'WEBHOOK_REFUSED', 'Webhooks are not taken here.');
      const serviceCredential = { name: 'gateway', secret: serviceToken };
      await upstream.call('ReceiveWebhook', webhook, { deadlineMs: readDeadlineMs, serviceCredential });
    },
  };
}
