import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import {
  claimEnvironment,
  ensureConnection,
  findEnvironmentConnection,
  findFirstOrganization,
} from '../db/connection-repository.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { configureConnection, markOff } from './connection-health.ts';
import { ConnectionWorker, type WorkerOptions } from './worker.ts';

/** The connection the environment names, or none. */
export type EnvironmentConnection = {
  baseUrl: string;
  keyFingerprint: string;
  organizationId: string | undefined;
  openTarget: WorkerOptions['openTarget'];
};

/** A lost notification or a database that is away delays the first work by no more than this, ms. */
const POLL_MS = 1000;

/**
 * Runs the worker of the environment's connection as soon as there is an organisation it can belong to. Returns the bell
 * that wakes it.
 */
export function runConnections(options: {
  database: Database;
  logger: Logger;
  lifecycle: Lifecycle;
  environment: EnvironmentConnection | undefined;
  worker: Pick<WorkerOptions, 'leaseMs' | 'callMs' | 'settledAfterMs' | 'attentionProbeMs' | 'inbound'>;
}): { wake(): void } {
  const { database, logger, lifecycle, environment } = options;
  let worker: ConnectionWorker | undefined;
  let configured = false;
  let busy: Promise<void> | undefined;

  async function begin(): Promise<void> {
    const connection = await assignEnvironment(database, environment?.organizationId);
    if (!environment) {
      if (connection && connection.state !== 'off') await markOff(database, connection.id);
      configured = true;
      return;
    }
    if (!connection) return;
    await configureConnection(database, connection.id, environment);
    worker = new ConnectionWorker({
      ...options.worker,
      database,
      logger,
      connectionId: connection.id,
      owner: randomUUID(),
      openTarget: environment.openTarget,
    });
    configured = true;
    worker.start();
  }

  const tick = (): void => {
    if (configured || busy || lifecycle.draining) return;
    busy = begin()
      .catch((error: unknown) => logger.warn({ err: error }, 'the connection could not be set up yet'))
      .finally(() => {
        busy = undefined;
      });
  };
  const timer = setInterval(tick, POLL_MS);
  tick();
  lifecycle.onShutdown('work', 'calendar-worker', async () => {
    clearInterval(timer);
    await busy;
    await worker?.stop();
  });
  return {
    wake: () => {
      tick();
      worker?.wake();
    },
  };
}

/** The environment's connection; it goes to the named organisation, else to the first one seen. */
async function assignEnvironment(database: Database, named: string | undefined) {
  return withTransaction(database, async (tx) => {
    const organizationId = named ?? (await findFirstOrganization(tx));
    if (!organizationId) return undefined;
    await ensureConnection(tx, randomUUID(), organizationId, CALCOM);
    await claimEnvironment(tx, organizationId, CALCOM);
    return findEnvironmentConnection(tx, CALCOM);
  });
}
