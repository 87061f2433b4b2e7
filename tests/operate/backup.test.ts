import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Appointment } from '@daybook/http-contract/appointments';
import { proveBackup } from '@daybook/operate/prove-backup';
import { verifyArchive } from '@daybook/operate/restore-backup';
import { takeBackup } from '@daybook/operate/take-backup';
import { createLogger } from '@daybook/runtime/logger';
import { until } from '@daybook/runtime/testing';
import { discardEmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import { findFreePorts } from '@daybook/stack/free-port';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { rowsOf } from '../support/rows-of.ts';
import { activeBookings } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(240_000);

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const logger = createLogger('test', 'silent');

let folder: string;
let sandboxPort: number;
let stack: Stack;
let stop: () => Promise<void>;
let api: ApiClient;

/**
 * Without the removal of the folder that a test stack does at its end: the practice must live on. Cal.com stays where it is,
 * since at another address it would be another Cal.com.
 */
async function start(): Promise<void> {
  const started = await startTestStack({ dataDirectory: folder, ports: { sandbox: sandboxPort } });
  stack = started.stack;
  stop = () => stack.stop();
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-backup-'));
  [sandboxPort = 0] = await findFreePorts(1);
  await start();
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => {
  await stop?.();
  await discardEmbeddedPostgres(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

/** The command as its users give it, on the data folder of this test. */
async function command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(root, 'dev', 'stack', 'src', 'backup-commands.ts');
  const { stdout } = await run(join(root, 'node_modules', '.bin', 'node'), [file, ...args], {
    env: { ...process.env, DAYBOOK_DATA_DIR: folder, ...env },
  });
  return stdout;
}

const urls = () => ({
  auth: stack.databaseUrls.auth,
  scheduling: stack.databaseUrls.scheduling,
  calcom_sync: stack.databaseUrls.calcomSync,
});

async function bookMany(count: number, firstDay: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const customer = { name: `Ann Lée ${at} \\N "quoted"`, email: `ann${at}@example.com` };
    const notes = 'one\nline\tand \\N another, \u{1f642}';
    const booked = await api.book({ customer, notes, start: startIn(firstDay + at, 9), durationMinutes: 30 });
    expect(booked.status).toBe(201);
    if (at % 3 === 0) await api.reschedule(booked.body.id, { start: startIn(firstDay + at, 11) });
    if (at % 4 === 0) await api.cancel(booked.body.id, 'ill');
  }
}

const allInStep = () =>
  until(
    async () => {
      const all = await api.allAppointments();
      return all.every((each) => each.status !== 'scheduled' || each.sync.state === 'in_step') && all;
    },
    { timeoutMs: 30_000, what: 'every appointment in step' },
  );

/** What must be the same after a restore; the mark carries the instant of its last check. */
const essence = (appointments: Appointment[]) =>
  appointments
    .map(({ id, start, end, status, version, customer, notes }) => ({
      id,
      start,
      end,
      status,
      version,
      customer,
      notes,
    }))
    .sort((a, b) => a.id.localeCompare(b.id));

describe('a backup', () => {
  test('is taken while bookings go on, is proven, is private, and shows in the metrics and to the owner', async () => {
    const going = bookMany(12, 3);
    const output = await command(['backup']);
    await going;
    const [, file = ''] = /^(\/.*\.backup)$/m.exec(output) ?? [];
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(output).toContain('It was restored into scratch databases and is whole.');
    const manifest = await verifyArchive(file, undefined);
    expect(Object.values(manifest.invariants).every((count) => count === 0)).toBe(true);
    expect(Object.keys(manifest.invariants).length).toBeGreaterThan(5);
    const page = await (await fetch(`${stack.adminUrls.scheduling}/metrics`)).text();
    const proven = /^daybook_last_proven_restore_timestamp_seconds (\S+)$/m.exec(page)?.[1];
    expect(Date.now() / 1000 - Number(proven)).toBeLessThan(120);
    const { body: practice } = await api.request<{ lastProvenRestoreAt?: string }>('GET', '/api/practice');
    expect(Date.parse(practice.lastProvenRestoreAt ?? '') / 1000).toBeCloseTo(Number(proven), 0);
    expect(Number(/^daybook_last_backup_timestamp_seconds (\S+)$/m.exec(page)?.[1])).toBeCloseTo(
      Date.parse(manifest.takenAt) / 1000,
      0,
    );
    const left = await rowsOf(stack.adminDatabaseUrl, `SELECT 1 FROM pg_database WHERE datname LIKE 'daybook_proof_%'`);
    expect(left).toEqual([]);
    // Without encryption it is a plain tar, for whoever has nothing but tar.
    expect((await run('tar', ['-tzf', file])).stdout).toContain('scheduling/appointments.copy');
  });

  test('is refused when a bit of it is wrong, when it is cut, and with another key', async () => {
    const key = Buffer.alloc(32, 7);
    const directory = join(folder, 'damaged');
    for (const backup of [
      await takeBackup({ urls: urls(), directory, key: undefined, version: '0' }),
      await takeBackup({ urls: urls(), directory, key, version: '0' }),
    ]) {
      const whole = await readFile(backup.file);
      await verifyArchive(backup.file, key);
      for (const at of [30, Math.floor(whole.length / 3), Math.floor(whole.length / 2), whole.length - 30]) {
        const broken = Buffer.from(whole);
        broken[at] = (broken[at] ?? 0) ^ 4;
        await writeFile(join(directory, 'broken'), broken);
        await expect(verifyArchive(join(directory, 'broken'), key)).rejects.toThrow();
        await writeFile(join(directory, 'broken'), whole.subarray(0, at));
        await expect(verifyArchive(join(directory, 'broken'), key)).rejects.toThrow();
      }
    }
    const [encrypted] = (await readdir(directory)).filter((name) => name.endsWith('.backup')).slice(-1);
    const file = join(directory, encrypted ?? '');
    await expect(verifyArchive(file, undefined)).rejects.toThrow(/BACKUP_ENCRYPTION_KEY/);
    await expect(verifyArchive(file, Buffer.alloc(32, 8))).rejects.toThrow(/the key is not the one/);
    expect((await readFile(file)).includes('ann')).toBe(false);
  });

  test('of a practice that lost a line of history proves nothing', async () => {
    const rows = await rowsOf(
      stack.migratorUrls.scheduling,
      `DELETE FROM appointment_history WHERE (appointment_id, version) IN
         (SELECT appointment_id, version FROM appointment_history LIMIT 1) RETURNING *`,
    );
    const directory = join(folder, 'unsound');
    const before = await rowsOf(stack.databaseUrls.scheduling, 'SELECT count(*) FROM restore_proofs');
    const { file } = await takeBackup({ urls: urls(), directory, key: undefined, version: '0' });
    const proof = proveBackup({
      ...{ file, key: undefined, logger, scratchUrl: stack.adminDatabaseUrl },
      schedulingUrl: stack.databaseUrls.scheduling,
    });
    await expect(proof).rejects.toThrow('every appointment has one line of history per version: 1 fault(s)');
    expect(await rowsOf(stack.databaseUrls.scheduling, 'SELECT count(*) FROM restore_proofs')).toEqual(before);
    await rowsOf(
      stack.migratorUrls.scheduling,
      `INSERT INTO appointment_history SELECT * FROM jsonb_populate_record(NULL::appointment_history, $1)`,
      [JSON.stringify(rows[0])],
    );
  });
});

const uids = (bookings: Awaited<ReturnType<typeof activeBookings>>) =>
  [...bookings.values()].map(({ uid, start }) => `${uid} ${start}`).sort();

const places = (appointments: Appointment[]) =>
  appointments
    .filter(({ status }) => status === 'scheduled')
    .map(({ start, end, customer }) => `${customer.name} ${start} ${end}`)
    .sort();

/** The hours between the last backup and the loss of everything: a booking, a move and a cancellation, told to Cal.com. */
async function workOn(moved: Appointment, cancelled: Appointment): Promise<void> {
  const cleo = { name: 'Cleo Fay', email: 'cleo@example.com' };
  expect((await api.book({ customer: cleo, start: startIn(41, 9), durationMinutes: 45 })).status).toBe(201);
  expect((await api.reschedule(moved.id, { start: startIn(42, 9) })).status).toBe(200);
  expect((await api.cancel(cancelled.id, 'ill')).status).toBe(200);
  await until(async () => !(await activeBookings(stack.sandboxUrl!)).has(cancelled.id), {
    timeoutMs: 15_000,
    what: 'the cancellation in Cal.com',
  });
}

type Sweep = { finishedAt?: string; error?: string; differencesFound: { kind: string; outcome: string }[] };

/** What the owner does by _Compare now_; resolves with the comparison once it is over. */
async function compareNow(): Promise<Sweep> {
  const connections = await api.request<{ items: { id: string }[] }>('GET', '/api/calendar-connections');
  const [connection] = connections.body.items;
  const path = '/api/calendar-connections';
  const { body } = await api.request<{ id: string }>('POST', `${path}/${connection?.id}/sweeps`);
  return until(
    async () => {
      const { body: list } = await api.request<{ items: (Sweep & { id: string })[] }>('GET', `${path}/sweeps`);
      const found = list.items.find(({ id }) => id === body.id);
      return found?.finishedAt !== undefined && found;
    },
    { timeoutMs: 30_000, what: 'the comparison to end' },
  );
}

/** Stops Daybook and takes away everything it kept; Cal.com lives on. */
async function destroy(): Promise<void> {
  await stop();
  await discardEmbeddedPostgres(join(folder, 'postgres'));
  await rm(join(folder, 'nats'), { recursive: true });
  await rm(join(folder, 'secrets.json'));
}

describe('after everything was destroyed', () => {
  test('a restore and a comparison bring everything back: nothing lost, nothing doubled, and the work goes on', async () => {
    const inBackup = await allInStep();
    const key = Buffer.alloc(32, 9).toString('base64');
    const output = await command(['backup'], { BACKUP_ENCRYPTION_KEY: key });
    const [, file = ''] = /^(\/.*\.backup)$/m.exec(output) ?? [];
    await expect(command(['restore', file, '--replace'], { BACKUP_ENCRYPTION_KEY: key })).rejects.toThrow(
      /Stop it first/,
    );
    const [moved, cancelled, standing] = inBackup.filter((each) => each.status === 'scheduled');
    await workOn(moved!, cancelled!);
    const before = await allInStep();
    const bookingsBefore = await activeBookings(stack.sandboxUrl!);

    await destroy();
    expect(await command(['restore', file], { BACKUP_ENCRYPTION_KEY: key })).toContain('Restored');
    await expect(command(['restore', file], { BACKUP_ENCRYPTION_KEY: key })).rejects.toThrow(/not empty/);

    await start();
    // The stream is new, so every kept event is published again; none of it may reach Cal.com a second time.
    await until(
      async () => {
        const page = await (await fetch(`${stack.adminUrls.scheduling}/metrics`)).text();
        return /^daybook_outbox_unpublished 0$/m.test(page);
      },
      { timeoutMs: 20_000, what: 'the outbox to be published again' },
    );
    expect((await compareNow()).error ?? '').toBe('');
    const after = await allInStep();
    // What was in the backup is as it was; what came later is taken back from Cal.com.
    const untouched = ({ id }: Appointment) => id !== moved!.id && id !== cancelled!.id;
    const ids = new Set(inBackup.filter(untouched).map(({ id }) => id));
    const old = (list: Appointment[]) => essence(list.filter(({ id }) => ids.has(id)));
    expect(old(after)).toEqual(old(inBackup));
    expect(places(after)).toEqual(places(before));
    // The bookings there are the very same: none was made anew, none is left over, none stands twice.
    expect(uids(await activeBookings(stack.sandboxUrl!))).toEqual(uids(bookingsBefore));
    expect((await compareNow()).differencesFound).toEqual([]);

    const booked = await api.book({ customer: { name: 'Ben' }, start: startIn(40, 9), durationMinutes: 30 });
    expect(booked.status).toBe(201);
    expect((await api.cancel(standing!.id)).status).toBe(200);
    await until(
      async () => {
        const active = await activeBookings(stack.sandboxUrl!);
        return active.has(booked.body.id) && !active.has(standing!.id);
      },
      { timeoutMs: 15_000, what: 'new changes in Cal.com' },
    );
  });
});
