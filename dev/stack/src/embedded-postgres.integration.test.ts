import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { discardEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { resolveNatsServer } from './nats-server.ts';
import { isRunning } from './process-identity.ts';
import { makeScratch } from './test-support/scratch.ts';

jest.setTimeout(60_000);
const isRoot = process.getuid?.() === 0;

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  const scratch = makeScratch();
  const dataDirectory = join(scratch.path, 'postgres');
  let running: EmbeddedPostgres | undefined;
  const start = async (port = 0) => (running = await startEmbeddedPostgres({ dataDirectory, durable: true, port }));

  afterAll(async () => {
    await running?.stop();
    await discardEmbeddedPostgres(dataDirectory);
    scratch.remove();
  });

  test('keeps what was committed over a stop and over a kill, on the same port', async () => {
    const first = await start();
    await ask(first.adminUrl, 'CREATE TABLE kept (n integer)');
    await ask(first.adminUrl, 'INSERT INTO kept VALUES (1)');
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);

    const second = await start(first.port);
    expect(second.adminUrl).toBe(first.adminUrl);
    await ask(second.adminUrl, 'INSERT INTO kept VALUES (2)');
    second.kill('SIGKILL');

    const third = await start(first.port);
    expect(await ask(third.adminUrl, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('ends the server of an earlier run on the same folder', async () => {
    const earlier = await start();
    const later = await start();
    expect(await earlier.exited).toEqual({ code: 0, signal: null });
    expect(later.pid).not.toBe(earlier.pid);
    expect(await ask(later.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('asks for the password over TCP, keeps it private, and says so when another one is given', async () => {
    const server = await start();
    const wrong = new URL(server.adminUrl);
    wrong.password = 'wrong';
    await expect(ask(wrong.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDirectory, 'superuser-password')).mode & 0o777).toBe(0o600);
    await server.stop();
    await expect(startEmbeddedPostgres({ dataDirectory, durable: true, password: 'another' })).rejects.toThrow(
      /password does not fit/,
    );
  });

  test('folds case and sorts in UTF-8 whatever the machine speaks, and has the extensions that are needed', async () => {
    const server = await start();
    expect(await ask(server.adminUrl, "SELECT lower('ÄÉ') AS low, current_setting('TimeZone') AS zone")).toEqual([
      { low: 'äé', zone: 'UTC' },
    ]);
    await ask(server.adminUrl, 'CREATE EXTENSION IF NOT EXISTS btree_gist');
    await ask(server.adminUrl, 'CREATE EXTENSION IF NOT EXISTS pg_trgm');
    const settings = "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync";
    expect(await ask(server.adminUrl, settings)).toEqual([{ fsync: 'on', sync: 'on' }]);
  });
});

(isRoot ? describe : describe.skip)('embedded PostgreSQL where only root can switch accounts', () => {
  test('as root in a closed folder puts the data where the server can reach it, and finds it again', async () => {
    const scratch = makeScratch();
    chmodSync(scratch.path, 0o700);
    const dataDirectory = join(scratch.path, 'postgres');
    const first = await startEmbeddedPostgres({ dataDirectory, durable: false });
    expect(first.clusterDirectory.startsWith(scratch.path)).toBe(false);
    await ask(first.adminUrl, 'CREATE TABLE kept (n integer)');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDirectory, durable: false });
    expect(await ask(second.adminUrl, 'SELECT n FROM kept')).toEqual([]);
    await second.stop();
    await discardEmbeddedPostgres(dataDirectory);
    scratch.remove();
  });

  test('runs as a normal user, together with NATS', async () => {
    const scratch = makeScratch();
    const folder = join(scratch.path, 'home');
    mkdirSync(folder);
    const nobody = 65_534;
    chownSync(folder, nobody, nobody);
    const binary = join(scratch.path, 'nats-server');
    copyFileSync((await resolveNatsServer()).binary, binary);
    chmodSync(binary, 0o755);
    const script = join(import.meta.dirname, 'test-support', 'run-servers-once.ts');
    const output = execFileSync(process.execPath, [script, folder], {
      ...{ uid: nobody, gid: nobody, cwd: '/', encoding: 'utf8' as const },
      env: { PATH: process.env['PATH'], HOME: folder, NATS_SERVER_BIN: binary },
    });
    expect(output).toContain(`both ran as ${nobody} in ${folder}/postgres/cluster`);
    scratch.remove();
  });
});
