import type { Appointment } from '@daybook/http-contract/appointments';
import { until } from '@daybook/runtime/testing';
import { startIn } from '../support/api-client.ts';
import { bothEqual, readSandboxState } from './support/both-sides.ts';
import { bookAsCustomer, moveAsCustomer, offeredType, pressOnBooking } from './support/customer.ts';
import { apiFaults, webhookFaults, type Fault } from './support/faults.ts';
import { describeFigures, percentile, say } from './support/figures.ts';
import { listTypes, openCalcomPractice, type CalcomPractice } from './support/practice.ts';

jest.setTimeout(120_000);

const everyFault = process.env['DAYBOOK_LONG'] !== undefined;
const FIRST_DAY = 30;
/** What is promised with webhooks, milliseconds. */
const PROMISE_MS = 5000;

let practice: CalcomPractice;
let slug: string;
const url = (): string => practice.sandboxUrl;

beforeAll(async () => {
  practice = await openCalcomPractice({ webhooks: true, environment: { INBOUND_POLL_MS: '6000' } });
  const [type] = await listTypes(practice.api);
  slug = (await offeredType(url(), type!.slug)).slug;
  await until(async () => (await readSandboxState(url())).webhooks.some(({ active }) => active), {
    timeoutMs: 20_000,
    intervalMs: 100,
    what: 'the webhook on Cal.com',
  });
});
afterAll(() => practice?.stop());
afterEach(() => practice?.heal());

async function appointmentOf(uid: string): Promise<Appointment | undefined> {
  const all = await practice.api.allAppointments();
  return all.find(({ sync }) => sync.calcomBookingUid === uid);
}

/** Waits for something of a booking's appointment; answers how long it took, ms. */
async function seenHere(uid: string, probe: (found: Appointment) => boolean, timeoutMs: number): Promise<number> {
  const begun = performance.now();
  await until(async () => ((found) => found && probe(found))(await appointmentOf(uid)), {
    timeoutMs,
    intervalMs: 50,
    what: `booking ${uid} here`,
  });
  return performance.now() - begun;
}

describe('what customers do on Cal.com comes back', () => {
  test('booked, moved and cancelled there: each within five seconds, with the customer', async () => {
    const figures: number[] = [];
    for (const hour of [8, 10, 12]) {
      const start = startIn(FIRST_DAY, hour);
      const uid = await bookAsCustomer(url(), { slug, start, name: `Ida ${hour}` });
      figures.push(await seenHere(uid, ({ status }) => status === 'scheduled', PROMISE_MS));
      const made = await appointmentOf(uid);
      expect(made).toMatchObject({ customer: { name: `Ida ${hour}`, email: `ida.${hour}@example.com` } });
      expect(Date.parse(made!.start)).toBe(Date.parse(start));
      const moved = await moveAsCustomer(url(), slug, uid, startIn(FIRST_DAY, hour + 1));
      figures.push(
        await seenHere(
          moved,
          (one) => one.id === made!.id && one.start.includes(`T${String(hour + 1).padStart(2, '0')}:`),
          PROMISE_MS,
        ),
      );
      await pressOnBooking(url(), moved, 'cancel');
      const begun = performance.now();
      await until(async () => (await practice.api.appointment(made!.id)).body.status === 'cancelled', {
        timeoutMs: PROMISE_MS,
        intervalMs: 50,
        what: 'the cancellation here',
      });
      figures.push(performance.now() - begun);
    }
    await bothEqual(practice.api, url(), 20_000);
    // Asking alone takes half of six seconds on average: the webhooks brought it.
    expect(percentile(figures, 0.5)).toBeLessThan(2000);
    say(`inbound by webhook, done there to seen here: ${describeFigures(figures)}`);
  });

  test('our own echoes change nothing: one version a change, no call more', async () => {
    const body = { customer: { name: 'Echo' }, start: startIn(FIRST_DAY + 1, 9), durationMinutes: 30 };
    const { id } = (await practice.api.book(body)).body;
    await bothEqual(practice.api, url(), 20_000);
    await practice.api.reschedule(id, { start: startIn(FIRST_DAY + 1, 10) });
    await bothEqual(practice.api, url(), 20_000);
    const before = await practice.mark();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const asked = await practice.asked(before);
    const writes = ['createBooking', 'rescheduleBooking', 'cancelBooking'].filter((one) => asked[one] !== undefined);
    expect(writes).toEqual([]);
    const { body: now } = await practice.api.appointment(id);
    expect([now.version, now.history.length]).toEqual([2, 2]);
  });

  /** The first kind of rule of a fault, for what is read: what customers did must be read to be known. */
  const reading = (fault: Fault): Fault => ({
    ...fault,
    rules: fault.rules.slice(0, 1).map((rule) => ({ ...rule, match: { method: 'GET' }, times: 4 })),
  });
  const all: Fault[] = [
    ...webhookFaults,
    ...apiFaults
      .filter(({ name }) => /^(500|503|connection|no answer|garbage|429|rescheduledToUid)/.test(name))
      .map((fault) => ({ ...reading(fault), name: `${fault.name}, while reading` })),
  ];
  // The long lane takes every fault, the quick one those that differ most.
  const cases = everyFault
    ? all
    : all.filter(({ name }) => /lost|twice|order|before the commit|503|garbage/.test(name));

  test.each(cases.map((fault, index) => [fault.name, fault, index] as const))(
    'through %s: both sides equal, nothing twice',
    async (name, fault, index) => {
      const begun = performance.now();
      const day = FIRST_DAY + 2 + index;
      const standing = await Promise.all(
        [8, 10].map((hour) =>
          bookAsCustomer(url(), { slug, start: startIn(day, hour), name: `Customer ${day} ${hour}` }),
        ),
      );
      const ours = await practice.api.book({
        customer: { name: `Desk ${day}` },
        start: startIn(day, 12),
        durationMinutes: 30,
      });
      await bothEqual(practice.api, url(), 20_000);
      await practice.during(fault, async () => {
        await bookAsCustomer(url(), { slug, start: startIn(day, 14), name: `Late ${day}` });
        await moveAsCustomer(url(), slug, standing[0]!, startIn(day, 16));
        await pressOnBooking(url(), standing[1]!, 'cancel');
        await practice.api.reschedule(ours.body.id, { start: startIn(day, 18) });
        const appointments = await bothEqual(practice.api, url(), 40_000);
        const today = startIn(day, 0).slice(0, 10);
        const scheduled = appointments.filter(({ start, status }) => start.startsWith(today) && status === 'scheduled');
        expect(scheduled.map(({ start }) => start.slice(11, 13)).sort()).toEqual(['14', '16', '18']);
      });
      say(`inbound, ${name}: equal after ${Math.round(performance.now() - begun)} ms`);
    },
  );
});

describe('what is decided', () => {
  test('a clash: what was acknowledged here stays, the other is cancelled there with a reason', async () => {
    const start = startIn(FIRST_DAY + 20, 9);
    await practice.break({ name: 'away', rules: [{ kind: 'status', status: 503 }] });
    const { body: ours } = await practice.api.book({ customer: { name: 'First' }, start, durationMinutes: 30 });
    const theirs = await bookAsCustomer(url(), { slug, start, name: 'Second' });
    await practice.heal();
    await until(
      async () => {
        const { bookings } = await readSandboxState(url());
        return bookings.find(({ uid }) => uid === theirs)?.status === 'cancelled';
      },
      { timeoutMs: 40_000, intervalMs: 100, what: 'the other booking cancelled there' },
    );
    const { bookings } = await readSandboxState(url());
    expect(bookings.find(({ uid }) => uid === theirs)?.cancellationReason).toMatch(/\w+ \w+/);
    await bothEqual(practice.api, url(), 40_000);
    expect((await practice.api.appointment(ours.id)).body.status).toBe('scheduled');
  });

  test('what waits for a confirmation is taken in once confirmed, and not when declined', async () => {
    const { id } = await offeredType(url(), slug);
    const policy = (confirmationPolicy: object): Promise<Response> =>
      fetch(`${url()}/v2/event-types/${id}`, {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer cal_sandbox',
          'cal-api-version': '2024-06-14',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ confirmationPolicy }),
      });
    await policy({ type: 'always', blockUnconfirmedBookingsInBooker: false });
    const asked = await bookAsCustomer(url(), { slug, start: startIn(FIRST_DAY + 21, 9), name: 'Asked' });
    const declined = await bookAsCustomer(url(), { slug, start: startIn(FIRST_DAY + 21, 11), name: 'Declined' });
    await policy({ disabled: true });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await practice.api.allAppointments('&q=Asked')).filter(({ status }) => status === 'scheduled')).toEqual([]);
    await pressOnBooking(url(), asked, 'confirm');
    await pressOnBooking(url(), declined, 'decline');
    await seenHere(asked, ({ status }) => status === 'scheduled', PROMISE_MS);
    await bothEqual(practice.api, url(), 20_000);
    expect(await appointmentOf(declined)).toBeUndefined();
  });

  test('what costs something is taken in once paid', async () => {
    const price = (amount: number): Promise<Response> =>
      fetch(`${url()}/admin/settings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ prices: { [slug]: amount } }),
      });
    await price(5000);
    const owed = await bookAsCustomer(url(), { slug, start: startIn(FIRST_DAY + 22, 9), name: 'Owed' });
    await price(0);
    await pressOnBooking(url(), owed, 'pay');
    await seenHere(owed, ({ status }) => status === 'scheduled', PROMISE_MS);
    await bothEqual(practice.api, url(), 20_000);
  });
});
