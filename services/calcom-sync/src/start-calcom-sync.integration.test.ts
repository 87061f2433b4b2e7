import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@daybook/runtime/migrations';
import { query } from '@daybook/runtime/postgres';
import { silentLogger, testDatabase, until } from '@daybook/runtime/testing';
import { startSyncStack } from './testing/sync-stack.ts';

// Alone in its file: metrics are per process, so another replica here would answer for this one.
test('before the schema is there, a replica serves, says what is missing and touches no event; then it works', async () => {
  const none = await mkdtemp(join(tmpdir(), 'daybook-empty-'));
  const testDb = await testDatabase({ migrations: none });
  const { url, database } = testDb;
  const stack = await startSyncStack();
  try {
    const replica = await stack.startReplica({ DATABASE_URL: url });
    await stack.practice.book(stack.practice.at(0));
    const address = `http://127.0.0.1:${replica.adminPort}`;
    const probe = await fetch(`${address}/readyz`);
    expect(probe.status).toBe(503);
    expect(await probe.json()).toMatchObject({ missing: { migrations: 'not ready' } });
    expect((await fetch(`${address}/metrics`)).status).toBe(200);
    expect(await stack.consumers()).toEqual([]);
    await migrate({ url, directory: join(process.cwd(), 'services/calcom-sync/migrations'), logger: silentLogger });
    await until(async () => (await fetch(`${address}/readyz`)).status === 200);
    await until(async () => {
      const rows = await query(database, { text: `SELECT 1 FROM calendar_links WHERE state = 'in_step'` });
      return rows.length === 1;
    });
    expect(await stack.consumers()).toEqual(['calcom-sync']);
    await replica.stop();
  } finally {
    await stack.stop();
    await testDb.drop();
    await rm(none, { recursive: true });
  }
}, 30_000);
