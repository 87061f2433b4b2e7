import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '@daybook/calcom-sandbox/sandbox';
import { decodeCalendarSyncEvent } from '@daybook/protos/codecs';
import type { ApplyExternalChangeRequest__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import type { CalendarSyncEvent__Output } from '@daybook/protos/gen/daybook/calendarsync/v1/CalendarSyncEvent';
import { schedulingService } from '@daybook/protos/packages';
import { Secret } from '@daybook/runtime/config';
import { startGrpcServer, unary } from '@daybook/runtime/grpc-server';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { connectNats, ensureStream } from '@daybook/runtime/nats';
import { query, type Database } from '@daybook/runtime/postgres';
import { silentLogger, testDatabase, testNats, until } from '@daybook/runtime/testing';
import { configSchema } from '../config.ts';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import { startCalcomSync } from '../start-calcom-sync.ts';
import { createExternalChanges, type ExternalLog } from './external-changes.ts';
import { describePlace, Practice, type TestChange } from './practice.ts';

const serviceDirectory = join(process.cwd(), 'services/calcom-sync');
const migrations = join(serviceDirectory, 'migrations');
const secret = 'scheduling-secret';
const stream = { name: 'DAYBOOK_SCHEDULING', subjects: ['daybook.scheduling.v1.>'], maxAgeDays: 7 };

/** What a fault rule of the sandbox may say; see dev/calcom-sandbox. */
export type SandboxFault = {
  kind: string;
  match?: { method?: string; path?: string };
  status?: number;
  times?: number;
  latencyMs?: number;
  headers?: Record<string, string>;
};

/** A call as the sandbox remembers it. */
export type LoggedCall = { method: string; path: string; query: string; status: number };

/** A running replica of the service, in this process. */
export type Replica = { grpcPort: number; adminPort: number; stop(): Promise<void> };

/** PostgreSQL, NATS, the sandbox and a scheduling that answers ListChangesSince: all real servers. */
export type SyncStack = {
  practice: Practice;
  database: Database;
  readonly sandbox: Sandbox;
  /** Whether the practice's changes are published; off, only the list of changes has them. */
  setDoorbell(on: boolean): void;
  /** The names of the consumers that read scheduling's events. */
  consumers(): Promise<string[]>;
  /** What was asked of scheduling about changes made in Cal.com, and what it answered. */
  externalLog: ExternalLog;
  /** How often the list of changes was asked for. */
  polls(): number;
  publishAgain(change: TestChange): Promise<void>;
  publishGarbage(): Promise<void>;
  startReplica(environment?: Record<string, string>): Promise<Replica>;
  spawnReplica(environment?: Record<string, string>): ChildProcess;
  setFaults(rules: SandboxFault[]): Promise<void>;
  setSandbox(settings: Record<string, unknown>): Promise<void>;
  requests(): Promise<LoggedCall[]>;
  stopSandbox(): Promise<void>;
  restartSandbox(): Promise<void>;
  /** Active bookings of the sandbox that are ours: place by appointment id; copies get a second key. */
  standing(): Record<string, string>;
  inStep(timeoutMs?: number): Promise<void>;
  /** Waits until one appointment stands there as it does here. */
  inStepOf(appointmentId: string, timeoutMs: number): Promise<void>;
  /** Whether scheduling gives no decision about changes made in Cal.com. */
  setSchedulingAway(away: boolean): void;
  /** Has scheduling take in a booking of half an hour under a key, as a call whose answer was never read did. */
  applyAs(changeKey: string, start: number): Promise<void>;
  /** The mirrored types. */
  typeRows(): Promise<{ id: string; version: number; state: string; message: string }[]>;
  /** The calls about an appointment, oldest first. */
  attempts(appointmentId: string): Promise<{ action: string; outcome: string; status: number; message: string }[]>;
  /** The types of bookings taken in. */
  bookedTypes: string[];
  /** Asks scheduling as the service does. */
  apply: ApplyExternalChange;
  /** The notes of bookings taken in. */
  notes: string[];
  row(appointmentId: string): Promise<Record<string, unknown>>;
  connection(): Promise<Record<string, unknown> | undefined>;
  events(): Promise<CalendarSyncEvent__Output[]>;
  stop(): Promise<void>;
};

/** Starts everything but the service itself. */
export async function startSyncStack(
  options: { rateLimitPerMinute?: number; stateFile?: string } = {},
): Promise<SyncStack> {
  const lifecycle = new Lifecycle();
  const testDb = await testDatabase({ migrations });
  const { url: databaseUrl, database } = testDb;
  const natsServer = await testNats();
  const nats = connectNats({ url: natsServer.url, name: 'test', logger: silentLogger, lifecycle });
  const connection = await nats.connection();
  await ensureStream(connection, stream);
  const sandboxOptions = { rateLimitPerMinute: options.rateLimitPerMinute ?? 100_000, stateFile: options.stateFile };
  let sandbox = await openSandbox(sandboxOptions);
  const sandboxPort = Number(new URL(sandbox.url).port);
  let doorbell = true;

  const publishAgain = async (change: TestChange): Promise<void> => {
    await connection.jetstream().publish(change.subject, change.event, { msgID: randomUUID() });
  };
  const practice = new Practice(async (change) => {
    if (doorbell) await connection.jetstream().publish(change.subject, change.event, { msgID: change.eventId });
  });
  const external = createExternalChanges(practice);
  let polls = 0;
  const scheduling = await startScheduling(practice, external, lifecycle, () => (polls += 1));
  const replicas: Replica[] = [];

  const environmentOf = (extra: Record<string, string>): Record<string, string> => ({
    HOST: '127.0.0.1',
    GRPC_PORT: '0',
    ADMIN_PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    NATS_URL: natsServer.url,
    AUTH_ADDRESS: '127.0.0.1:1',
    SCHEDULING_ADDRESS: `127.0.0.1:${scheduling.port}`,
    SCHEDULING_SERVICE_TOKEN: secret,
    CALCOM_API_URL: `http://127.0.0.1:${sandboxPort}/v2`,
    CALCOM_API_KEY: 'cal_sandbox',
    CALCOM_TIMEOUT_MS: '800',
    CALCOM_SETTLE_MS: '400',
    LEASE_MS: '2500',
    COALESCE_MS: '200',
    CHANGES_POLL_MS: '30000',
    INBOUND_POLL_MS: '500',
    ...extra,
  });
  const admin = async (path: string, method: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox refused ${path}: ${await response.text()}`);
    return response.json();
  };
  const standing = (): Record<string, string> => describeSandbox(sandbox);
  const readRow = async (appointmentId: string): Promise<Record<string, unknown>> => {
    const [row] = await query<Record<string, unknown>>(database, {
      text: 'SELECT * FROM calendar_links WHERE appointment_id = $1',
      values: [appointmentId],
    });
    return row ?? {};
  };

  return {
    practice,
    database,
    get sandbox() {
      return sandbox;
    },
    setDoorbell: (on) => {
      doorbell = on;
    },
    async consumers() {
      const manager = await connection.jetstreamManager();
      return (await manager.consumers.list(stream.name).next()).map(({ name }) => name);
    },
    externalLog: external.log,
    polls: () => polls,
    publishAgain,
    publishGarbage: async () => {
      await connection.jetstream().publish('daybook.scheduling.v1.appointment.booked', Buffer.from([255, 255, 1]));
    },
    async startReplica(environment = {}) {
      const config = configSchema.parse(environmentOf(environment));
      const own = new Lifecycle();
      const ports = await startCalcomSync(config, {
        logger: silentLogger,
        lifecycle: own,
        migrationsDirectory: migrations,
      });
      const replica = { ...ports, stop: () => own.shutdown() };
      replicas.push(replica);
      return replica;
    },
    spawnReplica: (environment = {}) =>
      spawn(process.execPath, [join(serviceDirectory, 'src/main.ts')], {
        env: environmentOf(environment),
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    setFaults: async (rules) => void (await admin('/faults', 'POST', { rules })),
    setSandbox: async (settings) => void (await admin('/settings', 'POST', settings)),
    requests: async () => ((await admin('/requests', 'GET')) as { requests: LoggedCall[] }).requests,
    stopSandbox: () => sandbox.stop(),
    async restartSandbox() {
      sandbox = await openSandbox({ ...sandboxOptions, port: sandboxPort });
    },
    standing,
    async inStep(timeoutMs = 20_000) {
      const wanted = practice.wanted();
      await until(
        async () => {
          if (JSON.stringify(sorted(standing())) !== JSON.stringify(sorted(wanted))) return false;
          const rows = await query<{ id: string; version: number }>(database, {
            text: `SELECT appointment_id AS id, done_version AS version FROM calendar_links WHERE state = 'in_step'`,
          });
          return (
            rows.length === practice.appointments.size &&
            rows.every(({ id, version }) => practice.appointments.get(id)?.version === version)
          );
        },
        { timeoutMs, what: 'both sides in step' },
      ).catch((error: unknown) => {
        throw new Error(`not in step: wanted ${JSON.stringify(wanted)}, standing ${JSON.stringify(standing())}`, {
          cause: error,
        });
      });
    },
    inStepOf: (id, timeoutMs) =>
      until(async () => (await readRow(id))['state'] === 'in_step' && standing()[id] === practice.wanted()[id], {
        timeoutMs,
        what: `${id} in step`,
      }).then(() => undefined),
    setSchedulingAway: (away) => external.setAway(away),
    applyAs: (changeKey, start) => external.takeIn(changeKey, start),
    apply: (request) => external.ask(request),
    typeRows: () =>
      query(database, {
        text: 'SELECT appointment_type_id::text AS id, done_version AS version, state, message FROM event_type_links',
      }),
    attempts: (id) =>
      query(database, {
        text: 'SELECT action, outcome, status, message FROM sync_attempts WHERE appointment_id = $1 ORDER BY id',
        values: [id],
      }),
    bookedTypes: external.bookedTypes,
    notes: external.notes,
    row: readRow,
    async connection() {
      const [row] = await query<Record<string, unknown>>(database, { text: 'SELECT * FROM connections' });
      return row;
    },
    async events() {
      const rows = await query<{ payload: Buffer }>(database, { text: 'SELECT payload FROM outbox ORDER BY seq' });
      return rows.map(({ payload }) => decodeCalendarSyncEvent(payload));
    },
    async stop() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await lifecycle.shutdown();
      await sandbox.stop().catch(() => undefined);
      await natsServer.stop();
      await testDb.drop();
    },
  };
}

async function openSandbox(options: { rateLimitPerMinute: number; stateFile: string | undefined; port?: number }) {
  const { stateFile, ...rest } = options;
  return startSandbox(stateFile === undefined ? rest : { ...rest, stateFile });
}

function startScheduling(
  practice: Practice,
  external: ReturnType<typeof createExternalChanges>,
  lifecycle: Lifecycle,
  onPoll: () => void,
): Promise<{ port: number }> {
  return startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    lifecycle,
    authenticate: {
      verifier: { verify: () => Promise.reject(new Error('no users here')) },
      serviceTokens: { 'calcom-sync': [new Secret(secret)] },
    },
    services: [
      {
        definition: schedulingService,
        implementation: {
          ApplyExternalChange: unary((request: ApplyExternalChangeRequest__Output, call) => {
            call.requireService();
            return external.apply(request);
          }),
          ListChangesSince: unary((request: { afterSequence: number; limit: number }, call) => {
            call.requireService();
            onPoll();
            const { afterSequence, limit } = request;
            const newest = practice.changes.at(-1)?.sequence ?? afterSequence;
            // As scheduling answers whose database was restored from a backup.
            if (newest < afterSequence) return Promise.resolve({ changes: [], safeSequence: newest });
            const changes = practice.changes.filter((change) => change.sequence > afterSequence).slice(0, limit);
            const safeSequence = changes.at(-1)?.sequence ?? afterSequence;
            return Promise.resolve({
              changes: changes.map(({ sequence, event }) => ({ sequence, event })),
              safeSequence,
            });
          }),
        },
      },
    ],
  });
}

function describeSandbox(sandbox: Sandbox): Record<string, string> {
  const standing: Record<string, string> = {};
  for (const booking of sandbox.state.bookings) {
    const id = booking.metadata['daybookId'];
    if (typeof id !== 'string' || (booking.status !== 'accepted' && booking.status !== 'pending')) continue;
    const start = Date.parse(booking.start);
    const place = describePlace(start, Math.round((Date.parse(booking.end) - start) / 60_000));
    standing[id in standing ? `${id} copy ${booking.uid}` : id] = place;
  }
  return standing;
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
