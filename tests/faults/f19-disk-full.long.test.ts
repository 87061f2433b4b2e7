import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import { startIn } from '../support/api-client.ts';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { readServerLogs } from '../support/faults/gather-evidence.ts';
import { rowsOf } from '../support/rows-of.ts';
import { listPids } from '../support/faults/injections.ts';
import { describeIfMounting, fillDisk, mountSmallDisk, unmount } from '../support/faults/small-disk.ts';
import { bookingOf } from '../support/load.ts';

jest.setTimeout(300_000);

describeIfMounting(() => {
  let folder: string;
  let world: FaultWorld;
  const place = (name: string): string => join(folder, 'data', name);
  const noSpaceLines = (name: string): number =>
    readServerLogs([place(name)]).filter((line) => /no space left on device/i.test(line)).length;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-full-'));
    chmodSync(folder, 0o711);
    for (const name of ['postgres', 'nats']) mountSmallDisk(place(name), 600);
    chmodSync(join(folder, 'data'), 0o711);
    world = await FaultWorld.open({ dataDirectory: join(folder, 'data') });
  });
  afterAll(async () => {
    await world?.close();
    for (const name of ['postgres', 'nats']) unmount(place(name));
    await rm(folder, { recursive: true, force: true });
  });

  test(`F19: the disk of PostgreSQL has no room for rows: bookings are refused until there is (seed ${seed})`, async () => {
    const pids = listPids(world);
    const before = noSpaceLines('postgres');
    const { faults, result } = await world.run({
      name: 'F19 no room for rows',
      inject: async () => {
        const giveBack = fillDisk(place('postgres'));
        await delay(8000);
        giveBack();
      },
    });
    expect(faults).toEqual([]);
    expect(listPids(world)).toEqual(pids);
    expect(noSpaceLines('postgres')).toBeGreaterThan(before);
    expect(result.unknown).toBeGreaterThan(0);
  });

  test(`F19: not even PostgreSQL's own log of changes can grow: it ends, and comes back when it can (seed ${seed})`, async () => {
    const pids = listPids(world);
    const first = world.stack.postgres.pid;
    const answers: number[] = [];
    const { faults } = await world.run({
      name: 'F19 no room for the log of changes',
      inject: async () => {
        const giveBack = fillDisk(place('postgres'));
        // The log is laid out ahead in whole files; they are used up by hand, as a busy week would.
        await until(
          async () => {
            await rowsOf(
              world.stack.adminDatabaseUrl,
              "SELECT pg_logical_emit_message(false, 'fill', 'x'), pg_switch_wal()",
            );
            return false;
          },
          { timeoutMs: 8000, intervalMs: 1, what: 'PostgreSQL to end' },
        ).catch(() => undefined);
        await until(() => Promise.resolve(world.stack.postgres.pid !== first), {
          timeoutMs: 10_000,
          what: 'PostgreSQL to end',
        });
        for (let index = 0; index < 5; index += 1) {
          const { status } = await world.api.book(bookingOf(`full-${index}`, startIn(170, index)));
          answers.push(status);
          await delay(500);
        }
        giveBack();
        // Nobody does anything: it is started again by whoever runs it.
        await until(
          () =>
            rowsOf(world.stack.adminDatabaseUrl, 'SELECT 1').then(
              () => true,
              () => false,
            ),
          {
            timeoutMs: 30_000,
            what: 'PostgreSQL to serve again',
          },
        );
      },
    });
    expect(faults).toEqual([]);
    expect(listPids(world)).toEqual(pids);
    expect(answers).toEqual([503, 503, 503, 503, 503]);
  });

  test(`F19: the disk of NATS is full: booking does not notice, and Cal.com hears of everything afterwards (seed ${seed})`, async () => {
    const pids = listPids(world);
    let waiting = 0;
    const { faults } = await world.run({
      name: 'F19 disk of NATS full',
      offPath: true,
      inject: async () => {
        const giveBack = fillDisk(place('nats'));
        await delay(8000);
        const [row] = await rowsOf<{ count: string }>(
          world.stack.databaseUrls.scheduling,
          'SELECT count(*) FROM outbox WHERE published_at IS NULL',
        );
        waiting = Number(row?.count);
        giveBack();
      },
    });
    process.stdout.write(`  ${waiting} events waited for the disk of NATS\n`);
    expect(faults).toEqual([]);
    expect(listPids(world)).toEqual(pids);
    expect(waiting).toBeGreaterThan(0);
  });
});
