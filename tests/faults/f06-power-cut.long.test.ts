import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { childrenOf } from '../support/faults/injections.ts';
import { describeIfMounting, makeImage, mountImage, unmount } from '../support/faults/small-disk.ts';

jest.setTimeout(300_000);

const megabytes = 700;
type ServerName = 'postgres' | 'nats';

/** False when the process has ended by itself. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

describeIfMounting(() => {
  let folder: string;
  let world: FaultWorld;
  const image = (name: string): string => join(folder, `${name}.ext4`);
  const place = (name: string): string => join(folder, 'data', name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-power-'));
    chmodSync(folder, 0o711);
    for (const name of ['postgres', 'nats']) {
      makeImage(image(name), megabytes);
      mountImage(image(name), place(name));
    }
    chmodSync(join(folder, 'data'), 0o711);
    world = await FaultWorld.open({ dataDirectory: join(folder, 'data') });
  });
  afterAll(async () => {
    await world?.close();
    for (const name of ['postgres', 'nats']) unmount(place(name));
    await rm(folder, { recursive: true, force: true });
  });

  /** Stops a server and its children where they stand, so that nothing more is written. */
  function freeze(pid: number): number[] {
    process.kill(pid, 'SIGSTOP');
    const children = childrenOf(pid).filter((child) => signal(child, 'SIGSTOP'));
    return [...children, pid];
  }

  /**
   * The power goes: the servers are frozen, what has reached the disk is copied, and the servers find the copy when they
   * start again. What was still in the memory of the system is lost with the original. A line that nobody synced is
   * written just before, and its loss shows that the cut is one.
   */
  async function cutPower(names: readonly ServerName[]): Promise<void> {
    for (const name of names) {
      const server = world.stack[name];
      writeFileSync(join(place(name), 'unsynced'), 'written, but not to the disk');
      const pids = freeze(server.pid!);
      execFileSync('cp', ['--sparse=always', image(name), image(`${name}-copy`)]);
      const stopped = server.stop();
      for (const pid of pids) signal(pid, 'SIGKILL');
      await stopped;
    }
    for (const name of names) {
      await until(() => Promise.resolve(unmount(place(name))), { timeoutMs: 10_000, what: 'the disk to be let go' });
      renameSync(image(`${name}-copy`), image(name));
      mountImage(image(name), place(name));
      const kept = join(place(name), 'unsynced');
      expect(existsSync(kept) ? readFileSync(kept, 'utf8') : '').toBe('');
    }
    for (const name of names) await world.stack[name].start();
  }

  test.each<[string, ServerName[]]>([
    ['PostgreSQL', ['postgres']],
    ['NATS', ['nats']],
    ['both at once', ['postgres', 'nats']],
  ])(
    `F6: the power of %s is cut under load: nothing that was confirmed is lost (seed ${seed})`,
    async (name, names) => {
      const { faults, result } = await world.run({
        name: `F6 power cut, ${name}`,
        inject: async (_world, random) => {
          await delay(1000 + random() * 2000);
          await cutPower(names);
        },
      });
      expect(faults).toEqual([]);
      expect(result.ok).toBeGreaterThan(20);
    },
  );
});
