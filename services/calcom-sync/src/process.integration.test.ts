import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from '@daybook/runtime/postgres';
import { testDatabase, until } from '@daybook/runtime/testing';
import { startSyncStack } from './testing/sync-stack.ts';

const source = join(process.cwd(), 'services/calcom-sync/src');

async function run(file: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(source, file)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

describe('the processes', () => {
  test('the migration job brings an empty database to the schema, and repeating it changes nothing', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'daybook-empty-'));
    const { url, database, drop } = await startEmpty(empty);
    try {
      for (let round = 0; round < 2; round += 1) {
        expect(await run('migrate.ts', { DATABASE_URL: url })).toMatchObject({ code: 0 });
      }
      const tables = await query<{ name: string }>(database, {
        text: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
      });
      const names = tables.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['connections', 'calendar_links', 'availability_links', 'outbox']));
    } finally {
      await drop();
      await rm(empty, { recursive: true });
    }
  }, 30_000);

  test('an unusable environment is named whole, without values, and ends the process', async () => {
    const { code, output } = await run('main.ts', {
      CALCOM_API_URL: 'http://x/v2',
      GRPC_PORT: 'many',
      DATABASE_URL: 's3',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/GRPC_PORT/);
    expect(output).toMatch(/NATS_URL/);
    expect(output).not.toContain('s3');
  }, 20_000);

  test('ready without NATS or Cal.com, and the metrics tell the latency of a push', async () => {
    const stack = await startSyncStack();
    try {
      const replica = await stack.startReplica();
      await stack.practice.book(stack.practice.at(0));
      await stack.inStep();
      const address = `http://127.0.0.1:${replica.adminPort}`;
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
      const metrics = await (await fetch(`${address}/metrics`)).text();
      expect(metrics).toMatch(/daybook_sync_latency_seconds_bucket\{le="5",target="calcom",operation="create"\} 1/);
      expect(metrics).toMatch(/daybook_sync_pending\{target="calcom"\} 0/);
      expect(metrics).toMatch(/daybook_sync_parked\{target="calcom"\} 0/);
      expect(metrics).toMatch(/daybook_breaker_state\{name="calcom"\} 0/);
      await stack.stopSandbox();
      const cut = await stack.startReplica({ NATS_URL: 'nats://127.0.0.1:1' });
      const isReady = async () => (await fetch(`http://127.0.0.1:${cut.adminPort}/readyz`)).status === 200;
      await until(isReady, { timeoutMs: 5000, what: 'ready without NATS' });
    } finally {
      await stack.stop();
    }
  }, 30_000);
});

async function startEmpty(directory: string) {
  const testDb = await testDatabase({ migrations: directory });
  return { url: testDb.url, database: testDb.database, drop: () => testDb.drop() };
}
