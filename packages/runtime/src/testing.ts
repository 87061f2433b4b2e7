import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsServer } from '@daybook/stack/nats-server';
import type { Clock } from './clock.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { openDatabase } from './postgres.ts';
import type { Database } from './postgres.ts';
import { cloneDatabase } from './test-database.ts';

/** A logger that writes nothing. */
export const silentLogger: Logger = createLogger('test', 'silent');

/** A clock that stands where it is put. */
export class FixedClock implements Clock {
  #at: Date;

  constructor(at: string | Date) {
    this.#at = new Date(at);
  }

  now(): Date {
    return new Date(this.#at);
  }

  /** Moves to an instant. */
  set(at: string | Date): void {
    this.#at = new Date(at);
  }

  /** Moves by milliseconds, forward or back. */
  advance(milliseconds: number): void {
    this.#at = new Date(this.#at.getTime() + milliseconds);
  }
}

/** How long to wait for a condition, how often to look, and what to call it when it never comes. */
export type UntilOptions = { timeoutMs?: number; intervalMs?: number; what?: string };

/**
 * Waits until `probe` gives something truthy and returns it; a probe that throws counts as "not yet". Defaults: 10 s,
 * asked every 25 ms.
 * @throws Error naming `what` and the last failure when the deadline passes
 */
export async function until<T>(
  probe: () => Promise<T | false | undefined | null> | T | false | undefined | null,
  options: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + (options.timeoutMs ?? 10_000);
  let lastFault: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      lastFault = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited in vain for ${options.what ?? 'a condition'}`, { cause: lastFault });
    }
    await delay(options.intervalMs ?? 25);
  }
}

/** What a test database is made from. */
export type TestDatabaseOptions = { migrations: string; extensions?: string[] };

/**
 * A migrated database of the test's own, on the server that jest's global setup started (or `TEST_DATABASE_URL`).
 * Call `drop` at the end; it closes the pool as well.
 */
export async function testDatabase(
  options: TestDatabaseOptions,
): Promise<{ url: string; database: Database; drop(): Promise<void> }> {
  const adminUrl = process.env['TEST_DATABASE_URL'];
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is unset: run this test in the integration project');
  const clone = await cloneDatabase({
    adminUrl,
    migrations: options.migrations,
    extensions: options.extensions ?? [],
    logger: silentLogger,
  });
  const database = openDatabase({ url: clone.url, applicationName: 'test', logger: silentLogger });
  return {
    url: clone.url,
    database,
    drop: async () => {
      await database.close();
      await clone.drop();
    },
  };
}

/** A NATS server of the test's own. `restart` keeps the store, `wipe` restarts on an empty one; the port stays. */
export type TestNats = {
  url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  wipe(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a NATS server with JetStream on a free port and a store in a temporary folder that `close` removes. */
export async function testNats(): Promise<TestNats> {
  const { startNatsServer } = await import('@daybook/stack/nats-server');
  const storeDirectory = await mkdtemp(join(process.env['TEST_DIRECTORY'] ?? tmpdir(), 'daybook-nats-'));
  const launch = (port: number): Promise<NatsServer> => startNatsServer({ storeDirectory, port, syncAlways: false });
  let server: NatsServer | undefined = await launch(0);
  const { url, port } = server;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  const start = async (): Promise<void> => {
    server ??= await launch(port);
  };
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  const wipe = async (): Promise<void> => {
    await stop();
    await rm(storeDirectory, { recursive: true, force: true });
    await start();
  };
  const close = async (): Promise<void> => {
    await stop();
    await rm(storeDirectory, { recursive: true, force: true });
  };
  return { url, stop, start, restart, wipe, close };
}
