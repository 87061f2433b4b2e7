import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from './api-client.ts';
import { setFaults } from './sandbox-state.ts';
import { owner } from './stack.ts';

/**
 * Lets a practice live through everything the dashboards tell of: bookings, moves and cancellations, a time that is taken, a
 * wrong password, an app that is open, Cal.com refusing and failing, and a part of Daybook and the database being away for a moment.
 * @param minutes bookings are spread over so many, so that rates have a shape
 */
export async function liveThroughADay(stack: Stack, minutes: number): Promise<void> {
  const api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
  const wrong = { username: owner.username, password: 'not-the-password' };
  await new ApiClient(stack.gatewayUrl).request('POST', '/api/auth/login', { body: wrong });
  const watching = new AbortController();
  const live = await fetch(`${stack.gatewayUrl}/api/live`, {
    headers: { authorization: `Bearer ${api.token}` },
    signal: watching.signal,
  });
  const rounds = Math.max(3, Math.round(minutes * 6));
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await bookMoveAndCancel(api, round);
    if (round === Math.floor(rounds / 3)) {
      await setFaults(stack.sandboxUrl!, [{ kind: 'status', status: 503, times: 8 }]);
    }
    if (round === Math.floor((rounds * 2) / 3)) {
      await withoutScheduling(stack, api);
      await withoutDatabase(stack, api);
    }
    const pause = minutes > 0 ? 10_000 - (performance.now() - begun) : 0;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, pause)));
  }
  await until(
    async () =>
      (await api.allAppointments()).every(({ status, sync }) => status !== 'scheduled' || sync.state === 'in_step'),
    { timeoutMs: 90_000, what: 'everything in step again' },
  );
  watching.abort();
  await live.body?.cancel().catch(() => undefined);
}

async function bookMoveAndCancel(api: ApiClient, round: number): Promise<void> {
  const day = 2 + round;
  for (let at = 0; at < 4; at += 1) {
    const customer = { name: `Ann Lee ${round * 4 + at}` };
    const booked = await api.book({ customer, start: startIn(day, 8 + 2 * at), durationMinutes: 30 });
    if (booked.status !== 201) continue;
    await api.book({ customer, start: startIn(day, 8 + 2 * at), durationMinutes: 30 });
    if (at % 2 === 1) await api.reschedule(booked.body.id, { start: startIn(day, 9 + 2 * at) });
    if (at % 4 === 2) await api.cancel(booked.body.id);
    await api.request('GET', `/api/slots?from=${startIn(day, 0)}&to=${startIn(day + 7, 0)}&durationMinutes=30`);
    await api.allAppointments(`&from=${startIn(0, 0)}&to=${startIn(30, 0)}`);
  }
}

/** The gateway asks for what is away, and says 503. */
async function withoutScheduling(stack: Stack, api: ApiClient): Promise<void> {
  await stack.process('scheduling').stop();
  for (let times = 0; times < 3; times += 1) await api.request('GET', '/api/practice');
  await stack.process('scheduling').start();
  await until(async () => (await api.request('GET', '/api/practice')).status === 200, {
    timeoutMs: 20_000,
    what: 'scheduling to answer again',
  });
}

/** Long enough that a scrape falls into it. */
async function withoutDatabase(stack: Stack, api: ApiClient): Promise<void> {
  await stack.postgres.stop();
  await new Promise((resolve) => setTimeout(resolve, 6000));
  await stack.postgres.start();
  await until(async () => (await api.request('GET', '/api/practice')).status === 200, {
    timeoutMs: 30_000,
    what: 'the database to be found again',
  });
}
