import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort } from './free-port.ts';
import {
  chooseAccount,
  findPostgresBinaries,
  locateCluster,
  makePrivateDirectory,
  noteClusterLocation,
  readOrMakePassword,
  type RunAs,
} from './postgres-files.ts';
import { endProcess, isRunning, readCommandLine } from './process-identity.ts';
import { readLog, readLogSize, startServerProcess, type ServerExit, type ServerProcess } from './server-process.ts';

/** Which cluster to start and how. */
export type EmbeddedPostgresOptions = {
  /** Made if absent. One cluster a folder; as root the data itself may lie under /var/lib/daybook. */
  dataDirectory: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** False gives up safety against a power cut for speed: for tests alone. */
  durable: boolean;
  /** Password of the superuser `daybook`, set when the cluster is made. Absent: one is made and kept in the folder, mode 0600. */
  password?: string;
  /** Absent: `postgres.log` in the data folder. */
  logFile?: string;
  /** 200 by default. */
  maxConnections?: number;
};

/** A running PostgreSQL. */
export type EmbeddedPostgres = {
  /** With the superuser's password in it. */
  adminUrl: string;
  port: number;
  pid: number;
  /** The folder the data is really in. */
  clusterDirectory: string;
  /** Resolves when the server has ended for whatever reason. */
  exited: Promise<ServerExit>;
  /** Fast shutdown: open transactions are rolled back, everything committed is kept. */
  stop(): Promise<void>;
  /** Sends a signal to the main process; SIGKILL is the nearest thing to a power cut. */
  kill(signal: NodeJS.Signals): void;
};

const superuser = 'daybook';
const startDeadlineMs = 60_000;
const run = promisify(execFile);

/**
 * Starts the PostgreSQL that npm installed, making its cluster on first use. A server left over from an earlier run on
 * the same folder is ended first. Resolves when queries are answered.
 *
 * @throws Error in plain words, with the end of the server's log, when it cannot be started.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const cluster = await locateCluster(dataDirectory, options.durable);
  const runAs = await chooseAccount(existsSync(cluster) ? cluster : undefined);
  const binaries = await findPostgresBinaries(runAs);
  const password = await readOrMakePassword(dataDirectory, options.password);
  if (!existsSync(join(cluster, 'PG_VERSION')))
    await initialiseCluster({ binaries, cluster, password, runAs, options });
  noteClusterLocation(dataDirectory, cluster);
  await endLeftover(cluster);

  const logFile = options.logFile ?? join(dataDirectory, 'postgres.log');
  const { server, port } = await startServer({ binaries, cluster, runAs, logFile, password, options });
  return {
    adminUrl: adminUrl(port, password),
    port,
    pid: server.pid,
    clusterDirectory: cluster,
    exited: server.exited,
    stop: () => server.stop('SIGINT', 10_000),
    kill: (signal) => server.kill(signal),
  };
}

/** Removes the data folder and the cluster that belongs to it, wherever it lies. For tests; the server must be stopped. */
export async function discardEmbeddedPostgres(dataDirectory: string): Promise<void> {
  const noted = await readFile(join(dataDirectory, 'cluster-location'), 'utf8').catch(() => undefined);
  if (noted !== undefined) await rm(noted.trim(), { recursive: true, force: true });
  await rm(dataDirectory, { recursive: true, force: true });
}

type ClusterPlace = {
  binaries: string;
  cluster: string;
  password: string;
  runAs: RunAs | undefined;
  options: EmbeddedPostgresOptions;
};

/** Makes the cluster beside its final place and renames it, so that an interrupted start leaves no half-made one. */
async function initialiseCluster({ binaries, cluster, password, runAs, options }: ClusterPlace): Promise<void> {
  const incoming = `${cluster}.new`;
  const passwordFile = join(dirname(cluster), `initdb-${randomBytes(6).toString('hex')}`);
  await rm(incoming, { recursive: true, force: true });
  await makePrivateDirectory(incoming, runAs);
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (runAs) await chown(passwordFile, runAs.uid, runAs.gid);
    await run(
      join(binaries, 'bin', 'initdb'),
      [
        ...['-D', incoming, '-U', superuser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
        // The builtin locale sorts and folds case the same on every operating system.
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(options.durable ? [] : ['--no-sync']),
      ],
      { cwd: '/', env: serverEnvironment(), ...(runAs ?? {}) },
    );
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`The database could not be set up in ${cluster}: ${stderr?.trim() || String(error)}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rm(cluster, { recursive: true, force: true });
  await rename(incoming, cluster);
}

/** Ends a server of an earlier run that still holds this cluster. */
async function endLeftover(cluster: string): Promise<void> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const pid = Number(text?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isRunning(pid)) return;
  if (!readCommandLine(pid)?.includes(cluster)) return;
  await endProcess(pid, 'SIGINT', 10_000);
}

type StartParameters = ClusterPlace & { logFile: string };

async function startServer(parameters: StartParameters): Promise<{ server: ServerProcess; port: number }> {
  const wanted = parameters.options.port ?? 0;
  const deadline = Date.now() + startDeadlineMs;
  // The system may hold a killed server's lock file, shared memory or port for a moment: such a start is tried again.
  for (const firstFailure = Date.now(); ;) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    const logStart = readLogSize(parameters.logFile);
    const server = await spawnPostgres(parameters, port);
    const failure = await waitUntilReady(server, adminUrl(port, parameters.password), deadline);
    if (failure === undefined) return { server, port };
    await server.stop('SIGINT', 5_000);
    const log = readLog(parameters.logFile, logStart);
    const passing = /postmaster\.pid|shared memory|could not bind|Address already in use/i.test(log);
    if (!passing || Date.now() - firstFailure > 6_000) {
      throw new Error(`PostgreSQL did not start on port ${port}: ${failure}\n${log.split('\n').slice(-8).join('\n')}`);
    }
    await delay(250);
  }
}

function spawnPostgres(
  { binaries, cluster, runAs, logFile, options }: StartParameters,
  port: number,
): Promise<ServerProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 200),
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return startServerProcess({
    command: join(binaries, 'bin', 'postgres'),
    args: [
      ...['-D', cluster, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: serverEnvironment(),
    logFile,
    ...(runAs ?? {}),
  });
}

/** Undefined once it answers; else why it does not. */
async function waitUntilReady(server: ServerProcess, url: string, deadline: number): Promise<string | undefined> {
  for (;;) {
    if (server.exit) return `it ended with code ${server.exit.code ?? server.exit.signal ?? 'unknown'}.`;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return undefined;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      // 28P01: what answers is PostgreSQL, but it knows another password: waiting would not help.
      if (code === '28P01' && !server.exit) return 'the password does not fit the one this cluster was made with.';
      if (Date.now() > deadline) return message;
    } finally {
      await client.end().catch(() => undefined);
    }
    await delay(15);
  }
}

function adminUrl(port: number, password: string): string {
  return `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

function serverEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
