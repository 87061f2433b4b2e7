import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { schedulingService } from '@daybook/protos/packages';
import { systemClock } from '@daybook/runtime/clock';
import { startGrpcServer } from '@daybook/runtime/grpc-server';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { connectNats } from '@daybook/runtime/nats';
import { startOutboxRelay } from '@daybook/runtime/outbox-relay';
import { openDatabase, type Database } from '@daybook/runtime/postgres';
import { createTokenVerifier, type KeySource } from '@daybook/runtime/tokens';
import type { Clock } from '@daybook/runtime/clock';
import { createDependencies } from './app/dependencies.ts';
import { removeWhatHasExpired } from './app/retention.ts';
import type { SchedulingConfig } from './config.ts';
import { startCalendarSyncConsumer } from './consumers/calendar-sync-events.ts';
import { startStreamEraser } from './events/stream-eraser.ts';
import { calendarSyncStream, schedulingStream } from './events/stream.ts';
import { createHandlers } from './grpc/handlers.ts';
import { registerRecoveryGauges } from './recovery-metrics.ts';

/** What a running service is made of besides its configuration. */
export type ServiceOptions = {
  readonly config: SchedulingConfig;
  readonly keys: KeySource;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly clock?: Clock;
  /** Whether the migrations are there; messages wait for it. Absent: they are. */
  readonly schemaReady?: (database: Database) => Promise<boolean>;
};

const retentionMs = 10 * 60_000;

/**
 * Starts everything but the admin port: pool, gRPC server, relay, consumer, retention. NATS may be away: booking needs
 * only the database.
 */
export async function startService(options: ServiceOptions): Promise<{ grpcPort: number; database: Database }> {
  const { config, keys, logger, lifecycle, clock = systemClock } = options;
  const database = openDatabase({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL,
    applicationName: 'scheduling',
    logger,
  });
  lifecycle.onShutdown('pools', 'database', () => database.close());
  const settings = {
    defaultTimeZone: config.DEFAULT_TIME_ZONE,
    defaultCountry: config.DEFAULT_COUNTRY,
    syncTargetEnabled: config.SYNC_TARGET_ENABLED,
  };
  const deps = createDependencies({ database, clock, settings });
  registerRecoveryGauges(database);
  void startMessagingOnSchema(options, database);
  startRetention(options, () => removeWhatHasExpired(deps));
  const { port: grpcPort } = await startGrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    logger,
    lifecycle,
    services: [{ definition: schedulingService, implementation: createHandlers(deps) }],
    authenticate: { verifier: createTokenVerifier({ keys }), serviceTokens: config.SERVICE_TOKENS },
  });
  return { grpcPort, database };
}

/** A process that runs ahead of its migration would fail message after message; requests meanwhile find it not ready. */
async function startMessagingOnSchema(options: ServiceOptions, database: Database): Promise<void> {
  const { schemaReady, lifecycle } = options;
  while (schemaReady && !lifecycle.draining && !(await schemaReady(database).catch(() => false))) await delay(500);
  if (!lifecycle.draining) startMessaging(options, database);
}

function startMessaging(options: ServiceOptions, database: Database): void {
  const { config, logger, lifecycle } = options;
  const nats = connectNats({ url: config.NATS_URL, name: 'scheduling', logger, lifecycle });
  const databaseUrl = config.DATABASE_URL;
  startOutboxRelay({ database, databaseUrl, nats, stream: schedulingStream, logger, lifecycle });
  startStreamEraser({ database, nats, stream: schedulingStream, logger, lifecycle });
  startCalendarSyncConsumer({ nats, stream: calendarSyncStream, database, logger, lifecycle });
}

/** Every ten minutes; a failure waits for the next turn. */
function startRetention(options: ServiceOptions, run: () => Promise<{ keys: number; holds: number }>): void {
  const timer = setInterval(() => {
    run().then(
      (removed) => options.logger.debug(removed, 'retention done'),
      (error: unknown) => options.logger.warn({ err: error }, 'retention failed'),
    );
  }, retentionMs);
  timer.unref();
  options.lifecycle.onShutdown('work', 'retention', async () => clearInterval(timer));
}

/** The folder of the migrations, given the folder of this source file. */
export function migrationsBeside(sourceDirectory: string): string {
  return join(sourceDirectory, '..', 'migrations');
}
