import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepareDatabases, type DatabaseOwner, type DatabaseUrls } from '@daybook/provision/databases';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { tryFileLock, type FileLock } from './file-lock.ts';
import { findFreePorts } from './free-port.ts';
import { formatLogLine, isRoutineLine } from './log-lines.ts';
import { externalServer, manageServer, type ManagedServer } from './managed-server.ts';
import { startNatsServer } from './nats-server.ts';
import { endLeftovers, killRecorded, openProcessRecords, type ProcessRecords } from './process-records.ts';
import { makeReadablePassword, readCreated, runEnsureOwner } from './owner-account.ts';
import {
  assertPortsFree,
  environmentOf,
  host,
  layOut,
  repositoryRoot,
  serviceFile,
  serviceNames,
  type EnvironmentParts,
  type PortName,
  type ProcessName,
  type ServiceName,
} from './stack-layout.ts';
import { readOrMakeSecrets, saveSecrets, type StackSecrets } from './stack-secrets.ts';
import { runProgram, supervise, type SupervisedProcess } from './supervise.ts';

/** What to start. Everything absent has a default that is right for tests: free ports, one replica, all parts embedded. */
export type StackOptions = {
  /** Made if absent. One running stack a folder. */
  dataDirectory: string;
  /** 0 or absent: free. */
  ports?: Partial<Record<PortName, number>>;
  /** Counts on the first start of the folder only. Default `owner`. */
  ownerUsername?: string;
  /** Counts on the first start of the folder only. Absent: generated. */
  ownerPassword?: string;
  /** Sets a new password (`ownerPassword`, else generated) and ends the owner's sessions. */
  resetOwner?: boolean;
  /** Takes the second factor from the owner, who lost app and recovery codes. */
  turnOffSecondFactor?: boolean;
  /** An administrator's URL under which the databases are made; absent: embedded PostgreSQL. */
  databaseUrl?: string;
  /** Absent: embedded NATS. */
  natsUrl?: string;
  /** With `/v2`; absent: the sandbox is started. */
  calcomApiUrl?: string;
  calcomApiKey?: string;
  /** False gives up safety against a power cut; true by default. */
  durable?: boolean;
  replicas?: Partial<Record<ServiceName, number>>;
  extraEnv?: Partial<Record<ProcessName, Record<string, string>>>;
  /** Gets one readable line at a time. Absent: standard output, unless `quiet`. */
  log?: (line: string) => void;
  quiet?: boolean;
  /** Whether the lines about each request, rpc and message that went well are shown; true by default. */
  routine?: boolean;
  colour?: boolean;
  sandboxRateLimitPerMinute?: number;
  /** The tree of sources a replica runs from, asked at each of its starts; for two versions at once. Absent: this one. */
  sourcesOf?: (service: ServiceName, replica: number) => string;
  /** Whether a process that dies unasked is started again; true by default. */
  restartCrashed?: boolean;
  /** Ends a start that is under way: everything started so far is stopped and `startStack` rejects. */
  signal?: AbortSignal;
};

/** A running system. */
export type Stack = {
  dataDirectory: string;
  gatewayUrl: string;
  gatewayUrls: string[];
  /** Of the first replica of each service. */
  adminUrls: Record<ServiceName, string>;
  /** Of any replica, counted from 0. @throws Error when there is no such replica */
  adminUrlOf(name: ServiceName, replica: number): string;
  /** Of the sandbox; undefined when Cal.com is elsewhere. */
  sandboxUrl: string | undefined;
  calcomApiUrl: string;
  calcomApiKey: string;
  /** For the role that reads and writes rows. */
  databaseUrls: Record<DatabaseOwner, string>;
  migratorUrls: Record<DatabaseOwner, string>;
  adminDatabaseUrl: string;
  natsUrl: string;
  /** `created` is true on the first start of the folder. The password is empty when this start neither set nor was given it. */
  owner: { username: string; password: string; created: boolean };
  /** Counts replicas from 0. */
  process(name: ProcessName, replica?: number): SupervisedProcess;
  postgres: ManagedServer;
  nats: ManagedServer;
  /** Undefined when Cal.com is elsewhere. */
  sandbox: SupervisedProcess | undefined;
  /** Services, then sandbox, then NATS, then PostgreSQL. */
  stop(): Promise<void>;
};

/** Another stack runs on the same data folder. */
export class StackRunningError extends Error {
  constructor(dataDirectory: string, pid: number) {
    super(
      `Daybook already runs on ${dataDirectory} (process ${pid}). Stop it, or set DAYBOOK_DATA_DIR to another folder.`,
    );
    this.name = 'StackRunningError';
  }
}

const sandboxKey = 'cal_sandbox';

/** PostgreSQL and NATS are listed apart: they end their own leftovers, in a way that is gentle to their data. */
const recordFiles = { processes: 'processes.json', servers: 'servers.json' };

/** Ends everything of a running stack at once, without order; committed data is safe. For the second Ctrl-C. */
export function killStack(dataDirectory: string): void {
  for (const file of Object.values(recordFiles)) killRecorded(join(resolve(dataDirectory), file));
}

/** Between the look for a free port and its use another program may take it; then all is started again on other ports. */
const startTries = 3;

/**
 * Starts everything and resolves when every process is ready. When a part fails, all that was started is stopped again.
 *
 * @throws StackRunningError when the data folder is in use.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  for (let left = startTries - 1; ; left -= 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      const lostPort = error instanceof Error && error.message.includes('EADDRINUSE');
      if (!lostPort || left === 0 || options.signal?.aborted) throw error;
    }
  }
}

async function startOnce(options: StackOptions): Promise<Stack> {
  const dataDirectory = resolve(options.dataDirectory);
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  // As root, PostgreSQL runs as another account and must be able to walk through; each secret has its own mode.
  if (process.getuid?.() === 0) chmodSync(dataDirectory, 0o711);
  const lock = tryFileLock(join(dataDirectory, 'stack.lock'));
  if (!('release' in lock)) throw new StackRunningError(dataDirectory, lock.pid);
  let starter: StackStarter | undefined;
  const abort = () => void starter?.stop();
  try {
    starter = new StackStarter(options, dataDirectory, lock);
    options.signal?.addEventListener('abort', abort, { once: true });
    return await starter.start();
  } catch (error) {
    await starter?.stop();
    lock.release();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

class StackStarter {
  readonly #options: StackOptions;
  readonly #directory: string;
  readonly #lock: FileLock;
  readonly #records: ProcessRecords;
  readonly #servers: ProcessRecords;
  readonly #secretsFile: string;
  readonly #secrets: StackSecrets;
  readonly #services = new Map<string, SupervisedProcess>();
  #postgres: ManagedServer | undefined;
  #nats: ManagedServer | undefined;
  #sandbox: SupervisedProcess | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: StackOptions, directory: string, lock: FileLock) {
    this.#options = options;
    this.#directory = directory;
    this.#lock = lock;
    this.#records = openProcessRecords(this.#recordsFile);
    this.#servers = openProcessRecords(join(directory, recordFiles.servers));
    this.#secretsFile = join(directory, 'secrets.json');
    this.#secrets = readOrMakeSecrets(this.#secretsFile);
  }

  async start(): Promise<Stack> {
    const options = this.#options;
    const ended = await endLeftovers(this.#recordsFile);
    if (ended.length > 0) this.#say('stack', `ended what an earlier run left behind: ${ended.join(', ')}`);
    await assertPortsFree(options.ports ?? {});
    const layout = await layOut(options.replicas ?? {}, options.ports ?? {});
    const sandboxUrl = options.calcomApiUrl ? undefined : `http://${host}:${layout.sandboxPort}`;
    const [adminDatabaseUrl, natsUrl] = await Promise.all([
      this.#startPostgres(),
      this.#startNats(),
      sandboxUrl && this.#startSandbox(layout.sandboxPort, sandboxUrl),
    ]);
    this.#throwIfStopping();
    const databases = await prepareDatabases(adminDatabaseUrl, this.#secrets.databasePasswords);
    await this.#migrate(databases);
    this.#throwIfStopping();
    const parts: EnvironmentParts = {
      ...{ layout, databases, natsUrl, secrets: this.#secrets },
      calcomApiUrl: options.calcomApiUrl ?? `${sandboxUrl}/v2`,
      calcomApiKey: options.calcomApiKey ?? sandboxKey,
    };
    const [owner] = await Promise.all([this.#ensureOwner(databases.auth.app), this.#startServices(parts)]);
    saveSecrets(this.#secretsFile, this.#secrets);

    const instances = (service: ServiceName) => layout.instances.filter((each) => each.service === service);
    const gatewayUrls = instances('gateway').map((each) => `http://localhost:${each.port}`);
    const pick = (kind: keyof DatabaseUrls) =>
      Object.fromEntries(Object.entries(databases).map(([name, urls]) => [name, urls[kind]])) as Record<
        DatabaseOwner,
        string
      >;
    return {
      dataDirectory: this.#directory,
      gatewayUrl: gatewayUrls[0] ?? '',
      gatewayUrls,
      adminUrls: Object.fromEntries(
        serviceNames.map((name) => [name, `http://${host}:${instances(name)[0]?.adminPort}`]),
      ) as Record<ServiceName, string>,
      adminUrlOf(name, replica) {
        const instance = instances(name)[replica];
        if (!instance) throw new Error(`There is no replica ${replica} of ${name}.`);
        return `http://${host}:${instance.adminPort}`;
      },
      sandboxUrl,
      calcomApiUrl: parts.calcomApiUrl,
      calcomApiKey: parts.calcomApiKey,
      databaseUrls: pick('app'),
      migratorUrls: pick('migrator'),
      adminDatabaseUrl,
      natsUrl,
      owner,
      process: (name, replica = 0) => this.#find(name, replica),
      postgres: this.#postgres ?? externalServer('PostgreSQL'),
      nats: this.#nats ?? externalServer('NATS'),
      sandbox: this.#sandbox,
      stop: () => this.stop(),
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  get #recordsFile(): string {
    return join(this.#directory, recordFiles.processes);
  }

  #throwIfStopping(): void {
    if (this.#stopping) throw new Error('The start was interrupted.');
  }

  async #stopAll(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
    await this.#sandbox?.stop();
    await this.#nats?.stop();
    await this.#postgres?.stop();
    this.#lock.release();
  }

  async #startPostgres(): Promise<string> {
    const { databaseUrl, durable = true } = this.#options;
    if (databaseUrl) return databaseUrl;
    let port = 0;
    let adminUrl = '';
    this.#postgres = this.#manage('PostgreSQL', async () => {
      const dataDirectory = join(this.#directory, 'postgres');
      const started = await startEmbeddedPostgres({ dataDirectory, durable, port });
      ({ port, adminUrl } = started);
      return started;
    });
    await this.#postgres.start();
    return adminUrl;
  }

  async #startNats(): Promise<string> {
    const { natsUrl, durable = true } = this.#options;
    if (natsUrl) return natsUrl;
    const [port = 0, monitorPort = 0] = await findFreePorts(2);
    this.#nats = this.#manage('NATS', () =>
      startNatsServer({ storeDirectory: join(this.#directory, 'nats'), port, monitorPort, syncAlways: durable }),
    );
    await this.#nats.start();
    return `nats://${host}:${port}`;
  }

  #manage(name: string, launch: Parameters<typeof manageServer>[0]['launch']): ManagedServer {
    const say = (message: string) => this.#say('stack', message);
    const launchAndRecord = async () => {
      const server = await launch();
      this.#servers.add(name, server.pid);
      void server.exited.then(() => this.#servers.remove(server.pid));
      return server;
    };
    return manageServer({ name, launch: launchAndRecord, restartCrashed: this.#options.restartCrashed ?? true, say });
  }

  async #startSandbox(port: number, url: string): Promise<void> {
    this.#sandbox = this.#supervise(
      'sandbox',
      join(repositoryRoot, 'dev', 'calcom-sandbox', 'src', 'main.ts'),
      {
        ...{ NODE_ENV: 'production', HOST: host, PORT: String(port), API_KEY: sandboxKey },
        STATE_FILE: join(this.#directory, 'calcom-sandbox.json'),
        RATE_LIMIT_PER_MINUTE: this.#options.sandboxRateLimitPerMinute?.toString(),
        ...this.#options.extraEnv?.sandbox,
      },
      async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status > 0,
    );
    await this.#sandbox.start();
  }

  async #migrate(databases: Record<DatabaseOwner, DatabaseUrls>): Promise<void> {
    const migrations = [
      ['auth', databases.auth.migrator],
      ['scheduling', databases.scheduling.migrator],
      ['calcom-sync', databases.calcomSync.migrator],
    ] as const;
    await Promise.all(
      migrations.map(([service, DATABASE_URL]) =>
        runProgram({
          name: `${service} migrate`,
          file: serviceFile(service, 'migrate.ts'),
          env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', DATABASE_URL, ...this.#options.extraEnv?.[service] },
          onLine: this.#onLine,
        }),
      ),
    );
  }

  /** The account is made on the first start of a folder; later starts leave it alone unless a reset is asked for. */
  async #ensureOwner(databaseUrl: string): Promise<Stack['owner']> {
    const { ownerPassword, resetOwner = false, turnOffSecondFactor = false, extraEnv } = this.#options;
    const known = this.#secrets.ownerUsername;
    if (known !== undefined && turnOffSecondFactor) {
      await runEnsureOwner(databaseUrl, ['--turn-off-second-factor'], { OWNER_USERNAME: known, ...extraEnv?.auth });
      this.#say('stack', `${known} signs in by the password alone; a second factor can be turned on again in the app.`);
    }
    if (known !== undefined && !resetOwner) return { username: known, password: ownerPassword ?? '', created: false };
    const username = known ?? this.#options.ownerUsername ?? 'owner';
    const password = ownerPassword ?? makeReadablePassword();
    const account = { OWNER_USERNAME: username, OWNER_PASSWORD: password, ...extraEnv?.auth };
    const run = async (args: string[]) => readCreated(await runEnsureOwner(databaseUrl, args, account));
    let set = resetOwner ? (await run(['--reset']), true) : await run([]);
    if (!set && !this.#options.databaseUrl) {
      // The account is of a first start that was cut short before anybody was told the password.
      await run(['--reset']);
      set = true;
    }
    this.#secrets.ownerUsername = username;
    return { username, password: set ? password : (ownerPassword ?? ''), created: set };
  }

  async #startServices(parts: EnvironmentParts): Promise<void> {
    for (const instance of parts.layout.instances) {
      const env = { ...environmentOf(instance, parts), ...this.#options.extraEnv?.[instance.service] };
      const readyUrl = `http://${host}:${instance.adminPort}/readyz`;
      const probe = async () => (await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) })).ok;
      const file = () =>
        serviceFile(instance.service, 'main.ts', this.#options.sourcesOf?.(instance.service, instance.replica));
      this.#services.set(`${instance.service}/${instance.replica}`, this.#supervise(instance.label, file, env, probe));
    }
    await Promise.all([...this.#services.values()].map((service) => service.start()));
  }

  #supervise(
    name: string,
    file: string | (() => string),
    env: Record<string, string | undefined>,
    probe: () => Promise<boolean>,
  ) {
    const restartCrashed = this.#options.restartCrashed ?? true;
    return supervise({ name, file, env, probe, restartCrashed, records: this.#records, onLine: this.#onLine });
  }

  #find(name: ProcessName, replica: number): SupervisedProcess {
    const found = name === 'sandbox' ? this.#sandbox : this.#services.get(`${name}/${replica}`);
    if (!found) throw new Error(`There is no process ${name} with replica ${replica} in this stack.`);
    return found;
  }

  #onLine = (name: string, line: string): void => {
    const { log, quiet = false, colour = false, routine = true } = this.#options;
    if (!routine && isRoutineLine(line)) return;
    const write = log ?? (quiet ? undefined : (text: string) => void process.stdout.write(`${text}\n`));
    write?.(formatLogLine(name, line, { colour }));
  };

  #say(name: string, msg: string): void {
    this.#onLine(name, JSON.stringify({ level: 40, time: Date.now(), msg }));
  }
}
