import type { Appointment } from '@daybook/http-contract/appointments';
import { until } from '@daybook/runtime/testing';
import { alwaysOpen, startIn } from '../support/api-client.ts';
import { bothEqual, readSandboxState } from './support/both-sides.ts';
import { apiFaults } from './support/faults.ts';
import { describeFigures, latencies, say, seededRandom } from './support/figures.ts';
import { changeType, listTypes, openCalcomPractice, type CalcomPractice } from './support/practice.ts';

jest.setTimeout(120_000);

const seed = Number(process.env['DAYBOOK_SEED'] ?? 20_261_121);
const random = seededRandom(seed);
const everyFault = process.env['DAYBOOK_LONG'] !== undefined;
// The long lane takes every fault, the quick one those that differ most.
const faults = everyFault
  ? apiFaults
  : apiFaults.filter(({ name }) => /^(nothing|503|connection|committed, then (500|no)|garbage|429)/.test(name));
const FIRST_DAY = 30;

let practice: CalcomPractice;
beforeAll(async () => {
  say(`outbound faults: DAYBOOK_SEED=${seed}`);
  practice = await openCalcomPractice();
});
afterAll(() => practice?.stop());

async function book(day: number, hour: number): Promise<Appointment> {
  const body = { customer: { name: `Customer ${day}-${hour}` }, start: startIn(day, hour), durationMinutes: 30 };
  const answer = await practice.api.book(body);
  if (answer.status !== 201) throw new Error(`booking answered ${answer.status} ${answer.problem?.code ?? ''}`);
  return answer.body;
}

const done = (status: number, what: string): void => {
  if (status < 200 || status > 299) throw new Error(`${what} answered ${status}`);
};

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Everything an owner does, once each, in an order the seed decides. */
async function doEverything(day: number, index: number, standing: Record<'move' | 'lengthen' | 'cancel', Appointment>) {
  const { api } = practice;
  const [type] = await listTypes(api);
  const closed = { date: startIn(day + 60, 0).slice(0, 10), intervals: [{ start: '10:00', end: '12:00' }] };
  const operations: [string, () => Promise<number>][] = [
    ['book', async () => (await book(day, 12), 201)],
    ['book another', async () => (await book(day, 13), 201)],
    ['move', async () => (await api.reschedule(standing.move.id, { start: startIn(day, 15) })).status],
    [
      'change the length',
      async () =>
        (await api.request('PUT', `/api/appointments/${standing.lengthen.id}`, { body: { durationMinutes: 45 } }))
          .status,
    ],
    ['cancel', async () => (await api.cancel(standing.cancel.id, 'ill')).status],
    ['change the hours', async () => (await api.replaceAvailability({ ...alwaysOpen(), overrides: [closed] })).status],
    ['change the type', async () => (await changeType(api, type!, { bufferAfterMinutes: index }), 200)],
  ];
  for (const [what, run] of shuffled(operations)) done(await run(), what);
  return { operations: operations.length, closed };
}

describe('what the owner does reaches Cal.com once, through every fault', () => {
  const figures: number[] = [];
  afterAll(() => say(`outbound faults, commit to in step: ${describeFigures(figures)}`));

  test.each(faults.map((fault, index) => [fault.name, fault, index] as const))('%s', async (_name, fault, index) => {
    const day = FIRST_DAY + index;
    const standing = { move: await book(day, 9), lengthen: await book(day, 10), cancel: await book(day, 11) };
    await bothEqual(practice.api, practice.sandboxUrl, 20_000);
    const before = await practice.mark();
    let made: Awaited<ReturnType<typeof doEverything>> | undefined;
    await practice.during(fault, async () => {
      made = await doEverything(day, index, standing);
      const appointments = await bothEqual(practice.api, practice.sandboxUrl, 30_000);
      const today = startIn(day, 0).slice(0, 10);
      figures.push(...latencies(appointments.filter(({ start }) => start.startsWith(today))));
    });
    const asked = await practice.asked(before);
    // Three bookings are made (one of them instead of another length), one is moved and two are cancelled. Each may be tried
    // again after the fault, never in a storm.
    const writes = ['createBooking', 'rescheduleBooking', 'cancelBooking'].map((operation) => asked[operation] ?? 0);
    expect(writes.every((count) => count <= 12)).toBe(true);
    await until(
      async () => {
        const { schedules } = await readSandboxState(practice.sandboxUrl);
        const { date, intervals } = made!.closed;
        return schedules.some(({ overrides }) =>
          overrides.some((row) => row.date === date && row.startTime === intervals[0]?.start),
        );
      },
      { timeoutMs: 20_000, intervalMs: 200, what: 'the hours of that day on Cal.com' },
    );
  });
});
