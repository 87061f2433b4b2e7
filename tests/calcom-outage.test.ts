import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@daybook/runtime/testing';
import type { CalendarConnection } from '@daybook/http-contract/calendar-connections';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from './support/api-client.ts';
import { activeBookings, setFaults } from './support/sandbox-state.ts';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(240_000);

const outageMs = Number(process.env['DAYBOOK_OUTAGE_MS'] ?? 10_000);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack({
    // What a lost answer costs is waiting until the call can no longer take effect: short, as Cal.com answers at once here.
    extraEnv: { 'calcom-sync': { CALCOM_TIMEOUT_MS: '2000', CALCOM_SETTLE_MS: '500' } },
  }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterEach(async () => setFaults(stack.sandboxUrl!, []));
afterAll(async () => stopAndRemove?.());

async function book(day: number, slot: number): Promise<{ id: string; milliseconds: number }> {
  const begun = performance.now();
  const answer = await api.book({
    customer: { name: `Customer ${day}-${slot}` },
    start: startIn(day, Math.floor(slot / 2), (slot % 2) * 30),
    durationMinutes: 30,
  });
  if (answer.status !== 201) throw new Error(`booking answered ${answer.status} ${answer.problem?.code}`);
  return { id: answer.body.id, milliseconds: performance.now() - begun };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function allInStep(ids: readonly string[], timeoutMs: number): Promise<void> {
  await until(
    async () => {
      const appointments = await api.allAppointments();
      return ids.every((id) => appointments.find((one) => one.id === id)?.sync.state === 'in_step');
    },
    { timeoutMs, intervalMs: 250, what: `${ids.length} appointments in step` },
  );
  const bookings = await activeBookings(stack.sandboxUrl!);
  for (const id of ids) expect(bookings.has(id)).toBe(true);
}

describe('Cal.com in trouble', () => {
  test('away: booking goes on at full speed, marks say waiting; back: in step without doubles, by itself', async () => {
    const healthy: number[] = [];
    const ids: string[] = [];
    for (let slot = 0; slot < 20; slot += 1) {
      const { id, milliseconds } = await book(40, slot);
      ids.push(id);
      healthy.push(milliseconds);
    }
    await allInStep(ids, 20_000);

    await setFaults(stack.sandboxUrl!, [{ match: {}, kind: 'drop' }]);
    const away: number[] = [];
    const begun = Date.now();
    for (let slot = 0; slot < 48; slot += 1) {
      const { id, milliseconds } = await book(41, slot);
      ids.push(id);
      away.push(milliseconds);
      await delay(Math.max(0, begun + ((slot + 1) * outageMs) / 48 - Date.now()));
    }
    expect((await api.appointment(ids.at(-1)!)).body.sync.state).toBe('waiting');
    // A generous factor: two shared cores. What must not happen is a request that waits for Cal.com (seconds).
    expect(median(away)).toBeLessThan(median(healthy) * 3 + 50);
    await until(
      async () => {
        const { body } = await api.request<{ items: CalendarConnection[] }>('GET', '/api/calendar-connections');
        return body.items[0]?.state === 'unreachable';
      },
      { timeoutMs: 10_000, what: 'the connection shown as unreachable' },
    );

    await setFaults(stack.sandboxUrl!, []);
    await allInStep(ids, 40_000);
  });

  test('committed but the answer lost (500, hang up): found again, never twice', async () => {
    await setFaults(stack.sandboxUrl!, [
      { match: { operation: 'createBooking' }, kind: 'commit_then_status', status: 500, times: 5 },
      { match: { operation: 'createBooking' }, kind: 'commit_then_drop', times: 5 },
    ]);
    const ids: string[] = [];
    for (let slot = 0; slot < 14; slot += 1) ids.push((await book(42, slot)).id);
    await allInStep(ids, 60_000);
  });

  test('garbage and refusals for one appointment delay no other', async () => {
    await setFaults(stack.sandboxUrl!, [{ match: { operation: 'createBooking' }, kind: 'garbage', times: 2 }]);
    const ids: string[] = [];
    for (let slot = 0; slot < 6; slot += 1) ids.push((await book(43, slot)).id);
    await allInStep(ids, 60_000);
  });

  test('the key revoked: said in words; the key back: everything in step', async () => {
    const settings = (apiKeys: { key: string }[]): Promise<Response> =>
      fetch(`${stack.sandboxUrl}/admin/settings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ apiKeys }),
      });
    await settings([{ key: 'cal_another' }]);
    const { id } = await book(44, 0);
    const connection = await until(
      async () => {
        const { body } = await api.request<{ items: CalendarConnection[] }>('GET', '/api/calendar-connections');
        return body.items[0]?.state === 'needs_attention' && body.items[0];
      },
      { timeoutMs: 10_000, what: 'the connection asking for a person' },
    );
    expect(connection.message).toMatch(/key/i);
    await settings([{ key: 'cal_sandbox' }]);
    await api.request('POST', '/api/calendar-connections/retry', { body: {} });
    await allInStep([id], 60_000);
  });
});
