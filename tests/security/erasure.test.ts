import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomerExport, ErasedCustomer } from '@daybook/http-contract/practice';
import { until } from '@daybook/runtime/testing';
import type { Stack } from '@daybook/stack/start-stack';
import { connect } from 'nats';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { rowsOf } from '../support/rows-of.ts';
import { activeBookings } from '../support/sandbox-state.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(120_000);

/** Words that stand nowhere else; each tells of the person. */
const zoe = { name: 'Zerlina Quandtovic', email: 'zerlina@quandtovic.example', phone: '+352621777888' };
const words = { notes: 'left knee canary', reason: 'moved away canary' };
const traces = [zoe.name, zoe.email, zoe.phone, 'zerlina quandtovic', words.notes, words.reason];

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;
const lines: string[] = [];

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack({ quiet: false, log: (line) => lines.push(line) }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => stopAndRemove?.());

/** Every row of every table of a database as text, bytes as what they spell. */
async function dump(url: string): Promise<string> {
  const tables = await rowsOf<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
  );
  const parts: string[] = [];
  for (const { name } of tables)
    for (const row of await rowsOf<Record<string, unknown>>(url, `SELECT * FROM ${name}`))
      parts.push(
        Object.values(row)
          .map((value) => (Buffer.isBuffer(value) ? value.toString() : JSON.stringify(value)))
          .join('\n'),
      );
  return parts.join('\n');
}

/** Every message of every stream, as a reader would get it. */
async function readStreams(): Promise<string> {
  const connection = await connect({ servers: stack.natsUrl });
  try {
    const { streams } = await connection.jetstreamManager();
    const parts: string[] = [];
    for (const { config, state } of await streams.list().next())
      for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
        const message = await streams.getMessage(config.name, { seq }).catch(() => undefined);
        if (message) parts.push(Buffer.from(message.data).toString());
      }
    return parts.join('\n');
  } finally {
    await connection.close();
  }
}

/** The broker's files, byte for byte: what was deleted must not lie there either. */
function readBrokerFiles(): string {
  const folder = join(stack.dataDirectory, 'nats');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const found = (text: string): string[] => traces.filter((trace) => text.includes(trace));

/** Which words about the person stand where. */
async function search(): Promise<Record<string, string[]>> {
  return {
    auth: found(await dump(stack.databaseUrls.auth)),
    scheduling: found(await dump(stack.databaseUrls.scheduling)),
    'calcom-sync': found(await dump(stack.databaseUrls.calcomSync)),
    streams: found(await readStreams()),
    'files of the broker': found(readBrokerFiles()),
    logs: found(lines.join('\n')),
  };
}

const nowhere = { auth: [], scheduling: [], 'calcom-sync': [], streams: [], 'files of the broker': [], logs: [] };

test('a customer is exported whole, then erased, and stands in no store any more, not even after a look at Cal.com', async () => {
  const booked = await api.book({ customer: zoe, start: startIn(20, 9), durationMinutes: 30, notes: words.notes });
  expect(booked.status).toBe(201);
  const { id, customer } = booked.body;
  const path = `/api/customers/${customer.id}`;
  await until(async () => (await activeBookings(stack.sandboxUrl!)).has(id), {
    timeoutMs: 20_000,
    what: 'the booking',
  });
  await api.reschedule(id, { start: startIn(21, 9), reason: words.reason });

  const exported = await api.request<CustomerExport>('GET', `${path}/export`);
  expect(exported.headers.get('content-disposition')).toContain('attachment');
  expect(exported.body).toMatchObject({
    customer: zoe,
    appointments: [{ id, notes: words.notes, history: [{ action: 'booked' }, { reason: words.reason }] }],
  });

  // Somebody who is expected cannot be forgotten: the appointment is cancelled first, here and on Cal.com.
  expect((await api.request('DELETE', path)).problem?.code).toBe('CUSTOMER_HAS_APPOINTMENTS');
  await api.cancel(id, words.reason);
  await until(async () => !(await activeBookings(stack.sandboxUrl!)).has(id), {
    timeoutMs: 20_000,
    what: 'the cancellation on Cal.com',
  });
  const before = await search();
  for (const store of ['scheduling', 'calcom-sync', 'streams', 'files of the broker'])
    expect([store, before[store]!.length > 0]).toEqual([store, true]);

  const erased = await api.request<ErasedCustomer>('DELETE', path);
  expect([erased.status, erased.body]).toEqual([200, { erasedAppointments: 1 }]);
  let left: Record<string, string[]> = {};
  await until(
    async () => {
      left = await search();
      return Object.values(left).every((traces) => traces.length === 0);
    },
    { timeoutMs: 40_000, intervalMs: 1000, what: 'the person to be gone everywhere' },
  ).catch(() => undefined);
  expect(left).toEqual(nowhere);

  // Cal.com still holds the cancelled booking with the name; comparing with it must not bring the name back.
  const connections = await api.request<{ items: { id: string }[] }>('GET', '/api/calendar-connections');
  const sweep = await api.request<{ id: string }>(
    'POST',
    `/api/calendar-connections/${connections.body.items[0]!.id}/sweeps`,
  );
  expect(sweep.status).toBeLessThan(300);
  await until(
    async () => {
      const { body } = await api.request<{ items: { id: string; finishedAt?: string }[] }>(
        'GET',
        '/api/calendar-connections/sweeps',
      );
      return body.items.find((each) => each.id === sweep.body.id)?.finishedAt !== undefined;
    },
    { timeoutMs: 30_000, what: 'the comparison to end' },
  );
  expect(await search()).toEqual(nowhere);
  expect((await api.appointment(id)).body).toMatchObject({ status: 'cancelled', customer: { name: '—' }, notes: '' });
  expect((await api.request('GET', path)).status).toBe(404);
});
