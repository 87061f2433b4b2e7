import type { Stack } from '@daybook/stack/start-stack';
import type { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import type { Row } from './report.ts';
import { percentile, show, summarize } from './statistics.ts';

/**
 * P10: bookings while everything runs, while NATS is down and while Cal.com is down, in turns. A caller's p99 and whether
 * every booking succeeds.
 */
export async function benchOutages(
  stack: Stack,
  caller: Caller,
  options: { rounds: number; perSecond: number; seconds: number },
): Promise<Row[]> {
  const states = {
    healthy: { begin: async () => undefined, end: async () => undefined },
    'NATS down': { begin: () => stack.nats.stop(), end: () => stack.nats.start() },
    'Cal.com down': { begin: async () => stack.sandbox?.stop(), end: async () => stack.sandbox?.start() },
  };
  const names = ['NATS down', 'Cal.com down'] as const;
  const ratios: Record<(typeof names)[number], number[]> = { 'NATS down': [], 'Cal.com down': [] };
  let failed = 0;
  let asked = 0;
  const measure = async (name: keyof typeof states): Promise<number> => {
    await states[name].begin();
    const answers = await atRate(options, async () => {
      const { status } = await caller.tryToBook();
      asked += 1;
      if (status !== 201) failed += 1;
    });
    await states[name].end();
    return percentile(answers, 0.99);
  };
  await measure('healthy');
  for (let round = 0; round < options.rounds; round += 1) {
    const healthy = await measure('healthy');
    for (const name of names) ratios[name].push((await measure(name)) / healthy);
  }
  return [
    ...names.map((name) => {
      const ratio = summarize(ratios[name]);
      return {
        goal: 'P10',
        what: `p99 of bookings at ${options.perSecond}/s with ${name}, to the same with all running`,
        measured: `${show(ratio)}×`,
        wanted: '≤ 1.5×',
        met: ratio.median <= 1.5,
      };
    }),
    {
      goal: 'P10',
      what: `bookings that succeeded, of ${asked}`,
      measured: `${(((asked - failed) / asked) * 100).toFixed(1)} %`,
      wanted: '100 %',
      met: failed === 0,
    },
  ];
}
