import { createHash } from 'node:crypto';
import { AuthServiceClient, SchedulingServiceClient, calendarSyncService } from '@daybook/protos/packages';
import { startAdminServer } from '@daybook/runtime/admin-server';
import type { Secret } from '@daybook/runtime/config';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { startGrpcServer } from '@daybook/runtime/grpc-server';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { migrationsApplied } from '@daybook/runtime/migrations';
import { connectNats, type NatsHandle } from '@daybook/runtime/nats';
import { startOutboxRelay } from '@daybook/runtime/outbox-relay';
import { listen, openDatabase, query, type Database } from '@daybook/runtime/postgres';
import { createTokenVerifier } from '@daybook/runtime/tokens';
import type { Config } from './config.ts';
import { startChangesBackstop, type ListChanges } from './consumers/changes-backstop.ts';
import { startSchedulingConsumer } from './consumers/scheduling-events.ts';
import { WORK_CHANNEL } from './db/change-cursor-repository.ts';
import { onceSchemaIsThere } from './db/wait-for-schema.ts';
import type { RecordOptions } from './engine/desired-state.ts';
import { registerWorkGauges } from './engine/metrics.ts';
import { runConnections, type EnvironmentConnection } from './engine/run-connections.ts';
import { calendarSyncStream } from './events/calendar-sync-events.ts';
import type { ApplyExternalChange } from './inbound/scheduling-port.ts';
import { createHandlers } from './grpc/handlers.ts';
import { refuseAddress } from './targets/calcom/base-url.ts';
import { openCalcomTarget } from './targets/calcom/open-target.ts';

const RPC_DEADLINE_MS = 5000;

/** Puts the whole service together; everything registers its own end with the lifecycle. */
export async function startCalcomSync(
  config: Config,
  context: { logger: Logger; lifecycle: Lifecycle; migrationsDirectory: string },
): Promise<{ grpcPort: number; adminPort: number }> {
  const { logger, lifecycle, migrationsDirectory } = context;
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'calcom-sync', logger });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  const nats = connectNats({ url: config.NATS_URL, name: 'calcom-sync', logger, lifecycle });
  // Events, workers and gauges need the tables. The servers do not: probes and callers shall learn what is missing.
  onceSchemaIsThere({
    database,
    migrationsDirectory,
    logger,
    lifecycle,
    start: () => startSyncing(config, { database, nats, logger, lifecycle }),
  });

  const { port: grpcPort } = await startGrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    logger,
    lifecycle,
    services: [{ definition: calendarSyncService, implementation: createHandlers(database) }],
    authenticate: { verifier: createVerifier(config, lifecycle), serviceTokens: config.SERVICE_TOKENS },
  });
  const { port: adminPort } = await startAdminServer({
    host: config.HOST,
    port: config.ADMIN_PORT,
    lifecycle,
    logger,
    readiness: {
      database: () => answers(database),
      migrations: () => migrationsApplied(database, migrationsDirectory),
    },
  });
  logger.info({ grpcPort, adminPort }, 'listening');
  return { grpcPort, adminPort };
}

/** Starts what reads events and what pushes. */
function startSyncing(
  config: Config,
  { database, nats, logger, lifecycle }: { database: Database; nats: NatsHandle; logger: Logger; lifecycle: Lifecycle },
): void {
  registerWorkGauges(database);
  const schedulingClient = createGrpcClient({
    constructor: SchedulingServiceClient,
    address: config.SCHEDULING_ADDRESS,
    lifecycle,
  });

  const connections = runConnections({
    database,
    logger,
    lifecycle,
    environment: environmentConnection(config, logger),
    worker: {
      leaseMs: config.LEASE_MS,
      callMs: config.CALCOM_TIMEOUT_MS,
      settledAfterMs: config.CALCOM_TIMEOUT_MS + (config.CALCOM_SETTLE_MS ?? config.CALCOM_TIMEOUT_MS),
      attentionProbeMs: config.ATTENTION_PROBE_MS,
      inbound: {
        apply: externalChanges(schedulingClient, config),
        pollMs: config.INBOUND_POLL_MS,
        sweepHour: config.SWEEP_HOUR,
        sweepDays: config.SWEEP_DAYS,
      },
    },
  });
  const wake = (): void => connections.wake();
  listen({ url: config.DATABASE_URL, channel: WORK_CHANNEL, onNotify: wake, logger, lifecycle });
  listen({ url: config.DATABASE_URL, channel: 'inbound_webhooks', onNotify: wake, logger, lifecycle });

  const record: RecordOptions = {
    coalesceMs: config.COALESCE_MS,
    environmentOrganization: config.CALCOM_ORGANIZATION_ID,
    now: Date.now,
  };
  startSchedulingConsumer({ nats, database, logger, lifecycle, record, onRecorded: wake });
  startChangesBackstop({
    database,
    listChanges: schedulingChanges(schedulingClient, config),
    onBrokerConnected: (listener) => nats.onConnected(listener),
    record,
    pollMs: config.CHANGES_POLL_MS,
    onRecorded: wake,
    logger,
    lifecycle,
  });
  const { DATABASE_URL: databaseUrl } = config;
  startOutboxRelay({ database, databaseUrl, nats, stream: calendarSyncStream, logger, lifecycle });
}

async function answers(database: Database): Promise<boolean> {
  await query(database, { text: 'SELECT 1' });
  return true;
}

function environmentConnection(config: Config, logger: Logger): EnvironmentConnection | undefined {
  const { CALCOM_API_URL: baseUrl, CALCOM_API_KEY: apiKey } = config;
  if (!baseUrl || !apiKey) return undefined;
  const allowedHosts = config.CALCOM_ALLOWED_HOSTS.split(',').map((host) => host.trim());
  const refusal = refuseAddress(baseUrl, { trustedUrl: baseUrl, allowedHosts });
  if (refusal) {
    logger.error({ refusal }, 'CALCOM_API_URL cannot be used; nothing is pushed');
    return undefined;
  }
  const attendees = { mode: config.CALCOM_ATTENDEES, placeholderDomain: config.PLACEHOLDER_EMAIL_DOMAIN };
  const access = { baseUrl, apiKey, timeoutMs: config.CALCOM_TIMEOUT_MS, attendees };
  return {
    baseUrl: withoutCredentials(baseUrl),
    keyFingerprint: fingerprint(apiKey),
    organizationId: config.CALCOM_ORGANIZATION_ID,
    openTarget: (beforeCall) => openCalcomTarget(access, beforeCall),
  };
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.toString();
}

/** Tells a new key from the old one without keeping either. */
function fingerprint(key: Secret): string {
  return createHash('sha256').update(`daybook:${key.reveal()}`).digest('hex').slice(0, 16);
}

type SchedulingClient = InstanceType<typeof SchedulingServiceClient>;

function schedulingChanges(client: SchedulingClient, config: Config): ListChanges {
  const serviceCredential = { name: 'calcom-sync', secret: config.SCHEDULING_SERVICE_TOKEN };
  return (afterSequence, limit) =>
    callUnary(client, 'ListChangesSince', { afterSequence, limit }, { deadlineMs: RPC_DEADLINE_MS, serviceCredential });
}

function externalChanges(client: SchedulingClient, config: Config): ApplyExternalChange {
  const serviceCredential = { name: 'calcom-sync', secret: config.SCHEDULING_SERVICE_TOKEN };
  return async (request) => {
    const options = { deadlineMs: RPC_DEADLINE_MS, serviceCredential };
    const { appointment } = await callUnary(client, 'ApplyExternalChange', request, options);
    if (!appointment) throw new Error('scheduling answered without an appointment');
    return appointment;
  };
}

function createVerifier(config: Config, lifecycle: Lifecycle) {
  const client = createGrpcClient({ constructor: AuthServiceClient, address: config.AUTH_ADDRESS, lifecycle });
  return createTokenVerifier({
    keys: async () => {
      const { keys } = await callUnary(client, 'ListSigningKeys', {}, { deadlineMs: RPC_DEADLINE_MS });
      return keys;
    },
  });
}
