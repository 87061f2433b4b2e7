import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import type { EmbeddedPostgres } from '@daybook/stack/embedded-postgres';
import { startNatsServer } from '@daybook/stack/nats-server';
import type { NatsServer } from '@daybook/stack/nats-server';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { killBackends, listPids } from '../support/faults/injections.ts';
import { describeIfMounting, fillDisk, mountSmallDisk, unmount } from '../support/faults/small-disk.ts';

jest.setTimeout(300_000);

/** What a service itself does when its output cannot be written is looked at in packages/runtime/src/logger.test.ts. */
describeIfMounting(() => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let nats: NatsServer;
  let world: FaultWorld;
  const logs = (): string => join(folder, 'logs');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-logs-'));
    chmodSync(folder, 0o711);
    mountSmallDisk(logs(), 20);
    const [dataDirectory, storeDirectory] = [join(folder, 'postgres'), join(folder, 'nats')];
    postgres = await startEmbeddedPostgres({ dataDirectory, durable: true, logFile: join(logs(), 'postgres.log') });
    nats = await startNatsServer({ storeDirectory, syncAlways: true, logFile: join(logs(), 'nats.log') });
    world = await FaultWorld.open({ databaseUrl: postgres.adminUrl, natsUrl: nats.url, logFolders: [logs()] });
  });
  afterAll(async () => {
    await world?.close();
    await nats?.stop();
    await postgres?.stop();
    await discardEmbeddedPostgres(join(folder, 'postgres'));
    unmount(logs());
    await rm(folder, { recursive: true, force: true });
  });

  test(`F19: the disk of the logs of PostgreSQL and NATS is full: nobody notices, not even when there is much to write (seed ${seed})`, async () => {
    const pids = listPids(world);
    const { faults, result } = await world.run({
      name: 'F19 no room for logs',
      inject: async (here, random) => {
        const giveBack = fillDisk(logs());
        await delay(3000);
        // Each connection that is killed is worth several lines.
        for (let round = 0; round < 3; round += 1) {
          await killBackends(here, random);
          await delay(1000);
        }
        giveBack();
      },
    });
    expect(faults).toEqual([]);
    expect(listPids(world)).toEqual(pids);
    expect(result.ok).toBeGreaterThan(20);
  });
});
