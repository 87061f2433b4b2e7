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
import type { Stack } from '@daybook/stack/start-stack';
import pg from 'pg';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { activeBookings } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(240_000);

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const logger = createLogger('test', 'silent');

let folder: string;
let stack: Stack;
let stop: () => Promise<void>;
let api: ApiClient;

/** Without the removal of the folder that a test stack does at its end: the practice must live on. */
async function start(): Promise<void> {
  const started = await startTestStack({ dataDirectory: folder });
  stack = started.stack;
  stop = () => stack.stop();
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-backup-'));
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

async function sql(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

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
  test('is taken while bookings go on, is proven, is private, and shows in the metrics', async () => {
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
    expect(Number(/^daybook_last_backup_timestamp_seconds (\S+)$/m.exec(page)?.[1])).toBeCloseTo(
      Date.parse(manifest.takenAt) / 1000,
      0,
    );
    const left = await sql(stack.adminDatabaseUrl, `SELECT 1 FROM pg_database WHERE datname LIKE 'daybook_proof_%'`);
    expect(left.rowCount).toBe(0);
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
    const { rows } = await sql(
      stack.migratorUrls.scheduling,
      `DELETE FROM appointment_history WHERE (appointment_id, version) IN
         (SELECT appointment_id, version FROM appointment_history LIMIT 1) RETURNING *`,
    );
    const directory = join(folder, 'unsound');
    const before = await sql(stack.databaseUrls.scheduling, 'SELECT count(*) FROM restore_proofs');
    const { file } = await takeBackup({ urls: urls(), directory, key: undefined, version: '0' });
    const proof = proveBackup({
      ...{ file, key: undefined, logger, scratchUrl: stack.adminDatabaseUrl },
      schedulingUrl: stack.databaseUrls.scheduling,
    });
    await expect(proof).rejects.toThrow('every appointment has one line of history per version: 1 fault(s)');
    expect(await sql(stack.databaseUrls.scheduling, 'SELECT count(*) FROM restore_proofs')).toMatchObject({
      rows: before.rows,
    });
    const client = new pg.Client({ connectionString: stack.migratorUrls.scheduling });
    await client.connect();
    await client.query(
      `INSERT INTO appointment_history SELECT * FROM jsonb_populate_record(NULL::appointment_history, $1)`,
      [JSON.stringify(rows[0])],
    );
    await client.end();
  });
});

describe('after everything was destroyed', () => {
  test('a restore brings everything back: nothing lost, nothing doubled, and the work goes on', async () => {
    const before = await allInStep();
    const bookingsBefore = await activeBookings(stack.sandboxUrl!);
    const key = Buffer.alloc(32, 9).toString('base64');
    const output = await command(['backup'], { BACKUP_ENCRYPTION_KEY: key });
    const [, file = ''] = /^(\/.*\.backup)$/m.exec(output) ?? [];
    await expect(command(['restore', file, '--replace'], { BACKUP_ENCRYPTION_KEY: key })).rejects.toThrow(
      /Stop it first/,
    );

    await stop();
    await discardEmbeddedPostgres(join(folder, 'postgres'));
    await rm(join(folder, 'nats'), { recursive: true });
    await rm(join(folder, 'secrets.json'));
    expect(await command(['restore', file], { BACKUP_ENCRYPTION_KEY: key })).toContain('Restored');
    await expect(command(['restore', file], { BACKUP_ENCRYPTION_KEY: key })).rejects.toThrow(/not empty/);

    await start();
    expect(essence(await api.allAppointments())).toEqual(essence(before));
    // The stream is new, so every kept event is published again; none of it may reach Cal.com a second time.
    await until(
      async () => {
        const page = await (await fetch(`${stack.adminUrls.scheduling}/metrics`)).text();
        return /^daybook_outbox_unpublished 0$/m.test(page);
      },
      { timeoutMs: 20_000, what: 'the outbox to be published again' },
    );
    await allInStep();
    const uids = (bookings: Awaited<ReturnType<typeof activeBookings>>) =>
      [...bookings].map(([id, { uid, start }]) => `${id} ${uid} ${start}`).sort();
    expect(uids(await activeBookings(stack.sandboxUrl!))).toEqual(uids(bookingsBefore));

    const booked = await api.book({ customer: { name: 'Ben' }, start: startIn(40, 9), durationMinutes: 30 });
    expect(booked.status).toBe(201);
    const standing = before.find((each) => each.status === 'scheduled')!;
    expect((await api.cancel(standing.id)).status).toBe(200);
    await until(
      async () => {
        const active = await activeBookings(stack.sandboxUrl!);
        return active.has(booked.body.id) && !active.has(standing.id);
      },
      { timeoutMs: 15_000, what: 'new changes in Cal.com' },
    );
  });
});
