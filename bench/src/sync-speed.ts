import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@daybook/stack/start-stack';
import type { Caller } from './caller.ts';
import { atRate } from './fixed-rate.ts';
import type { Row } from './report.ts';
import { percentile } from './statistics.ts';

type LoggedRequest = { seq: number; at: string; operation: string | null; status: number | null };
type Booking = { status: string; metadata?: { daybookId?: string } };

const limitPerSecond = 2;
const patienceMs = 240_000;

async function ask<T>(stack: Stack, path: string, body?: unknown): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${stack.sandboxUrl}/admin${path}`, body === undefined ? {} : init);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${path}`);
  return (await answer.json()) as T;
}

const setFaults = (stack: Stack, rules: object[]): Promise<unknown> => ask(stack, '/faults', { rules });

async function readRequests(stack: Stack, since: string): Promise<LoggedRequest[]> {
  return (await ask<{ requests: LoggedRequest[] }>(stack, `/requests?since=${since}`)).requests;
}

/** Waits until all of them stand at Cal.com; answers the milliseconds from `begun` on for each, as they are seen. */
async function arrivals(stack: Stack, ids: readonly string[]): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const deadline = Date.now() + patienceMs; seen.size < ids.length; await delay(10)) {
    if (Date.now() > deadline) throw new Error(`only ${seen.size} of ${ids.length} bookings reached Cal.com`);
    const { bookings } = await ask<{ bookings: Booking[] }>(stack, '/state');
    const now = performance.now();
    for (const { metadata } of bookings) {
      const id = metadata?.daybookId;
      if (id !== undefined && ids.includes(id) && !seen.has(id)) seen.set(id, now);
    }
  }
  return seen;
}

/** The limit is granted by the minute: calls go out at once until it is spent, then none until the next minute. */
const pauseMs = 5000;

/**
 * Calls a second over whole windows of the limit, each from its first call to the first call of the next, so that its pause
 * counts and what was granted at once counts no more than once.
 * @param at when each call was made, epoch milliseconds, ascending
 */
function paceOf(at: readonly number[]): number {
  const begins = at.flatMap((time, index) => (index > 0 && time - at[index - 1]! > pauseMs ? [index] : []));
  const [first, last] = [begins[0], begins.at(-1)];
  if (first === undefined || last === undefined || first === last)
    throw new Error(`${at.length} calls do not fill a whole window of the limit`);
  return ((last - first) * 1000) / (at[last]! - at[first]!);
}

/** Books so many at once and answers the pace at which Cal.com gets them. */
async function drainPace(stack: Stack, caller: Caller, backlog: number): Promise<number> {
  const begun = new Date().toISOString();
  const ids: string[] = [];
  await atRate({ perSecond: 50, seconds: backlog / 50 }, async () => ids.push(await caller.book()));
  await arrivals(stack, ids);
  const created = (await readRequests(stack, begun)).filter(({ operation }) => operation === 'createBooking');
  return paceOf(created.map(({ at }) => Date.parse(at)));
}

/**
 * P9: from the answer to a booking until Cal.com, which takes 100 ms for each call, has accepted it, below the rate limit;
 * then a backlog that spans several windows of the limit, drained as fast as the limit allows and never faster.
 * @param options.backlog at least 370, what three minutes grant, since the first two may follow without a pause; 0 leaves the
 *   pace out, which takes three minutes
 */
export async function benchSyncSpeed(
  stack: Stack,
  caller: Caller,
  options: { rounds: number; backlog: number },
): Promise<Row[]> {
  await setFaults(stack, [{ kind: 'latency', latencyMs: 100 }]);
  const taken: number[] = [];
  const since = new Date().toISOString();
  // The first ones set the connection up.
  for (let turn = -2; turn < options.rounds * 4; turn += 1) {
    const id = await caller.book();
    const committed = performance.now();
    const accepted = (await arrivals(stack, [id])).get(id)!;
    if (turn >= 0) taken.push(accepted - committed);
    await delay(500);
  }
  const pace = options.backlog > 0 ? await drainPace(stack, caller, options.backlog) : undefined;
  const refused = (await readRequests(stack, since)).filter(({ status }) => status === 429).length;
  await setFaults(stack, []);
  const [p50, p99] = [percentile(taken, 0.5), percentile(taken, 0.99)];
  return [
    {
      goal: 'P9',
      what: `answered booking to accepted by a Cal.com of 100 ms a call (${taken.length} bookings), p50`,
      measured: `${p50.toFixed(0)} ms`,
      wanted: '≤ 150 ms',
      met: p50 <= 150,
    },
    { goal: 'P9', what: 'the same, p99', measured: `${p99.toFixed(0)} ms`, wanted: '≤ 500 ms', met: p99 <= 500 },
    ...(pace === undefined
      ? []
      : [
          {
            goal: 'P9',
            what: `pace at which a backlog of ${options.backlog} drains once the first minute is over, to the limit of ${limitPerSecond} a second`,
            measured: `${((pace / limitPerSecond) * 100).toFixed(0)} %`,
            wanted: '≥ 90 %',
            met: pace >= limitPerSecond * 0.9,
          },
        ]),
    {
      goal: 'P9',
      what: 'refusals for exceeding the limit (429)',
      measured: `${refused}`,
      wanted: '0',
      met: refused === 0,
    },
  ];
}
