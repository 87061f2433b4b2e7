import type { Stack } from '@daybook/stack/start-stack';
import { countDeadlocks, type BenchPractice } from './practice.ts';
import type { Row } from './report.ts';
import { percentile } from './statistics.ts';

const clients = 32;
const day = 86_400_000;

/** P7: all connections ask for one start, again and again; each start has exactly one winner. */
export async function benchHotSlot(stack: Stack, practice: BenchPractice, starts: number): Promise<Row[]> {
  const before = await countDeadlocks(stack);
  const losers: number[] = [];
  let slowest = 0;
  const midnight = Math.ceil(Date.now() / day) * day + 175 * day;
  const ask = async (client: number, start: string): Promise<{ status: number; milliseconds: number }> => {
    const begun = performance.now();
    const answer = await fetch(`${stack.gatewayUrl}/api/appointments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${practice.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        customer: { name: `Racer ${client}` },
        start,
        durationMinutes: 30,
        providerId: practice.providerIds[0],
      }),
    });
    await answer.arrayBuffer();
    return { status: answer.status, milliseconds: performance.now() - begun };
  };
  for (let index = 0; index < starts; index += 1) {
    const start = new Date(midnight + index * 1_800_000).toISOString();
    const answers = await Promise.all(Array.from({ length: clients }, (_, client) => ask(client, start)));
    const winners = answers.filter(({ status }) => status === 201).length;
    if (winners !== 1 || answers.some(({ status }) => status !== 201 && status !== 409))
      throw new Error(`one start, ${winners} winners: ${JSON.stringify(answers.map(({ status }) => status))}`);
    losers.push(...answers.filter(({ status }) => status === 409).map(({ milliseconds }) => milliseconds));
    slowest = Math.max(slowest, ...answers.map(({ milliseconds }) => milliseconds));
  }
  const deadlocks = (await countDeadlocks(stack)) - before;
  const [p50, p99] = [percentile(losers, 0.5), percentile(losers, 0.99)];
  return [
    {
      goal: 'P7',
      what: `one start, ${clients} connections, ${starts} times, one winner each: deadlocks`,
      measured: String(deadlocks),
      wanted: '0',
      met: deadlocks === 0,
    },
    {
      goal: 'P7',
      what: 'the same: slowest answer',
      measured: `${slowest.toFixed(0)} ms`,
      wanted: '≤ 250 ms',
      met: slowest <= 250,
    },
    {
      goal: 'P7',
      what: 'the same: losers told at p50 / p99 (all 32 at once on this machine)',
      measured: `${p50.toFixed(0)} / ${p99.toFixed(0)} ms`,
      wanted: 'p99 ≤ 50 ms',
      met: p99 <= 50,
    },
  ];
}
