import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '@daybook/stack/start-stack';

const run = promisify(execFile);

/** The services, as the stack names them. */
export const services = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;

/** Runs one of the bench's own programs to its end and answers the JSON of its last line. */
export async function inProcess<T>(file: string, ...args: (string | number)[]): Promise<T> {
  const program = join(import.meta.dirname, file);
  const { stdout } = await run(process.execPath, [program, ...args.map(String)], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

/** Clock ticks are hundredths of a second on every Linux that Node runs on. */
const millisecondsPerTick = 10;

type Ticks = { parent: number; own: number; reaped: number };

function readTicks(pid: number | string): Ticks | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces and brackets; the numbers begin after its last bracket, with field 3.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), own: at(14) + at(15), reaped: at(16) + at(17) };
  } catch {
    return undefined;
  }
}

/** CPU time a process has used, user and system, in milliseconds. Linux only: 0 elsewhere. */
export function cpuOf(pid: number | undefined): number {
  return pid === undefined ? 0 : (readTicks(pid)?.own ?? 0) * millisecondsPerTick;
}

/** CPU time of a server and of all its children, ended ones included, in milliseconds. */
export function cpuOfFamily(pid: number | undefined): number {
  const head = pid === undefined ? undefined : readTicks(pid);
  if (!head) return 0;
  let ticks = head.own + head.reaped;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? readTicks(name) : undefined;
    if (child && child.parent === pid) ticks += child.own;
  }
  return ticks * millisecondsPerTick;
}

/** CPU time of everything that serves, in milliseconds: our processes, PostgreSQL and NATS. */
export function cpuOfAll(stack: Stack): number {
  const ours = services.reduce((sum, name) => sum + cpuOf(stack.process(name).pid), 0);
  return ours + cpuOf(stack.nats.pid) + cpuOfFamily(stack.postgres.pid);
}

/** Resident memory in MiB, and how much of it no other process shares. */
export type Memory = { resident: number; own: number };

/** What each service holds. The rest of its resident memory is Node's own program, which all of them share. */
export function memoryOf(stack: Stack): Record<(typeof services)[number], Memory> {
  const read = (name: (typeof services)[number]): Memory => {
    const { pid } = stack.process(name);
    const resident = stack.process(name).memory() / 2 ** 20;
    if (pid === undefined || process.platform !== 'linux') return { resident, own: resident };
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = ['Private_Clean', 'Private_Dirty'].map((field) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0),
    );
    return { resident, own: kilobytes.reduce((sum, value) => sum + value, 0) / 1024 };
  };
  return {
    gateway: read('gateway'),
    auth: read('auth'),
    scheduling: read('scheduling'),
    'calcom-sync': read('calcom-sync'),
  };
}
