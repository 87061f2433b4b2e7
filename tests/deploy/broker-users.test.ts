import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deleteFromStream, ensureStream } from '@daybook/runtime/nats';
import { findFreePorts } from '@daybook/stack/free-port';
import { resolveNatsServer } from '@daybook/stack/nats-server';
import { AckPolicy, connect, type NatsConnection } from 'nats';
import { chartFolder } from '../support/helm.ts';

jest.setTimeout(120_000);

const directory = mkdtempSync(join(tmpdir(), 'broker-users-'));
const users = ['scheduling', 'calcom-sync', 'gateway', 'operator'] as const;
type User = (typeof users)[number];
const scheduling = { name: 'DAYBOOK_SCHEDULING', subjects: ['daybook.scheduling.v1.>'], maxAgeDays: 7 };
let port = 0;
let server: ChildProcess;
const open: NatsConnection[] = [];

/** Connects as the services do: with an inbox of its own name. */
async function connectAs(user: User): Promise<NatsConnection> {
  const connection = await connect({
    ...{ servers: `127.0.0.1:${port}`, user, pass: `p-${user}`, reconnect: false, inboxPrefix: `_INBOX.${user}` },
  });
  open.push(connection);
  return connection;
}

beforeAll(async () => {
  const { binary } = await resolveNatsServer();
  [port = 0] = await findFreePorts(1);
  const configuration = join(directory, 'nats.conf');
  const rules = readFileSync(join(chartFolder, 'files/nats-users.conf'), 'utf8');
  const store = `jetstream { store_dir: ${JSON.stringify(join(directory, 'js'))} }`;
  writeFileSync(configuration, `listen: "127.0.0.1:${port}"\n${store}\n${rules}`);
  const passwords = users.map((user) => [`${user.toUpperCase().replace('-', '_')}_PASSWORD`, `p-${user}`] as const);
  server = spawn(binary, ['-c', configuration], { env: { ...process.env, ...Object.fromEntries(passwords) } });
  for (const until = Date.now() + 20_000; ; await delay(50)) {
    const answer = await connectAs('operator').catch((error: unknown) => error);
    if (!(answer instanceof Error)) break;
    if (Date.now() > until) throw answer;
  }
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
  rmSync(directory, { recursive: true, force: true });
});

test('nobody comes in without a password, or with another one', async () => {
  const attempt = (pass?: string) =>
    connect({ servers: `127.0.0.1:${port}`, reconnect: false, ...(pass ? { user: 'scheduling', pass } : {}) });
  await expect(attempt()).rejects.toThrow(/authorization/i);
  await expect(attempt('p-gateway')).rejects.toThrow(/authorization/i);
});

test('each service can do its work: declare, publish its own, follow the other’s', async () => {
  const owner = await connectAs('scheduling');
  await ensureStream(owner, scheduling);
  await expect(owner.jetstream().publish('daybook.scheduling.v1.appointment', 'x')).resolves.toMatchObject({ seq: 1 });
  const sync = await connectAs('calcom-sync');
  const manager = await sync.jetstreamManager();
  await manager.consumers.add(scheduling.name, { durable_name: 'calcom-sync', ack_policy: AckPolicy.Explicit });
  const consumer = await sync.jetstream().consumers.get(scheduling.name, 'calcom-sync');
  const message = await consumer.next({ expires: 5000 });
  await expect(message?.ackAck()).resolves.toBe(true);
  const gateway = await connectAs('gateway');
  const follower = await gateway.jetstream().consumers.get(scheduling.name);
  expect((await follower.next({ expires: 5000 }))?.subject).toBe('daybook.scheduling.v1.appointment');
  const { created: streamCreated } = await manager.streams.info(scheduling.name);
  await expect(deleteFromStream(owner, scheduling, { sequence: 1, streamCreated })).resolves.toBe(true);
});

test.each<[User, string]>([
  ['calcom-sync', 'daybook.scheduling.v1.appointment'],
  ['scheduling', 'daybook.calendarsync.v1.link'],
  ['gateway', 'daybook.scheduling.v1.appointment'],
  ['gateway', '$JS.API.STREAM.DELETE.DAYBOOK_SCHEDULING'],
  ['scheduling', '$JS.API.STREAM.DELETE.DAYBOOK_SCHEDULING'],
  ['calcom-sync', '$JS.API.STREAM.PURGE.DAYBOOK_SCHEDULING'],
  ['calcom-sync', '$JS.API.STREAM.MSG.DELETE.DAYBOOK_SCHEDULING'],
  ['scheduling', '$JS.API.STREAM.MSG.DELETE.DAYBOOK_CALENDARSYNC'],
  ['calcom-sync', '$JS.API.STREAM.CREATE.OTHER'],
  ['gateway', '_INBOX.scheduling.x'],
])('%s cannot publish %s', async (user, subject) => {
  const operator = await connectAs('operator');
  const heard = operator.subscribe(subject);
  await operator.flush();
  const connection = await connectAs(user);
  await expect(connection.request(subject, '{}', { timeout: 2000 })).rejects.toThrow(/permissions violation/i);
  await operator.flush();
  expect(heard.getReceived()).toBe(0);
});

test.each<[User, string]>([
  ['gateway', 'daybook.>'],
  ['gateway', '_INBOX.scheduling.>'],
  ['calcom-sync', '_INBOX.>'],
  ['scheduling', '$SYS.>'],
])('%s cannot listen to %s', async (user, subject) => {
  const connection = await connectAs(user);
  const refusal = new Promise<string>((resolve) => {
    connection.subscribe(subject, { callback: (error) => resolve(error?.message ?? 'a message came') });
  });
  await connection.flush().catch(() => undefined);
  expect(await Promise.race([refusal, delay(5000, 'nothing was refused', { ref: false })])).toMatch(
    /permissions violation/i,
  );
});
