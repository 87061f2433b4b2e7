import type { Stack } from '@daybook/stack/start-stack';
import type { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import type { Row } from './report.ts';
import { percentile, show, summarize } from './statistics.ts';

/** P13: sign-ins at a fixed rate, and what they do to somebody who reads slots meanwhile. */
export async function benchSignIn(
  stack: Stack,
  caller: Caller,
  options: { rounds: number; seconds: number },
): Promise<Row[]> {
  const { username, password } = stack.owner;
  const signIn = async (): Promise<void> => {
    const answer = await fetch(`${stack.gatewayUrl}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`a sign-in answered ${answer.status}`);
  };
  const read = (): Promise<number[]> =>
    atRate({ perSecond: 50, seconds: options.seconds }, (index) => caller.slots(index));
  const signIns: number[] = [];
  const ratios: number[] = [];
  await read();
  for (let round = 0; round < options.rounds; round += 1) {
    const quiet = percentile(await read(), 0.99);
    const [logins, meanwhile] = await Promise.all([
      atRate({ perSecond: 10, seconds: options.seconds }, signIn),
      read(),
    ]);
    signIns.push(percentile(logins, 0.99));
    ratios.push(percentile(meanwhile, 0.99) / quiet);
  }
  const [login, ratio] = [summarize(signIns), summarize(ratios)];
  return [
    {
      goal: 'P13',
      what: 'sign-in (argon2id, 46 MiB) at 10/s, p99 from when each was due',
      measured: `${show(login, 0)} ms`,
      wanted: '≤ 150 ms',
      met: login.median <= 150,
    },
    {
      goal: 'P13',
      what: 'p99 of slots at 50/s during these sign-ins, to the same without them',
      measured: `${show(ratio)}×`,
      wanted: '≤ 1.5×',
      met: ratio.median <= 1.5,
    },
  ];
}
