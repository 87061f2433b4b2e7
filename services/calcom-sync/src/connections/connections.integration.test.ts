import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { query } from '@daybook/runtime/postgres';
import { silentLogger, until } from '@daybook/runtime/testing';
import { configSchema } from '../config.ts';
import { startSyncStack, type Replica, type SyncStack } from '../testing/sync-stack.ts';
import { openWebhookDoor, type WebhookDoor } from '../testing/webhook-door.ts';
import type { ConnectionContext } from './connection-context.ts';
import { showConnections } from './list-connections.ts';
import { disconnect, saveConnection, startConnection } from './manage-connections.ts';
import { planConnection } from './plan-connection.ts';
import { readConnectionContext } from './read-environment.ts';
import { readLedger, readLedgerEntry } from './read-ledger.ts';
import { receiveWebhook } from './receive-webhook.ts';

const encryptionKey = randomBytes(32).toString('base64');
const replacementKey = 'cal_replacement';

let stack: SyncStack;
let context: ConnectionContext;
let replica: Replica;
let door: WebhookDoor;
let environment: Record<string, string>;

beforeEach(async () => {
  stack = await startSyncStack();
  environment = {
    CALCOM_API_URL: '',
    CALCOM_API_KEY: '',
    CALCOM_ALLOWED_HOSTS: '127.0.0.1',
    CONNECTION_ENCRYPTION_KEY: encryptionKey,
  };
  context = readConnectionContext(configSchema.parse({ ...required, ...environment }), stack.database, silentLogger);
  door = await openWebhookDoor(stack.database, context.sealer!);
  environment['PUBLIC_URL'] = door.url;
  replica = await stack.startReplica(environment);
}, 60_000);
afterEach(async () => {
  await stack.stop();
  await door.stop();
}, 30_000);

const required = {
  HOST: '127.0.0.1',
  GRPC_PORT: '0',
  ADMIN_PORT: '0',
  DATABASE_URL: 'postgres://unused',
  NATS_URL: 'nats://127.0.0.1:1',
  AUTH_ADDRESS: '127.0.0.1:1',
  SCHEDULING_ADDRESS: '127.0.0.1:1',
  SCHEDULING_SERVICE_TOKEN: 'unused',
};

const organizationId = () => stack.practice.organizationId;

function save(apiKey = 'cal_sandbox', baseUrl = stack.sandbox.apiUrl): Promise<string> {
  const addresses = { attendeeAddresses: 'placeholder', placeholderDomain: 'customers.example' } as const;
  return saveConnection(context, organizationId(), { baseUrl, apiKey, ...addresses });
}

async function shown() {
  const [one] = await showConnections(stack.database, organizationId());
  return one!;
}

async function reach(state: string): Promise<void> {
  await until(async () => (await shown())?.connection.state === state, { timeoutMs: 10_000, what: `state ${state}` });
}

async function everyRow(): Promise<string> {
  const tables = ['connections', 'outbox', 'sync_attempts', 'inbound_webhooks'];
  const rows = await Promise.all(
    tables.map((table) => query<{ row: string }>(stack.database, { text: `SELECT t::text AS row FROM ${table} t` })),
  );
  const payloads = await query<{ payload: Buffer }>(stack.database, { text: 'SELECT payload FROM outbox' });
  return JSON.stringify(rows) + payloads.map(({ payload }) => payload.toString('latin1')).join('');
}

async function webhookSecret(): Promise<string> {
  await until(() => stack.sandbox.state.webhooks.length === 1, { timeoutMs: 10_000, what: 'the webhook there' });
  return stack.sandbox.state.webhooks[0]!.secret!;
}

test('connected in the app: paused with a plan, then in step, and the key rests nowhere to be read', async () => {
  const appointment = await stack.practice.book(stack.practice.at(0));
  await until(async () => (await shown()) !== undefined, { what: 'the first change' });
  expect(await shown()).toMatchObject({ connection: { state: 'off', managedByOperator: false } });
  const id = await save();
  expect((await shown()).connection).toMatchObject({
    state: 'paused',
    accountName: stack.sandbox.state.users[0]?.name,
    profile: 'self_hosted',
    baseUrl: stack.sandbox.apiUrl,
  });
  const before = JSON.stringify(stack.sandbox.state);
  const plan = await planConnection(context, organizationId(), id);
  expect(plan.counts).toMatchObject({ create_booking: 1, create_schedule: 1 });
  expect(plan.steps).toContainEqual(expect.objectContaining({ action: 'create_booking', ourId: appointment.id }));
  expect(plan.mailNotice).toContain('customers.example');
  // Neither the plan nor the wait before it wrote anything there.
  expect(JSON.stringify(stack.sandbox.state)).toBe(before);
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  expect(stack.sandbox.state.bookings[0]?.attendees[0]?.email).toContain('@customers.example');
  const rows = await everyRow();
  expect(rows).not.toContain('cal_sandbox');
  expect(rows).not.toContain(Buffer.from('cal_sandbox').toString('hex'));
}, 60_000);

test('a key that is refused is said; a new one of the same account goes on at once and repeats nothing', async () => {
  await stack.practice.book(stack.practice.at(0));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  await stack.setSandbox({ apiKeys: [{ key: replacementKey }] });
  await stack.practice.book(stack.practice.at(60));
  await reach('needs_attention');
  await expect(save('cal_sandbox')).rejects.toMatchObject({
    code: 'CONNECTION_TEST_FAILED',
    context: { steps: expect.arrayContaining([expect.objectContaining({ step: 'key', passed: false })]) },
  });
  expect(await save(replacementKey)).toBe(id);
  await reach('connected');
  await stack.inStep();
  expect(stack.sandbox.state.bookings).toHaveLength(2);
}, 60_000);

test('a new key of the operator takes over what rests, and a lost one is said in words', async () => {
  await stack.practice.book(stack.practice.at(0));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  const sealed = async () => {
    const [row] = await query<{ sealed_key: Buffer }>(stack.database, { text: 'SELECT sealed_key FROM connections' });
    return row!.sealed_key.toString('hex');
  };
  const before = await sealed();
  await replica.stop();
  const newKey = randomBytes(32).toString('base64');
  const rotating = { CONNECTION_ENCRYPTION_KEY: newKey, CONNECTION_ENCRYPTION_KEY_PREVIOUS: encryptionKey };
  const rotated = await stack.startReplica({ ...environment, ...rotating });
  await until(async () => (await sealed()) !== before, { timeoutMs: 10_000, what: 'the key to be sealed anew' });
  await rotated.stop();
  // The older key is not needed any more.
  const later = await stack.startReplica({ ...environment, CONNECTION_ENCRYPTION_KEY: newKey });
  await stack.practice.book(stack.practice.at(60));
  await stack.inStep();
  await later.stop();
  await stack.startReplica({ ...environment, CONNECTION_ENCRYPTION_KEY: randomBytes(32).toString('base64') });
  await reach('needs_attention');
  expect((await shown()).connection.message).toContain('Give the API key again');
}, 60_000);

test('the stored key is shown to no other address', async () => {
  await stack.practice.book(stack.practice.at(0));
  await until(async () => (await shown()) !== undefined);
  await save();
  await expect(save('', 'http://127.0.0.1:1/v2')).rejects.toMatchObject({ code: 'CONNECTION_TEST_FAILED' });
  expect(await save('')).toBeDefined();
}, 60_000);

test('another account starts paused, assumes nothing, and doubles nothing when the first comes back', async () => {
  await stack.practice.book(stack.practice.at(0));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  await stack.setSandbox({ apiKeys: [{ key: 'cal_sandbox' }, { key: 'cal_other', username: 'other' }] });
  await save('cal_other');
  expect((await shown()).connection.state).toBe('paused');
  const plan = await planConnection(context, organizationId(), id);
  expect(plan.counts['create_booking']).toBe(1);
  await save('cal_sandbox');
  expect((await planConnection(context, organizationId(), id)).counts).toMatchObject({ adopt_booking: 1 });
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  expect(stack.sandbox.state.bookings.filter(({ status }) => status === 'accepted')).toHaveLength(1);
}, 60_000);

test('ending takes away what is to come, hides, removes the webhook, and survives a crash in the middle', async () => {
  for (const minutes of [0, 60, 120]) await stack.practice.book(stack.practice.at(minutes));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  await webhookSecret();
  await stack.setFaults([{ kind: 'status', status: 503, match: { path: '/cancel' }, times: 2 }]);
  await disconnect(context, organizationId(), id, { cancelBookings: true, hideEventTypes: true });
  await replica.stop();
  await stack.startReplica(environment);
  await reach('off');
  expect(stack.sandbox.state.bookings.filter(({ status }) => status !== 'cancelled')).toEqual([]);
  expect(stack.sandbox.state.webhooks).toEqual([]);
  const [row] = await query<{ sealed_key: Buffer | null; sealed_webhook_secret: Buffer | null }>(stack.database, {
    text: 'SELECT sealed_key, sealed_webhook_secret FROM connections',
  });
  expect(row).toEqual({ sealed_key: null, sealed_webhook_secret: null });
  // Connected again, what is to come is made anew, once.
  await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
}, 90_000);

test('ending a connection that cannot be reached, with nothing to take away, is at once', async () => {
  await stack.practice.book(stack.practice.at(0));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.stopSandbox();
  await stack.practice.book(stack.practice.at(60));
  await reach('unreachable');
  await disconnect(context, organizationId(), id, { cancelBookings: true, hideEventTypes: false });
  expect((await shown()).connection.state).toBe('unreachable');
  await disconnect(context, organizationId(), id, { cancelBookings: false, hideEventTypes: false });
  expect((await shown()).connection.state).toBe('off');
  await stack.restartSandbox();
}, 60_000);

test('the operator’s connection is left alone; another organisation has its own', async () => {
  await stack.practice.book(stack.practice.at(0));
  await until(async () => (await shown()) !== undefined);
  const id = await save();
  await query(stack.database, { text: 'UPDATE connections SET from_environment = true' });
  const refused = { code: 'CONNECTION_MANAGED_BY_OPERATOR' };
  await expect(save()).rejects.toMatchObject(refused);
  const nothing = { cancelBookings: false, hideEventTypes: false };
  await expect(disconnect(context, organizationId(), id, nothing)).rejects.toMatchObject(refused);
  const stranger = randomUUID();
  for (const attempt of [
    () => startConnection(context, stranger, id),
    () => disconnect(context, stranger, id, nothing),
    () => planConnection(context, stranger, id),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  }
  const typed = { baseUrl: stack.sandbox.apiUrl, apiKey: 'cal_sandbox', placeholderDomain: '' };
  const own = await saveConnection(context, stranger, { ...typed, attendeeAddresses: 'real' });
  expect(own).not.toBe(id);
}, 60_000);

describe('webhooks', () => {
  async function connect(): Promise<string> {
    await stack.practice.book(stack.practice.at(0));
    const id = await save();
    await startConnection(context, organizationId(), id);
    await reach('connected');
    return id;
  }

  /** As if ten minutes had passed since the webhook was last looked after. */
  async function lookAgain(besides = ''): Promise<void> {
    const looked = 'webhook_checked_at IS NOT NULL';
    const text = `UPDATE connections SET webhook_checked_at = NULL${besides} WHERE ${looked} RETURNING 1`;
    await until(async () => (await query(stack.database, { text })).length > 0, {
      what: 'the webhook to be looked after',
    });
  }

  const sign = (body: Buffer, secret: string): string => createHmac('sha256', secret).update(body).digest('hex');
  const deps = () => ({ database: stack.database, sealer: context.sealer });
  const stored = () => query<{ trigger: string }>(stack.database, { text: 'SELECT * FROM inbound_webhooks' });

  test('are set up, mended when somebody changed them, and taken once', async () => {
    const id = await connect();
    const secret = await webhookSecret();
    const [there] = stack.sandbox.state.webhooks;
    expect(there).toMatchObject({ active: true, subscriberUrl: `${door.url}/webhooks/calcom/${id}` });
    await until(async () => (await shown()).connection.inbound === 'webhook', { timeoutMs: 5000 });
    const body = Buffer.from('{"triggerEvent":"PING", "createdAt":"2026-01-01T00:00:00Z"}');
    const webhook = { connectionId: id, body, signature: sign(body, secret) };
    const before = (await stored()).length;
    for (let count = 0; count < 3; count += 1) await receiveWebhook(deps(), webhook);
    expect((await stored()).length).toBe(before + 1);
    there!.active = false;
    there!.triggers = [];
    await lookAgain();
    await until(() => stack.sandbox.state.webhooks[0]?.active === true, { timeoutMs: 8000 });
    expect(stack.sandbox.state.webhooks[0]?.triggers).toContain('BOOKING_CREATED');
  }, 60_000);

  test('are refused alike for a wrong signature, a changed byte, no signature, and a connection nobody has', async () => {
    const id = await connect();
    const secret = await webhookSecret();
    const body = Buffer.from('{"triggerEvent":"PING"}');
    const signature = sign(body, secret);
    const before = (await stored()).length;
    for (const webhook of [
      { connectionId: id, body, signature: sign(body, 'other') },
      { connectionId: id, body: Buffer.concat([body, Buffer.from(' ')]), signature },
      { connectionId: id, body, signature: '' },
      { connectionId: id, body, signature: 'no-secret-provided' },
      { connectionId: id, body, signature: signature.slice(2) },
      { connectionId: randomUUID(), body, signature },
      { connectionId: 'nobody', body, signature },
    ]) {
      await expect(receiveWebhook(deps(), webhook)).rejects.toMatchObject({
        code: 'WEBHOOK_REFUSED',
        message: 'The webhook was refused.',
      });
    }
    expect((await stored()).length).toBe(before);
    await expect(
      receiveWebhook(deps(), { connectionId: id, body: Buffer.alloc(256 * 1024 + 1), signature }),
    ).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  }, 60_000);

  test('a changed secret leaves the one before good for a while, and only so long', async () => {
    const id = await connect();
    const old = await webhookSecret();
    await lookAgain(`, webhook_secret_since = now() - interval '31 days'`);
    await until(() => stack.sandbox.state.webhooks[0]?.secret !== old, { timeoutMs: 8000, what: 'a new secret there' });
    const body = Buffer.from('{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"u1"}}');
    const webhook = { connectionId: id, body, signature: sign(body, old) };
    await receiveWebhook(deps(), webhook);
    const later = `UPDATE connections SET previous_secret_until = previous_secret_until - interval '25 hours'`;
    await query(stack.database, { text: later });
    await expect(receiveWebhook(deps(), webhook)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
    const fresh = stack.sandbox.state.webhooks[0]!.secret!;
    await receiveWebhook(deps(), { ...webhook, signature: sign(body, fresh) });
  }, 60_000);

  test('what Cal.com itself sends is taken by the door', async () => {
    await connect();
    await webhookSecret();
    await stack.practice.book(stack.practice.at(60));
    await stack.inStep();
    await until(() => door.deliveries.some(({ status }) => status === 204), { timeoutMs: 8000 });
    expect(door.deliveries.filter(({ status }) => status !== 204)).toEqual([]);
  }, 60_000);
});

test('the ledger pages through every line once, what needs a person first, and latency is counted', async () => {
  for (const minutes of [0, 60, 120, 180, 240]) await stack.practice.book(stack.practice.at(minutes));
  const id = await save();
  await startConnection(context, organizationId(), id);
  await reach('connected');
  await stack.inStep();
  await stack.practice.book(stack.practice.at(300));
  await stack.inStep();
  const lines = await query<{ id: string }>(stack.database, {
    text: `SELECT appointment_id AS id FROM calendar_links ORDER BY random() LIMIT 2`,
  });
  await query(stack.database, {
    text: `UPDATE calendar_links SET state = 'different', next_attempt_at = NULL WHERE appointment_id = ANY ($1::uuid[])`,
    values: [lines.map((line) => line.id)],
  });
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await readLedger(stack.database, { organizationId: organizationId(), states: [], limit: 2, cursor });
    expect(page.counts).toEqual({ in_step: 4, different: 2 });
    seen.push(...page.lines.map(({ appointmentId }) => appointmentId));
    cursor = page.nextCursor;
  } while (cursor !== '');
  expect(new Set(seen).size).toBe(6);
  expect(seen).toHaveLength(6);
  expect(new Set(seen.slice(0, 2))).toEqual(new Set(lines.map((line) => line.id)));
  const { line, attempts } = await readLedgerEntry(stack.database, organizationId(), seen[5]!);
  expect(line).toMatchObject({ state: 'in_step', ours: { status: 'scheduled' }, theirs: { status: 'scheduled' } });
  expect(attempts.length).toBeGreaterThan(0);
  // Only the last one was changed after the start; the others say nothing of our speed.
  expect((await shown()).latency).toMatchObject({ count: 1, withinPromise: 1 });
  await expect(readLedgerEntry(stack.database, randomUUID(), seen[0]!)).rejects.toMatchObject({
    code: 'APPOINTMENT_NOT_FOUND',
  });
  await expect(
    readLedger(stack.database, { organizationId: organizationId(), states: [], limit: 2, cursor: 'x' }),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
}, 60_000);
