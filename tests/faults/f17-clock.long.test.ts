import { globSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import { FaultWorld, seed } from '../support/faults/fault-world.ts';
import { listPids } from '../support/faults/injections.ts';

jest.setTimeout(300_000);

const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
if (!library) process.stdout.write('SKIPPED: libfaketime is not here; install it with: apt-get install faketime\n');

(library ? describe : describe.skip)('with libfaketime at hand', () => {
  let folder: string;
  let world: FaultWorld;
  const names = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;
  type Name = (typeof names)[number];
  /** Holds what is added to the time of day of a service's processes; what runs for a time keeps its own clock. */
  const clockOf = (name: Name): string => join(folder, name);
  const environment = (name: Name): Record<string, string> => ({
    LD_PRELOAD: library ?? '',
    FAKETIME_TIMESTAMP_FILE: clockOf(name),
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });

  /** How far the clock of a replica is off, in seconds, by its own word. */
  async function readOffset(name: Name, replica: number): Promise<number> {
    const { headers } = await fetch(`${world.stack.adminUrlOf(name, replica)}/readyz`);
    return Math.round((Date.parse(headers.get('date') ?? '') - Date.now()) / 1000);
  }

  async function setClock(name: Name, seconds: number): Promise<void> {
    writeFileSync(clockOf(name), `${seconds < 0 ? '' : '+'}${seconds}s\n`);
    for (const replica of [0, 1])
      await until(async () => Math.abs((await readOffset(name, replica)) - seconds) <= 3, {
        timeoutMs: 10_000,
        what: `the clock of ${name} to be off by ${seconds} s`,
      });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-clock-'));
    for (const name of names) writeFileSync(clockOf(name), '+0s\n');
    world = await FaultWorld.open({ extraEnv: Object.fromEntries(names.map((name) => [name, environment(name)])) });
  });
  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(names.flatMap((name) => [300, -300].map((seconds) => [name, seconds] as const)))(
    `F17: the clock of %s jumps by %i s while people book, and back (seed ${seed})`,
    async (name, seconds) => {
      const pids = listPids(world);
      const { faults } = await world.run({
        name: `F17 clock of ${name} ${seconds} s`,
        clients: 4,
        calmMs: 1000,
        inject: async () => {
          await setClock(name, seconds);
          await delay(5000);
          await setClock(name, 0);
        },
      });
      expect(faults).toEqual([]);
      expect(listPids(world)).toEqual(pids);
    },
  );
});
