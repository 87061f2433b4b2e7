import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDirectory } from './cache-directory.ts';
import { waitForFileLock } from './file-lock.ts';
import { findFreePorts } from './free-port.ts';
import {
  buildNatsWithGo,
  downloadNats,
  findCachedNats,
  findInstalledNats,
  isAtLeast,
  oldestNatsVersion,
  readNatsVersion,
  unpackDebianNats,
  type NatsBinary,
} from './nats-sources.ts';
import { endProcess, isRunning, readCommandLine } from './process-identity.ts';
import { readLog, readLogSize, startServerProcess, type ServerExit, type ServerProcess } from './server-process.ts';

/** Which store to serve and how. */
export type NatsServerOptions = {
  /** Made if absent; holds the streams, the generated configuration, the log and the pid file. */
  storeDirectory: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** 0 or absent: any free port. */
  monitorPort?: number;
  /** Whether every message is on disk before it is acknowledged. False is for tests alone. */
  syncAlways: boolean;
  /** Absent: `nats.log` in the store folder. */
  logFile?: string;
};

/** A running NATS server with JetStream. */
export type NatsServer = {
  url: string;
  monitorUrl: string;
  port: number;
  pid: number;
  /** Resolves when the server has ended for whatever reason. */
  exited: Promise<ServerExit>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
};

/**
 * Finds a NATS server for this machine, or brings one into the cache: NATS_SERVER_BIN, an installed one, the cache, the
 * official release, Debian's package, a build by Go, the machine's own package. Debian comes before Go because it takes
 * seconds where a cold build takes most of a minute.
 *
 * @throws Error that lists what was tried and what to do.
 */
export async function resolveNatsServer(): Promise<NatsBinary> {
  const named = process.env['NATS_SERVER_BIN'];
  if (named) return checkNamed(named);
  const cache = cacheDirectory();
  const present = (await findInstalledNats()) ?? (await findCachedNats(cache));
  if (present) return present;

  await mkdir(cache, { recursive: true });
  const lock = await waitForFileLock(join(cache, 'nats-server.lock'), 300_000);
  try {
    return (await findCachedNats(cache)) ?? (await fetchFromFirstSource(cache));
  } finally {
    lock.release();
  }
}

/**
 * Starts a NATS server whose streams survive restarts. A server left over from an earlier run on the same store is ended
 * first. Resolves when JetStream is ready.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const store = resolve(options.storeDirectory);
  await mkdir(store, { recursive: true, mode: 0o700 });
  const { binary } = await resolveNatsServer();
  const configuration = join(store, 'nats.conf');
  await endLeftover(store, configuration);
  const logFile = options.logFile ?? join(store, 'nats.log');
  for (const firstFailure = Date.now(); ;) {
    const [freePort = 0, freeMonitorPort = 0] = await findFreePorts(2);
    const port = options.port || freePort;
    const monitorPort = options.monitorPort || freeMonitorPort;
    await writeFile(configuration, renderConfiguration({ store, port, monitorPort, syncAlways: options.syncAlways }));
    const logStart = readLogSize(logFile);
    const server = await startServerProcess({
      command: binary,
      args: ['-c', configuration],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC' },
      logFile,
    });
    const monitorUrl = `http://127.0.0.1:${monitorPort}`;
    if (await waitUntilHealthy(server, monitorUrl)) {
      await writeFile(join(store, 'nats.pid'), `${server.pid}\n`);
      return {
        ...{ url: `nats://127.0.0.1:${port}`, monitorUrl, port, pid: server.pid, exited: server.exited },
        stop: () => server.stop('SIGINT', 10_000),
        kill: (signal) => server.kill(signal),
      };
    }
    await server.stop('SIGKILL', 5_000);
    const log = readLog(logFile, logStart);
    // A port that was free may have been taken since, and a killed server may hold its own for a moment.
    if (!/address already in use/i.test(log) || Date.now() - firstFailure > 6_000) {
      throw new Error(`The NATS server did not start on port ${port}.\n${log.split('\n').slice(-8).join('\n')}`);
    }
    await delay(250);
  }
}

async function checkNamed(binary: string): Promise<NatsBinary> {
  const version = existsSync(binary) ? await readNatsVersion(binary) : undefined;
  if (version === undefined) throw new Error(`NATS_SERVER_BIN is ${binary}, which is no NATS server that runs here.`);
  if (!isAtLeast(version, oldestNatsVersion)) {
    throw new Error(`NATS_SERVER_BIN is NATS ${version}; Daybook needs ${oldestNatsVersion} or newer.`);
  }
  return { binary, version };
}

async function fetchFromFirstSource(cache: string): Promise<NatsBinary> {
  const sources: [string, () => Promise<NatsBinary>][] = [
    ['the official release', () => downloadNats(cache)],
    ['the package of Debian trixie', () => unpackDebianNats(cache, 'trixie')],
    ['a build by Go', () => buildNatsWithGo(cache)],
    ["this machine's own package", () => unpackDebianNats(cache, undefined)],
  ];
  const failures: string[] = [];
  for (const [name, fetchNats] of sources) {
    try {
      return await fetchNats();
    } catch (error) {
      failures.push(`  ${name}: ${explain(error)}`);
    }
  }
  throw new Error(
    [
      `No NATS server ${oldestNatsVersion} or newer was found, and none could be fetched:`,
      ...failures,
      'Install one (macOS: "brew install nats-server"; Debian 13, Ubuntu 25.10: "apt-get install nats-server"),',
      'or set NATS_SERVER_BIN to its path, or set NATS_URL to a running server with JetStream.',
    ].join('\n'),
  );
}

function explain(error: unknown): string {
  const { message, cause, stderr } = error as Error & { stderr?: string };
  const detail = stderr?.trim().split('\n').at(-1) ?? (cause instanceof Error ? cause.message : undefined);
  const first = message.split('\n')[0] ?? '';
  return detail ? `${first} (${detail})` : first;
}

async function endLeftover(store: string, configuration: string): Promise<void> {
  const pid = Number(await readFile(join(store, 'nats.pid'), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1 || !isRunning(pid)) return;
  if (readCommandLine(pid)?.includes(configuration)) await endProcess(pid, 'SIGINT', 10_000);
}

/** Limits are explicit, as the server would otherwise reserve three quarters of the machine's memory and disk. */
function renderConfiguration(settings: {
  store: string;
  port: number;
  monitorPort: number;
  syncAlways: boolean;
}): string {
  return [
    'server_name: daybook',
    `listen: "127.0.0.1:${settings.port}"`,
    `http: "127.0.0.1:${settings.monitorPort}"`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(settings.store, 'jetstream'))}`,
    '  max_memory_store: 64MB',
    '  max_file_store: 4GB',
    ...(settings.syncAlways ? ['  sync_interval: always'] : []),
    '}',
    '',
  ].join('\n');
}

async function waitUntilHealthy(server: ServerProcess, monitorUrl: string): Promise<boolean> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && !server.exit) {
    try {
      const answer = await fetch(`${monitorUrl}/healthz?js-enabled-only=true`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok && !server.exit) return true;
    } catch {
      // Not listening yet.
    }
    await delay(10);
  }
  return false;
}
