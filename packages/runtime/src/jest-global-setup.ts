import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What teardown has to undo; kept on globalThis because jest loads the two files apart. */
export type StartedServers = { stop(): Promise<void>; directory: string };

/** Where setup leaves its server for teardown. */
export const startedServersKey: unique symbol = Symbol.for('daybook.testing.servers') as never;

function leaveForTeardown(started: StartedServers): void {
  (globalThis as Record<symbol, unknown>)[startedServersKey] = started;
}

/**
 * Starts one throw-away PostgreSQL for all workers unless `TEST_DATABASE_URL` names one, and makes the folder in which
 * tests keep what their own servers store. A default export because jest demands one.
 */
export default async function startServers(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'daybook-test-'));
  process.env['TEST_DIRECTORY'] = directory;
  if (process.env['TEST_DATABASE_URL']) return leaveForTeardown({ stop: () => Promise.resolve(), directory });
  const { startEmbeddedPostgres } = await import('@daybook/stack/embedded-postgres');
  const server = await startEmbeddedPostgres({ dataDirectory: join(directory, 'postgres'), durable: false });
  process.env['TEST_DATABASE_URL'] = server.adminUrl;
  leaveForTeardown({ stop: () => server.stop(), directory });
}
