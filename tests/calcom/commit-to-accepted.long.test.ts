import { setTimeout as delay } from 'node:timers/promises';
import { isLate, startIn } from '../support/api-client.ts';
import { bothEqual, turnKnob } from './support/both-sides.ts';
import { describeFigures, latencies, percentile, say } from './support/figures.ts';
import { openCalcomPractice, type CalcomPractice } from './support/practice.ts';
import { watchRequests } from './support/watch-requests.ts';

const count = Number(process.env['DAYBOOK_APPOINTMENTS'] ?? 200);
jest.setTimeout(20 * 60_000);

/** What Cal.com takes for each answer, and what is promised from our commit to its acceptance; milliseconds. */
const ANSWER_MS = 100;
const PROMISED = { p50: 150, p99: 500 };
/** A little under what Cal.com grants one key: 120 a minute, of which polls take a few. */
const EVERY_MS = 600;

/** How long the same answers take without Daybook: what a busy machine adds is not ours. */
async function plainCalls(sandboxUrl: string): Promise<number[]> {
  const took: number[] = [];
  for (let call = 0; call < 20; call += 1) {
    const begun = performance.now();
    await fetch(`${sandboxUrl}/v2/event-types?username=nobody`, { headers: { 'cal-api-version': '2024-06-14' } });
    took.push(performance.now() - begun);
  }
  return took;
}

let practice: CalcomPractice;
afterEach(() => practice?.stop());

test(`${count} bookings under the limit: accepted by a Cal.com of ${ANSWER_MS} ms within ${PROMISED.p50} ms mostly, ${PROMISED.p99} ms nearly always`, async () => {
  const environment = { CALCOM_TIMEOUT_MS: '8000', LEASE_MS: '15000' };
  practice = await openCalcomPractice({ environment, sandboxRateLimitPerMinute: 120 });
  const { api, sandboxUrl } = practice;
  // Once around before anything is timed: the connection is there, the event type and the hours are made.
  await practice.api.book({ customer: { name: 'First' }, start: startIn(1, 12), durationMinutes: 30 });
  await bothEqual(api, sandboxUrl, 120_000);
  await turnKnob(sandboxUrl, 'POST', '/faults', { rules: [{ kind: 'latency', latencyMs: ANSWER_MS }] });
  const watch = watchRequests(sandboxUrl);
  let late = 0;
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    const start = startIn(2 + Math.floor(index / 24), index % 24);
    const answer = await api.book({ customer: { name: `Timed ${index}` }, start, durationMinutes: 30 });
    if (isLate(answer)) late += 1;
    else if (answer.status !== 201) throw new Error(`booking ${index} answered ${answer.status}`);
    await delay(Math.max(0, EVERY_MS - (performance.now() - begun)));
  }
  const appointments = await bothEqual(api, sandboxUrl, 120_000);
  const { throttled } = await watch.stop();
  say(`a call of that Cal.com by itself, on this machine now: ${describeFigures(await plainCalls(sandboxUrl))}`);
  const figures = latencies(appointments.filter(({ customer }) => customer.name.startsWith('Timed')));
  say(`commit to accepted with ${ANSWER_MS} ms a call: ${describeFigures(figures)}, ${throttled} times 429`);
  expect(throttled).toBe(0);
  expect(late).toBeLessThanOrEqual(count / 100);
  expect(percentile(figures, 0.5)).toBeLessThanOrEqual(PROMISED.p50);
  expect(percentile(figures, 0.99)).toBeLessThanOrEqual(PROMISED.p99);
});
