import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import {
  claimEnvironment,
  ensureConnection,
  findEnvironmentConnection,
  findFirstOrganization,
  lockConnection,
  releaseEnvironment,
  updateConnection,
  type ConnectionChange,
} from '../db/connection-repository.ts';
import { listWorked, type ConnectionSettings } from '../db/connection-settings-repository.ts';
import { configureConnection, markOff, markTroubled } from '../engine/connection-health.ts';
import { ConnectionWorker, type WorkerOptions } from '../engine/worker.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { openCalcomTarget, type CalcomAccess, type OpenedCalcom } from '../targets/calcom/open-target.ts';
import { accessOf, type ConnectionContext } from './connection-context.ts';
import { EndingWorker } from './ending-worker.ts';
import { keepConnections } from './keep-connections.ts';
import type { RunningWorker } from './running-worker.ts';
import { UnsealableError } from './sealed-secrets.ts';

/** The connection the environment names. Its address and key cannot be changed in the app. */
export type EnvironmentConnection = {
  baseUrl: string;
  keyFingerprint: string;
  organizationId: string | undefined;
  settings: Pick<ConnectionChange, 'profile' | 'attendeeAddresses' | 'placeholderDomain'>;
};

/** A lost notification or a database that is away delays the first work by no more than this, ms. */
const POLL_MS = 1000;
const UNREADABLE_KEY =
  'The stored API key cannot be read: the key it was encrypted with is not in the environment. Give the API key again.';

/**
 * Keeps one worker for each connection that is to be worked for, and replaces it when the connection's settings change.
 * Returns the bells: one wakes the workers, the other tells that settings may have changed.
 */
export function runConnections(options: {
  context: ConnectionContext;
  lifecycle: Lifecycle;
  environment: EnvironmentConnection | undefined;
  worker: Omit<WorkerOptions, 'database' | 'logger' | 'connectionId' | 'owner' | 'openTarget'>;
}): { wake(): void; refresh(): void } {
  const { context, lifecycle } = options;
  const { database, logger } = context;
  const running = new Map<string, RunningWorker>();
  const unreadable = new Set<string>();
  let environmentDone = false;
  let busy: Promise<void> | undefined;
  let again = false;

  async function settle(): Promise<void> {
    environmentDone ||= await settleEnvironment(database, options.environment);
    const wanted = new Map((await listWorked(database)).map((each) => [each.connection.id, each]));
    for (const [id, { settingsVersion, worker }] of running) {
      if (wanted.get(id)?.settingsVersion === settingsVersion) continue;
      running.delete(id);
      await worker.stop();
    }
    for (const [id, settings] of wanted) {
      if (running.has(id) || lifecycle.draining) continue;
      const made = await makeWorker(settings);
      if (!made) continue;
      running.set(id, made);
      made.worker.start();
    }
  }

  async function makeWorker(settings: ConnectionSettings): Promise<RunningWorker | undefined> {
    const { id } = settings.connection;
    const mark = `${id} ${settings.settingsVersion}`;
    try {
      const access = accessOf(context, settings);
      return access && workerFor(settings, access);
    } catch (error) {
      if (!(error instanceof UnsealableError)) throw error;
      if (!unreadable.has(mark)) await markTroubled(database, id, 'needs_attention', UNREADABLE_KEY);
      unreadable.add(mark);
      return undefined;
    }
  }

  function workerFor({ connection, settingsVersion, ending }: ConnectionSettings, access: CalcomAccess): RunningWorker {
    const owner = randomUUID();
    let opened: OpenedCalcom | undefined;
    const open = (beforeCall: () => void): OpenedCalcom => (opened = openCalcomTarget(access, beforeCall));
    const common = { database, logger, connectionId: connection.id, owner };
    const { leaseMs, callMs } = options.worker;
    const worker = ending
      ? new EndingWorker({ ...common, leaseMs, callMs, ending, open })
      : new ConnectionWorker({ ...options.worker, ...common, openTarget: open });
    return { owner, settingsVersion, opened: () => opened, ending: ending !== undefined, worker };
  }

  const refresh = (): void => {
    if (lifecycle.draining) return;
    again = true;
    busy ??= run().finally(() => {
      busy = undefined;
    });
  };

  async function run(): Promise<void> {
    while (again && !lifecycle.draining) {
      again = false;
      await settle().catch((error: unknown) => logger.warn({ err: error }, 'connections could not be set up yet'));
    }
  }

  const timer = setInterval(refresh, POLL_MS);
  const keeper = keepConnections(context, running);
  refresh();
  lifecycle.onShutdown('work', 'calendar-workers', async () => {
    clearInterval(timer);
    await keeper.stop();
    await busy;
    await Promise.all([...running.values()].map(({ worker }) => worker.stop()));
  });
  return {
    wake: () => {
      // The first change of all tells which organisation the environment's connection belongs to.
      if (!environmentDone) refresh();
      for (const { worker } of running.values()) worker.wake();
    },
    refresh,
  };
}

/** Gives the environment's connection to its organisation; false when there is none it can belong to yet. */
async function settleEnvironment(database: Database, environment: EnvironmentConnection | undefined): Promise<boolean> {
  if (!environment) {
    await withdrawEnvironment(database);
    return true;
  }
  const connection = await assignEnvironment(database, environment.organizationId);
  if (!connection) return false;
  await configureConnection(database, connection.id, environment);
  await withTransaction(database, async (tx) => {
    await lockConnection(tx, connection.id);
    await updateConnection(tx, connection.id, environment.settings);
  });
  return true;
}

/** The operator took the connection away: it is off, and its organisation may set up one in the app. */
async function withdrawEnvironment(database: Database): Promise<void> {
  const connection = await findEnvironmentConnection(database, CALCOM);
  if (!connection) return;
  await markOff(database, connection.id);
  await withTransaction(database, (tx) => releaseEnvironment(tx, connection.id));
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
