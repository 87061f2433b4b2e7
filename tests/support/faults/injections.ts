import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'nats';
import { turnKnob } from '../../calcom/support/both-sides.ts';
import { apiFaults, healthyWebhooks, webhookFaults, type Fault } from '../../calcom/support/faults.ts';
import { crashAt, crashPoints } from './arm-crash-point.ts';
import type { FaultWorld } from './fault-world.ts';
import { rowsOf } from '../rows-of.ts';

/** Breaks one thing and heals it before it resolves. */
export type Injection = (world: FaultWorld, random: () => number) => Promise<void>;

const services = ['gateway', 'auth', 'scheduling', 'calcom-sync'] as const;

/** Kills a process at a random moment; which replica is the seed's choice. */
export const killService =
  (name: (typeof services)[number]): Injection =>
  async (world, random) => {
    await delay(random() * 800);
    await world.kill(name, Math.floor(random() * 2));
  };

/** Freezes a process as a long pause of the machine would, and lets it go on with what it held. */
export const pauseService =
  (name: (typeof services)[number], milliseconds: number): Injection =>
  async ({ stack }, random) => {
    const process = stack.process(name, Math.floor(random() * 2));
    process.kill('SIGSTOP');
    await delay(milliseconds);
    process.kill('SIGCONT');
  };

/** Kills every connection of the database's own processes once. */
export const killBackends: Injection = async ({ stack }) => {
  await rowsOf(
    stack.adminDatabaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
};

/** PostgreSQL ends at once, without a shutdown, and recovers from its log. */
export const crashPostgres =
  (signal: 'SIGQUIT' | 'SIGKILL'): Injection =>
  async ({ stack }) => {
    stack.postgres.kill(signal);
    await stack.postgres.start();
  };

/** PostgreSQL is away for a time. */
export const stopPostgres =
  (milliseconds: number): Injection =>
  async ({ stack }) => {
    await stack.postgres.stop();
    await delay(milliseconds);
    await stack.postgres.start();
  };

/** NATS is away for a time; with `wiped` it comes back having forgotten everything. */
export const stopNats =
  (milliseconds: number, wiped = false): Injection =>
  async ({ stack }) => {
    await stack.nats.stop();
    if (wiped) await rm(join(stack.dataDirectory, 'nats', 'jetstream'), { recursive: true, force: true });
    await delay(milliseconds);
    await stack.nats.start();
  };

/** NATS is killed where it stands. */
export const killNats: Injection = async ({ stack }) => {
  stack.nats.kill('SIGKILL');
  await stack.nats.start();
};

async function managed(natsUrl: string, work: 'streams' | 'consumers'): Promise<void> {
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await connection.jetstreamManager();
    for (const { config } of await manager.streams.list().next()) {
      if (work === 'streams') await manager.streams.delete(config.name);
      else
        for (const consumer of await manager.consumers.list(config.name).next())
          await manager.consumers.delete(config.name, consumer.name);
    }
  } finally {
    await connection.close();
  }
}

/** Somebody deletes every stream by hand. */
export const deleteStreams: Injection = ({ stack }) => managed(stack.natsUrl, 'streams');

/** Somebody deletes every consumer by hand. */
export const deleteConsumers: Injection = ({ stack }) => managed(stack.natsUrl, 'consumers');

/** A message that nobody can read, among those that wait. */
export const publishPoison: Injection = async ({ stack }) => {
  const connection = await connect({ servers: stack.natsUrl });
  await connection.jetstream().publish('daybook.scheduling.v1.appointment.booked', Buffer.from('not a message'));
  await connection.close();
};

/** Cal.com fails in one of its ways for a time. */
export const breakCalcom =
  (fault: Fault, milliseconds: number): Injection =>
  async ({ stack }) => {
    const set = async (rules: unknown[], webhooks: object): Promise<void> => {
      await turnKnob(stack.sandboxUrl!, 'POST', '/faults', { rules });
      await turnKnob(stack.sandboxUrl!, 'POST', '/settings', { webhooks: { ...healthyWebhooks, ...webhooks } });
    };
    await set(fault.rules, fault.webhooks ?? {});
    await delay(milliseconds);
    await set([], {});
  };

/** Cal.com is away as a whole; it keeps what it acknowledged. */
export const stopCalcom =
  (milliseconds: number): Injection =>
  async ({ stack }) => {
    await stack.sandbox!.stop();
    await delay(milliseconds);
    await stack.sandbox!.start();
  };

/** A process dies at one of the named points; the world must have been opened with them. */
export const crashAtSomePoint: Injection = async ({ crashFolder, stack }, random) => {
  await crashAt(crashFolder, crashPoints[Math.floor(random() * crashPoints.length)]!);
  for (const name of ['scheduling', 'calcom-sync'] as const)
    for (const replica of [0, 1]) await stack.process(name, replica).waitReady();
};

/** Every fault that needs neither root nor a special place, by name; the random mix draws from them. */
export const everyInjection: readonly (readonly [string, Injection])[] = [
  ...services.map((name) => [`kill ${name}`, killService(name)] as const),
  ...services.map((name) => [`pause ${name}`, pauseService(name, 4000)] as const),
  ['kill backends', killBackends],
  ['kill PostgreSQL', crashPostgres('SIGKILL')],
  ['PostgreSQL away', stopPostgres(3000)],
  ['kill NATS', killNats],
  ['NATS away', stopNats(4000)],
  ['NATS wiped', stopNats(500, true)],
  ['streams deleted', deleteStreams],
  ['consumers deleted', deleteConsumers],
  ['a poison message', publishPoison],
  ['Cal.com away', stopCalcom(2000)],
  ['crash point', crashAtSomePoint],
  ...[...apiFaults, ...webhookFaults].map((fault) => [`Cal.com: ${fault.name}`, breakCalcom(fault, 2500)] as const),
];

/** The processes that run, by name and replica: a scenario that may end none compares before and after. */
export function listPids({ stack }: FaultWorld): Record<string, number | undefined> {
  return Object.fromEntries(
    services.flatMap((name) => [0, 1].map((replica) => [`${name} ${replica}`, stack.process(name, replica).pid])),
  );
}

/** The processes that a process has started and that still run; PostgreSQL has one for each connection. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
