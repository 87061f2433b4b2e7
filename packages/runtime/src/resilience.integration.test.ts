import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import { DomainError } from './errors.ts';
import { Lifecycle } from './lifecycle.ts';
import { listen } from './postgres-listen.ts';
import { openDatabase, query, withTransaction } from './postgres.ts';
import { silentLogger, until } from './testing.ts';

jest.setTimeout(90_000);

test('the pool and a listener survive a crash of the database server without an uncaught exception', async () => {
  const directory = await mkdtemp(join(process.env['TEST_DIRECTORY'] ?? tmpdir(), 'resilience-'));
  let server = await startEmbeddedPostgres({ dataDirectory: directory, durable: false });
  const { adminUrl: url, port } = server;
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  const lifecycle = new Lifecycle();
  const database = openDatabase({ url, applicationName: 'test', logger: silentLogger, poolSize: 5 });
  let notified = 0;
  listen({ url, channel: 'Wake up', onNotify: () => (notified += 1), logger: silentLogger, lifecycle });
  try {
    const notify = (): Promise<unknown> => query(database, { text: `SELECT pg_notify('Wake up', '')` });
    await Promise.all(Array.from({ length: 5 }, () => query(database, { text: 'SELECT pg_sleep(0.05)' })));
    await until(() => notified === 1, { what: 'the listener to be connected' });
    await notify();
    await until(() => notified === 2, { what: 'a notification' });

    const open = withTransaction(database, async (tx) => {
      await query(tx, { text: 'SELECT 1' });
      server.kill('SIGQUIT');
      await server.exited;
      await query(tx, { text: 'SELECT 1' });
    });
    const fault = await open.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DomainError);
    expect(fault).toMatchObject({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE' });
    const startedAt = performance.now();
    await expect(query(database, { text: 'SELECT 1' })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(performance.now() - startedAt).toBeLessThan(2500);

    server = await startEmbeddedPostgres({ dataDirectory: directory, port, durable: false });
    await expect(
      until(() => query<{ one: number }>(database, { text: 'SELECT 1 AS one' }), {
        timeoutMs: 2000,
        what: 'an answer',
      }),
    ).resolves.toEqual([{ one: 1 }]);
    await expect(withTransaction(database, (tx) => query(tx, { text: 'SELECT 2 AS two' }))).resolves.toEqual([
      { two: 2 },
    ]);
    await until(() => notified === 3, { what: 'the listener to be back' });
    await notify();
    await until(() => notified === 4, { what: 'a notification after the restart' });
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    await lifecycle.shutdown();
    await database.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
});
