import { until } from '@daybook/runtime/testing';
import { isLate, startIn } from '../support/api-client.ts';
import { bothEqual, differences, readSandboxState, turnKnob } from './support/both-sides.ts';
import { say } from './support/figures.ts';
import { openCalcomPractice, type CalcomPractice } from './support/practice.ts';
import { watchRequests } from './support/watch-requests.ts';

const count = Number(process.env['DAYBOOK_APPOINTMENTS'] ?? 10_000);
const SLOT_MINUTES = 15;
const PER_DAY = (24 * 60) / SLOT_MINUTES;
const AT_ONCE = 6;
const HOUR_MS = 3_600_000;

/** How a backlog is brought in step: what Cal.com allows in a minute, and how long that may take. */
const rates = [
  { name: 'with the limit raised', perMinute: 100_000, timeoutMs: HOUR_MS },
  { name: 'at the true rate', perMinute: 120, timeoutMs: HOUR_MS + (count / 120) * 60_000 * 1.5 },
];
jest.setTimeout(4 * HOUR_MS);

let practice: CalcomPractice;
afterEach(() => practice?.stop());

/** Books all of it while Cal.com cannot be reached. */
async function bookBacklog(): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const minute = (index % PER_DAY) * SLOT_MINUTES;
      const start = startIn(2 + Math.floor(index / PER_DAY), Math.floor(minute / 60), minute % 60);
      const body = { customer: { name: `Customer ${index}` }, start, durationMinutes: SLOT_MINUTES };
      const book = () => practice.api.book(body, { key: `backlog-${index}`, timeoutMs: 60_000 });
      let answer = await book();
      // Under one key a booking that was answered late is not made twice.
      for (let again = 0; again < 20 && isLate(answer); again += 1) answer = await book();
      if (answer.status !== 201)
        throw new Error(`booking ${index} answered ${answer.status} ${answer.problem?.code ?? ''}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const standing = async (): Promise<number> =>
  (await readSandboxState(practice.sandboxUrl)).bookings.filter(({ status }) => status === 'accepted').length;

test.each(rates.map((rate) => [rate.name, rate] as const))(
  `${count} appointments come in step %s, through a kill in the middle, without a 429 of our own making`,
  async (_name, { perMinute, timeoutMs }) => {
    const real = { CALCOM_TIMEOUT_MS: '8000', LEASE_MS: '15000' };
    practice = await openCalcomPractice({ environment: real, sandboxRateLimitPerMinute: perMinute });
    const { api, sandboxUrl, stack } = practice;
    await practice.break({ name: 'away', rules: [{ kind: 'drop' }] });
    await bookBacklog();
    await turnKnob(sandboxUrl, 'POST', '/faults', { rules: [] });
    const watch = watchRequests(sandboxUrl);
    const begun = performance.now();
    await until(async () => (await standing()) >= count / 2, { timeoutMs, intervalMs: 1000, what: 'half of it there' });
    stack.process('calcom-sync').kill('SIGKILL');
    await until(async () => (await standing()) >= count, { timeoutMs, intervalMs: 1000, what: 'all of it there' });
    const seconds = (performance.now() - begun) / 1000;
    await bothEqual(api, sandboxUrl, 120_000);
    const { throttled, counted } = await watch.stop();
    say(
      `${count} appointments in ${Math.round(seconds)} s (${(count / seconds).toFixed(1)}/s), ${throttled} times 429`,
    );
    say(`calls by operation: ${JSON.stringify(counted)}`);
    const { bookings } = await readSandboxState(sandboxUrl);
    expect(differences(await api.allAppointments(), bookings)).toEqual([]);
    expect(throttled).toBe(0);
    // One call makes one booking; a kill leaves at most the one call that was under way to be looked up or repeated.
    expect(counted['createBooking']).toBeLessThanOrEqual(count + 5);
  },
);
