import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { connect } from 'nats';
import pg from 'pg';
import type { Finding } from '@daybook/operate/checks/check';
import { checkDatabases } from '@daybook/operate/checks/database-check';
import { checkCalcom, checkDisk, checkPublicAddress } from '@daybook/operate/checks/outside-checks';
import { checkBroker, checkBrokerUser } from '@daybook/operate/checks/broker-check';
import { readDoctorConfig } from '@daybook/operate/config';
import { examine, exitCodeOf } from '@daybook/operate/examine';
import { makeAuthority, makeLeaf } from '@daybook/provision/certificates';
import { until } from '@daybook/runtime/testing';
import { findFreePorts } from '@daybook/stack/free-port';
import { resolveNatsServer } from '@daybook/stack/nats-server';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { activeBookings } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-doctor-'));
  ({ stack, stopAndRemove } = await startTestStack({ dataDirectory: folder }));
});
afterAll(async () => {
  await stopAndRemove?.();
  await rm(folder, { recursive: true, force: true });
});

const urls = () => ({
  auth: stack.databaseUrls.auth,
  scheduling: stack.databaseUrls.scheduling,
  calcom_sync: stack.databaseUrls.calcomSync,
});
const environment = (): NodeJS.ProcessEnv => ({
  AUTH_DATABASE_URL: urls().auth,
  SCHEDULING_DATABASE_URL: urls().scheduling,
  CALCOM_SYNC_DATABASE_URL: urls().calcom_sync,
  NATS_URL: stack.natsUrl,
  CALCOM_API_URL: stack.calcomApiUrl,
  CALCOM_API_KEY: stack.calcomApiKey,
  PUBLIC_URL: stack.gatewayUrl,
  ADMIN_URLS: Object.entries(stack.adminUrls)
    .map(([name, url]) => `${name}=${url}`)
    .join(','),
});
const faults = (findings: Finding[]) => findings.filter(({ status }) => status === 'fault');

async function asAdmin(database: string, statements: string[]): Promise<void> {
  const url = new URL(stack.adminDatabaseUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

type Ended = { code: number; stdout: string; stderr: string };

function runProgram(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const root = join(__dirname, '..', '..');
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const node = join(root, 'node_modules', '.bin', 'node');
    execFile(node, [join(root, file), ...args], { env: { PATH, HOME, ...env } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('a healthy system has no fault, and the doctor says so in words, as JSON and by its exit code', async () => {
  const findings = await until(
    async () => {
      const found = await examine(readDoctorConfig({ ...environment(), DISKS: folder }), { repair: false });
      return faults(found).length === 0 && found;
    },
    { timeoutMs: 20_000, what: 'a healthy system to be found healthy' },
  );
  const parts = findings.filter(({ status }) => status === 'ok').map(({ part }) => part);
  expect(parts).toEqual(
    expect.arrayContaining(['gateway', 'database scheduling', 'broker', 'Cal.com', 'public address']),
  );
  const told = await runProgram('packages/operate/src/doctor.ts', [], environment());
  expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('0 fault(s)')]);
  const json = await runProgram('packages/operate/src/doctor.ts', ['--json'], environment());
  expect(JSON.parse(json.stdout)).toMatchObject({ healthy: true });
  expect(told.stdout).toContain('mail: Daybook sends none itself yet');
  // No secret in what people paste into a report.
  for (const secret of [stack.calcomApiKey, new URL(urls().auth).password]) {
    expect(told.stdout + json.stdout).not.toContain(secret);
  }
});

test('those who only use npm start ask npm run doctor', async () => {
  const port = (url: string) => new URL(url).port;
  const told = await runProgram('dev/stack/src/doctor.ts', [], {
    DAYBOOK_DATA_DIR: folder,
    PORT: port(stack.gatewayUrl),
    GATEWAY_ADMIN_PORT: port(stack.adminUrls.gateway),
    AUTH_ADMIN_PORT: port(stack.adminUrls.auth),
    SCHEDULING_ADMIN_PORT: port(stack.adminUrls.scheduling),
    CALCOM_SYNC_ADMIN_PORT: port(stack.adminUrls['calcom-sync']),
  });
  expect([told.code, told.stderr]).toEqual([0, '']);
  expect(told.stdout).toContain('gateway: is ready');
  expect(told.stdout).toMatch(/broker: NATS \S+ with all streams and consumers/);
});

test('a wrong setting is refused by name, with exit code 2', async () => {
  const told = await runProgram('packages/operate/src/doctor.ts', [], { PUBLIC_URL: 'nonsense', NATS_URL: 'http://x' });
  expect(told.code).toBe(2);
  expect(told.stderr).toContain('PUBLIC_URL');
  expect(told.stderr).toContain('NATS_URL');
  const half = await examine(readDoctorConfig({ AUTH_DATABASE_URL: urls().auth, CALCOM_API_KEY: 'x' }), {
    repair: false,
  });
  expect(faults(half).map(({ part }) => part)).toEqual(['configuration', 'configuration']);
  expect(exitCodeOf(half)).toBe(1);
});

describe('the databases', () => {
  test('the role that owns the tables is no role to run a service by', async () => {
    const found = await checkDatabases({ ...urls(), scheduling: stack.migratorUrls.scheduling });
    expect(faults(found)).toEqual([
      expect.objectContaining({
        part: 'database scheduling',
        says: expect.stringContaining('scheduling_migrator owns'),
      }),
    ]);
    const superuser = new URL(stack.adminDatabaseUrl);
    superuser.pathname = '/daybook_auth';
    const asSuperuser = await checkDatabases({ ...urls(), auth: superuser.toString() });
    expect(faults(asSuperuser)[0]?.says).toContain('superuser');
  });

  test('a missing migration, a missing privilege and a wrong password are each named', async () => {
    await asAdmin('daybook_scheduling', [
      `DELETE FROM schema_migrations WHERE name = '0010_restore_proofs.sql'`,
      'REVOKE INSERT ON appointments FROM scheduling_app',
    ]);
    const wrong = new URL(urls().auth);
    wrong.password = 'wrong';
    const found = faults(await checkDatabases({ ...urls(), auth: wrong.toString() }));
    await asAdmin('daybook_scheduling', [
      `INSERT INTO schema_migrations (name) VALUES ('0010_restore_proofs.sql')`,
      'GRANT INSERT ON appointments TO scheduling_app',
    ]);
    const says = found.map((finding) => `${finding.part}: ${finding.says}`).join('\n');
    expect(says).toContain('database auth: cannot be reached: password authentication failed');
    expect(says).toContain('database scheduling: lacks the migration(s) 0010_restore_proofs.sql');
    expect(says).toContain('may not read and write appointments');
    expect(says).not.toContain('wrong@');
    expect(found.every(({ fix }) => (fix ?? '') !== '')).toBe(true);
  });

  test('a clock that is far off is noticed', async () => {
    const real = Date.now;
    Date.now = () => real() + 60_000;
    const found = await checkDatabases(urls()).finally(() => (Date.now = real));
    expect(faults(found).map(({ says }) => says)).toEqual(Array(3).fill('the clock is 60.0 s away from ours'));
  });
});

describe('the broker', () => {
  test('what was removed by hand is found, made again, and work goes on with nothing lost', async () => {
    const api = await ApiClient.signIn(stack.gatewayUrl, owner);
    await api.replaceAvailability(alwaysOpen());
    // The services would make it again by themselves within seconds; without them it stays away for the doctor.
    await Promise.all([stack.process('calcom-sync').stop(), stack.process('scheduling').stop()]);
    const connection = await connect({ servers: new URL(stack.natsUrl).host });
    const manager = await connection.jetstreamManager();
    await manager.consumers.delete('DAYBOOK_CALENDARSYNC', 'scheduling');
    await manager.streams.delete('DAYBOOK_SCHEDULING');
    const broken = await checkBroker({ url: stack.natsUrl, repair: false });
    expect(faults(broken).map(({ part }) => part)).toEqual([
      'stream DAYBOOK_SCHEDULING',
      'consumer calcom-sync',
      'consumer scheduling',
    ]);
    for (let times = 0; times < 2; times += 1) {
      expect(faults(await checkBroker({ url: stack.natsUrl, repair: true }))).toEqual([]);
    }
    expect(faults(await checkBroker({ url: stack.natsUrl, repair: false }))).toEqual([]);

    // What the doctor makes is what the services make: nothing is changed when they come back.
    const configOf = async () => (await manager.streams.info('DAYBOOK_SCHEDULING')).config;
    const consumerOf = async () => (await manager.consumers.info('DAYBOOK_SCHEDULING', 'calcom-sync')).config;
    const before = [await configOf(), await consumerOf()];
    await stack.process('scheduling').start();
    await stack.process('calcom-sync').start();
    // The gateway finds a service that was away again within two seconds.
    const booked = await until(
      async () => {
        const answer = await api.book(
          { customer: { name: 'Ann Lee' }, start: startIn(4, 9), durationMinutes: 30 },
          { key: 'after-repair' },
        );
        return answer.status === 201 && answer;
      },
      { timeoutMs: 5000, what: 'a booking after the repair' },
    );
    await until(async () => (await activeBookings(stack.sandboxUrl!)).has(booked.body.id), {
      timeoutMs: 20_000,
      what: 'the booking in Cal.com',
    });
    expect([await configOf(), await consumerOf()]).toEqual(before);
    await connection.close();
  });

  test('nobody there is said in words', async () => {
    const [finding] = await checkBroker({ url: 'nats://user:secret@127.0.0.1:1', repair: false });
    expect(finding).toMatchObject({ part: 'broker', status: 'fault' });
    expect(JSON.stringify(finding)).not.toContain('secret');
  });
});

describe('the users of the broker, as the chart sets them up', () => {
  let server: ChildProcess;
  let place: string;
  const users = ['gateway', 'scheduling', 'calcom-sync', 'operator'];
  const urlOf = (user: string, password = `secret-of-${user}`) => `nats://${user}:${password}@${place}`;

  beforeAll(async () => {
    const { binary } = await resolveNatsServer();
    const chart = join(__dirname, '..', '..', 'helm', 'daybook', 'files', 'nats-users.conf');
    const [port = 0] = await findFreePorts(1);
    place = `127.0.0.1:${port}`;
    const store = JSON.stringify(join(folder, 'guarded-nats'));
    const configuration = `listen: "${place}"\njetstream { store_dir: ${store}, max_file_store: 64MB }\n`;
    await writeFile(join(folder, 'guarded.conf'), configuration + (await readFile(chart, 'utf8')));
    const passwords = users.map((user) => [`${user.toUpperCase().replace('-', '_')}_PASSWORD`, `secret-of-${user}`]);
    server = spawn(binary, ['-c', join(folder, 'guarded.conf')], {
      env: { ...process.env, ...Object.fromEntries(passwords) },
      stdio: 'ignore',
    });
    await until(async () => (await checkBrokerUser('operator', urlOf('operator')))[0]?.status === 'warning', {
      timeoutMs: 10_000,
      what: 'the guarded broker to answer',
    });
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  });

  test('a service is let in and hears its own only; the operator hears all; a wrong password is told', async () => {
    for (const user of ['gateway', 'scheduling', 'calcom-sync']) {
      expect(await checkBrokerUser(user, urlOf(user))).toEqual([expect.objectContaining({ status: 'ok' })]);
    }
    const [wrong] = await checkBrokerUser('gateway', urlOf('gateway', 'wrong'));
    expect(wrong).toMatchObject({ status: 'fault', says: expect.stringContaining('is not let in') });
  });

  test('the operator makes the streams; a service cannot, and is told which user may', async () => {
    expect(faults(await checkBroker({ url: urlOf('operator'), repair: true }))).toEqual([]);
    const [refused] = faults(await checkBroker({ url: urlOf('gateway'), repair: true }));
    expect(refused?.fix).toContain('operator');
  });
});

describe('the outside', () => {
  test('a refused key, a wrong path and nobody there are told apart', async () => {
    const says = async (url: string, key: string) => (await checkCalcom(url, key))[0]?.says;
    expect(await says(stack.calcomApiUrl, 'cal_wrong')).toContain('refuses our key (401)');
    expect(await says('http://127.0.0.1:1/v2', 'x')).toContain('cannot be reached');
    const [wrongPath] = await checkCalcom(stack.calcomApiUrl.replace('/v2', '/v9'), stack.calcomApiKey);
    expect(wrongPath).toMatchObject({ status: 'fault' });
  });

  test('a certificate is judged by the days it has left', async () => {
    const leaf = makeLeaf(makeAuthority('Test', new Date()), ['localhost'], new Date());
    const server = createServer({ cert: leaf.certificate, key: leaf.key }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `https://localhost:${(server.address() as AddressInfo).port}`;
    const inDays = async (days: number) =>
      (await checkPublicAddress(address, Date.now() + days * 86_400_000))[0]?.status;
    expect([await inDays(0), await inDays(1095 - 10), await inDays(1095 - 1), await inDays(1100)]).toEqual([
      'ok',
      'warning',
      'fault',
      'fault',
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  test('an address that leads elsewhere is not taken for ours', async () => {
    const [finding] = await checkPublicAddress(stack.sandboxUrl!);
    expect(finding).toMatchObject({ status: 'fault', says: expect.stringContaining('not as Daybook does') });
  });

  test('a folder that is not there has no room', async () => {
    expect(await checkDisk('/nowhere')).toEqual([expect.objectContaining({ status: 'fault' })]);
  });
});
