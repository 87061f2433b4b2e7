import { serviceNames } from '@daybook/stack/stack-layout';
import type { Stack } from '@daybook/stack/start-stack';
import { readConnections, readPool, readProcess } from './gather-evidence.ts';
import type { Resource } from './invariants.ts';

/** What is held at a moment: by each process, and by each database on its server. */
export type Held = {
  processes: Map<string, { pid: number | undefined; files: number; megabytes: number; limit: number; inLine: number }>;
  connections: Map<string, number>;
};

/** A relay has one connection in each replica of the two services that have an outbox; as many may be about to be let go. */
const relays = 8;

/** Asks every process of two replicas, and the database server, what they hold now. */
export async function readHeld(stack: Stack): Promise<Held> {
  const processes: Held['processes'] = new Map();
  for (const name of serviceNames)
    for (const replica of [0, 1]) {
      const pid = stack.process(name, replica).pid;
      const read = readProcess(pid);
      if (read) processes.set(`${name} ${replica}`, { pid, ...(await readPool(stack, name, replica)), ...read });
    }
  return { processes, connections: await readConnections(stack) };
}

/**
 * What is held after a scenario beside what was held before it and what is allowed (I10). Only of processes that lived
 * through it; a warm process holds more than a fresh one, a leaking one much more.
 */
export function compareHeld(before: Held, now: Held): Resource[] {
  const connections = [...now.connections].map(([name, after]) => ({
    name: `connections of ${name}`,
    before: before.connections.get(name) ?? 0,
    after,
    allowed: name.endsWith('in a transaction') ? 0 : mostConnections(name, now),
  }));
  const processes = [...before.processes].flatMap(([name, was]) => {
    const is = now.processes.get(name);
    if (!is || is.pid !== was.pid) return [];
    return [
      { name: `memory of ${name} (MB)`, before: was.megabytes, after: is.megabytes, allowed: was.megabytes + 150 },
      { name: `open files of ${name}`, before: was.files, after: is.files, allowed: was.files + 60 },
      { name: `callers of ${name} in line for the database`, before: was.inLine, after: is.inLine, allowed: 0 },
    ];
  });
  return [...processes, ...connections];
}

/** What the pools of a service's replicas may hold together; what its server has beyond that has no owner. */
function mostConnections(name: string, { processes }: Held): number {
  if (name === 'daybook-outbox-relay') return relays;
  const own = [...processes].filter(([process]) => process.startsWith(`${name} `));
  return own.reduce((sum, [, { limit }]) => sum + limit, 0);
}
