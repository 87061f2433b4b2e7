import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@daybook/stack/start-stack';
import type { Caller } from './caller.ts';
import { services } from './processes.ts';
import type { Row } from './report.ts';

const down = 1500;
const patienceMs = 60_000;

async function until(done: () => Promise<boolean>, what: string): Promise<number> {
  const begun = performance.now();
  while (!(await done().catch(() => false))) {
    if (performance.now() - begun > patienceMs) throw new Error(`${what} took longer than ${patienceMs} ms`);
    await delay(20);
  }
  return performance.now() - begun;
}

/**
 * P14: after a fault has healed, how long until a booking succeeds, and until that booking stands at Cal.com. Services are
 * killed and PostgreSQL, NATS and Cal.com stopped; each has healed when its process is ready again. Also P12's start.
 */
export async function benchRecovery(stack: Stack, caller: Caller): Promise<Row[]> {
  const serving: Record<string, number> = {};
  const converged: Record<string, number> = {};
  const starts: number[] = [];
  const drains: number[] = [];
  const measure = async (name: string): Promise<void> => {
    let id = '';
    serving[name] = await until(async () => {
      const answer = await caller.tryToBook();
      const { status } = answer;
      const body = (await answer.json()) as { id: string };
      id = body.id;
      return status === 201;
    }, `serving after ${name}`);
    const inStep = async (): Promise<boolean> =>
      (await caller.get<{ sync: { state: string } }>(`/api/appointments/${id}`)).sync.state === 'in_step';
    converged[name] = serving[name] + (await until(inStep, `a booking in step after ${name}`));
  };
  for (const name of services) {
    const { pid } = stack.process(name);
    stack.process(name).kill('SIGKILL');
    await until(async () => stack.process(name).pid !== undefined && stack.process(name).pid !== pid, `a new ${name}`);
    await stack.process(name).waitReady();
    await measure(`kill -9 of ${name}`);
    const draining = performance.now();
    await stack.process(name).stop();
    drains.push(performance.now() - draining);
    const starting = performance.now();
    await stack.process(name).start();
    starts.push(performance.now() - starting);
  }
  for (const name of ['postgres', 'nats', 'sandbox'] as const) {
    await stack[name]!.stop();
    await delay(down);
    await stack[name]!.start();
    await measure(`${down / 1000} s without ${{ postgres: 'PostgreSQL', nats: 'NATS', sandbox: 'Cal.com' }[name]}`);
  }
  const worst = (of: Record<string, number>): [string, number] =>
    Object.entries(of).reduce((most, each) => (each[1] > most[1] ? each : most));
  const [[slowest, served], [last, settled]] = [worst(serving), worst(converged)];
  const [start, drain] = [Math.max(...starts), Math.max(...drains)];
  return [
    {
      goal: 'P14',
      what: `first booking after a fault has healed, worst of ${Object.keys(serving).length} faults (${slowest})`,
      measured: `${served.toFixed(0)} ms`,
      wanted: '≤ 2,000 ms',
      met: served <= 2000,
    },
    {
      goal: 'P14',
      what: `that booking in step with Cal.com, worst (${last})`,
      measured: `${(settled / 1000).toFixed(1)} s`,
      wanted: '≤ 30 s',
      met: settled <= 30_000,
    },
    {
      goal: 'P12',
      what: 'start of a service until it is ready, slowest of four',
      measured: `${start.toFixed(0)} ms`,
      wanted: '≤ 1,000 ms',
      met: start <= 1000,
    },
    {
      goal: 'P12',
      what: 'SIGTERM until the process is gone, slowest of four',
      measured: `${drain.toFixed(0)} ms`,
      wanted: '≤ 5,000 ms',
      met: drain <= 5000,
    },
  ];
}
