import { AuthServiceClient, SchedulingServiceClient, calendarSyncService } from '@daybook/protos/packages';
import { startAdminServer } from '@daybook/runtime/admin-server';
import { callUnary, createGrpcClient } from '@daybook/runtime/grpc-client';
import { startGrpcServer } from '@daybook/runtime/grpc-server';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { migrationsApplied } from '@daybook/runtime/migrations';
import { connectNats, type NatsHandle } from '@daybook/runtime/nats';
import { startOutboxRelay } from '@daybook/runtime/outbox-relay';
import { openDatabase, query, type Database } from '@daybook/runtime/postgres';
import { listen } from '@daybook/runtime/postgres-listen';
import { createTokenVerifier } from '@daybook/runtime/tokens';
import type { Config } from './config.ts';
import type { ConnectionContext } from './connections/connection-context.ts';
import { readConnectionContext, readEnvironmentConnection } from './connections/read-environment.ts';
import { runConnections } from './connections/run-connections.ts';
import { startChangesBackstop, type ListChanges } from './consumers/changes-backstop.ts';
import { startSchedulingConsumer } from './consumers/scheduling-events.ts';
import { WORK_CHANNEL } from './db/change-cursor-repository.ts';
import { CONNECTIONS_CHANNEL } from './db/connection-settings-repository.ts';
import { onceSchemaIsThere } from './db/wait-for-schema.ts';
import type { RecordOptions } from './engine/desired-state.ts';
import { registerWorkGauges } from './engine/metrics.ts';
import { calendarSyncStream } from './events/calendar-sync-events.ts';
import type { ApplyExternalChange } from './inbound/scheduling-port.ts';
import { createHandlers } from './grpc/handlers.ts';

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
  const connections = readConnectionContext(config, database, logger);
  const scheduling = createGrpcClient({
    constructor: SchedulingServiceClient,
    address: config.SCHEDULING_ADDRESS,
    lifecycle,
  });
  // Events, workers and gauges need the tables. The servers do not: probes and callers shall learn what is missing.
  onceSchemaIsThere({
    database,
    migrationsDirectory,
    logger,
    lifecycle,
    start: () => startSyncing(config, { connections, scheduling, nats, lifecycle }),
  });

  const { port: grpcPort } = await startGrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    logger,
    lifecycle,
    services: [
      {
        definition: calendarSyncService,
        implementation: createHandlers(connections, applyThrough(scheduling, config)),
      },
    ],
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
  parts: { connections: ConnectionContext; scheduling: SchedulingClient; nats: NatsHandle; lifecycle: Lifecycle },
): void {
  const { connections: context, scheduling, nats, lifecycle } = parts;
  const { database, logger } = context;
  registerWorkGauges(database);
  const connections = runConnections({
    context,
    lifecycle,
    environment: readEnvironmentConnection(config, context),
    worker: {
      leaseMs: config.LEASE_MS,
      callMs: config.CALCOM_TIMEOUT_MS,
      settledAfterMs: config.CALCOM_TIMEOUT_MS + (config.CALCOM_SETTLE_MS ?? config.CALCOM_TIMEOUT_MS),
      attentionProbeMs: config.ATTENTION_PROBE_MS,
      inbound: {
        apply: applyThrough(scheduling, config),
        pollMs: config.INBOUND_POLL_MS,
        sweepHour: config.SWEEP_HOUR,
        sweepDays: config.SWEEP_DAYS,
      },
    },
  });
  const wake = (): void => connections.wake();
  listen({ url: config.DATABASE_URL, channel: WORK_CHANNEL, onNotify: wake, logger, lifecycle });
  listen({
    url: config.DATABASE_URL,
    channel: CONNECTIONS_CHANNEL,
    onNotify: () => connections.refresh(),
    logger,
    lifecycle,
  });

  const record: RecordOptions = { coalesceMs: config.COALESCE_MS };
  startSchedulingConsumer({ nats, database, logger, lifecycle, record, onRecorded: wake });
  startChangesBackstop({
    database,
    listChanges: schedulingChanges(scheduling, config),
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

type SchedulingClient = InstanceType<typeof SchedulingServiceClient>;

function schedulingChanges(client: SchedulingClient, config: Config): ListChanges {
  const serviceCredential = { name: 'calcom-sync', secret: config.SCHEDULING_SERVICE_TOKEN };
  return (afterSequence, limit) =>
    callUnary(client, 'ListChangesSince', { afterSequence, limit }, { deadlineMs: RPC_DEADLINE_MS, serviceCredential });
}

function applyThrough(client: SchedulingClient, config: Config): ApplyExternalChange {
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
