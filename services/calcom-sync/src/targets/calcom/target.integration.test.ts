import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox } from '@daybook/calcom-sandbox/sandbox';
import { Secret } from '@daybook/runtime/config';
import { TargetError } from '../target.ts';
import { openCalcomTarget } from './open-target.ts';

const attendee = { customerId: 'c1', name: 'Leo Park', email: 'leo@example.com', timeZone: 'Europe/Lisbon' };
const DAY = 24 * 3_600_000;
const noon = Math.floor(Date.now() / DAY) * DAY + 2 * DAY + DAY / 2;

function open(baseUrl: string, timeoutMs = 2000) {
  const access = {
    baseUrl,
    apiKey: new Secret('cal_sandbox'),
    timeoutMs,
    attendees: { mode: 'real' as const, placeholderDomain: 'customers.daybook.invalid' },
    rules: { trustedUrl: baseUrl, allowedHosts: [] },
  };
  return openCalcomTarget(access, () => undefined);
}

describe('the Cal.com target against the sandbox', () => {
  let sandbox: Sandbox;
  let opened: ReturnType<typeof open>;
  beforeEach(async () => {
    sandbox = await startSandbox({ rateLimitPerMinute: 100_000 });
    opened = open(sandbox.apiUrl);
  });
  afterEach(async () => {
    opened.close();
    await sandbox.stop();
  });

  test('prepares one hidden event type on an always-open schedule, once, and mends it when somebody changed it', async () => {
    const account = await opened.target.prepare();
    expect(account.accountId).toBe(String(sandbox.state.users[0]?.id));
    const ours = () => sandbox.state.eventTypes.filter(({ slug }) => slug === 'daybook');
    expect(ours()).toMatchObject([{ hidden: true, minimumBookingNotice: 0, scheduleId: Number(account.scheduleId) }]);
    ours()[0]!.minimumBookingNotice = 120;
    ours()[0]!.hidden = false;
    ours()[0]!.confirmationPolicy = { type: 'always', blockUnconfirmedBookingsInBooker: true };
    ours()[0]!.bookingWindow = { type: 'calendarDays', value: 3, rolling: true };
    expect((await open(sandbox.apiUrl).target.prepare()).eventTypeId).toBe(account.eventTypeId);
    expect(ours()).toMatchObject([{ hidden: true, minimumBookingNotice: 0 }]);
    expect([ours()[0]!.confirmationPolicy, ours()[0]!.bookingWindow]).toEqual([{ disabled: true }, { disabled: true }]);
  });

  test('makes, moves, finds and takes away a booking at any hour and of any length', async () => {
    const { target } = opened;
    const appointmentId = randomUUID();
    const made = await target.create({ appointmentId, start: noon - DAY / 2 + 11 * 60_000, minutes: 17, attendee });
    expect(made).toMatchObject({ start: noon - DAY / 2 + 11 * 60_000, minutes: 17, active: true });
    const moved = await target.move({ appointmentId, uid: made.uid, start: noon, minutes: 17, attendee });
    expect(moved).toMatchObject({ start: noon, minutes: 17, active: true });
    expect(moved.uid).not.toBe(made.uid);
    const byPlace = await target.find({ appointmentId, uids: [], place: { start: noon, minutes: 17 } });
    expect(byPlace.map(({ uid }) => uid)).toEqual([moved.uid]);
    const byChain = await target.find({ appointmentId, uids: [made.uid], place: undefined });
    expect(byChain.map(({ uid, active }) => [uid, active])).toEqual([
      [made.uid, false],
      [moved.uid, true],
    ]);
    // The old uid names a booking that was moved: the newest of its chain is the one to take away.
    await target.remove({ appointmentId, uid: made.uid });
    await target.remove({ appointmentId, uid: moved.uid });
    const after = await target.find({ appointmentId, uids: [moved.uid], place: undefined });
    expect(after.map(({ active }) => active)).toEqual([false]);
  });

  test('says what a refusal is', async () => {
    const { target } = opened;
    const request = { appointmentId: randomUUID(), start: noon, minutes: 30, attendee };
    const { uid } = await target.create(request);
    await expect(target.create({ ...request, appointmentId: randomUUID() })).rejects.toMatchObject({
      fault: { kind: 'refused', reason: 'not_available' },
    });
    await expect(target.create({ ...request, start: Date.now() - DAY })).rejects.toMatchObject({
      fault: { kind: 'refused', reason: 'past' },
    });
    await target.remove({ appointmentId: request.appointmentId, uid });
    await expect(target.move({ ...request, uid })).rejects.toMatchObject({
      fault: { kind: 'refused', reason: 'gone' },
    });
    await target.remove({ appointmentId: request.appointmentId, uid: 'neverExisted0123456789' });
  });
});

describe('answers that are no answers', () => {
  let server: Server;
  let answer: (write: (status: number, headers: Record<string, string>, body: string | Buffer) => void) => void;
  let opened: ReturnType<typeof open>;
  let calls = 0;
  beforeEach(async () => {
    calls = 0;
    server = createServer((_request, response) => {
      calls += 1;
      answer((status, headers, body) => response.writeHead(status, headers).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`, 300);
  });
  afterEach(async () => {
    opened.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const json = { 'content-type': 'application/json' };
  test.each([
    ['HTML with 200', 200, { 'content-type': 'text/html' }, '<html>Welcome</html>'],
    ['truncated JSON', 200, json, '{"status":"success","data":{"id":1,'],
    ['wrong types', 200, json, '{"status":"success","data":{"id":"x"}}'],
    ['deep JSON', 200, json, '['.repeat(100_000)],
    ['no body', 200, json, ''],
    ['a redirect to a metadata address', 302, { location: 'http://169.254.169.254/latest' }, ''],
    ['an endless body', 200, json, Buffer.alloc(6 * 1024 * 1024, 32)],
  ])('%s is garbage and not followed', async (_name, status, headers, body) => {
    answer = (write) => write(status, headers, body);
    const error: unknown = await opened.target.probe().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TargetError);
    expect((error as TargetError).fault).toEqual({ kind: 'garbage' });
  });

  test('silence is unavailable, and may have taken effect', async () => {
    answer = () => undefined;
    await expect(opened.target.probe()).rejects.toMatchObject({ fault: { kind: 'unavailable', effect: 'possible' } });
  });

  test('the breaker opens after faults of availability and lets no call through', async () => {
    answer = (write) => write(500, {}, '');
    for (let index = 0; index < 8; index += 1) await opened.target.probe().catch(() => undefined);
    expect(calls).toBeLessThan(8);
    await expect(opened.target.probe()).rejects.toMatchObject({ fault: { kind: 'unavailable', effect: 'none' } });
  });

  test('refusals and 429 do not open the breaker', async () => {
    answer = (write) => write(400, json, '{"statusCode":400,"message":"no"}');
    for (let index = 0; index < 12; index += 1) await opened.target.probe().catch(() => undefined);
    expect(calls).toBe(12);
  });
});
