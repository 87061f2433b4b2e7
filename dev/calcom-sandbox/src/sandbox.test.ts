import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestBed } from './testing/client.ts';
import type { TestBed } from './testing/client.ts';
import type { SandboxOptions } from './sandbox.ts';
import { startSandbox } from './sandbox.ts';

let folder: string;
let beds: TestBed[];
beforeEach(() => {
  beds = [];
  folder = mkdtempSync(join(tmpdir(), 'calcom-sandbox-'));
});
afterEach(async () => {
  // Here and not in the tests, so that a failed test leaves nothing running.
  await Promise.all(beds.map((bed) => bed.stop()));
  rmSync(folder, { recursive: true });
});

async function open(options: SandboxOptions = {}): Promise<TestBed> {
  const bed = await openTestBed(options);
  beds.push(bed);
  return bed;
}

test('a restart keeps bookings, schedules and the position of the id generators', async () => {
  const stateFile = join(folder, 'deep', 'state.json');
  const first = await open({ stateFile });
  const booking = await first.book('2026-11-03T09:00:00Z');
  await first.call('PATCH /v2/schedules/771', {
    body: { overrides: [{ date: '2026-12-24', startTime: '00:00', endTime: '00:00' }] },
  });
  await first.stop();
  const second = await open({ stateFile });
  expect((await second.call(`GET /v2/bookings/${booking.uid}`)).body.data.start).toBe(booking.start);
  expect((await second.call('GET /v2/schedules/771')).body.data.overrides).toHaveLength(1);
  const next = await second.book('2026-11-03T10:00:00Z');
  expect([next.id, next.uid === booking.uid]).toEqual([55013, false]);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json', 'state.json.journal']);
  await second.stop();
  beds.pop();
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
});

test('a state file that cannot be read stops the start', async () => {
  const stateFile = join(folder, 'state.json');
  writeFileSync(stateFile, '{"formatVersion":');
  await expect(startSandbox({ stateFile })).rejects.toThrow('cannot be read');
});

test('a taken port is an error', async () => {
  const bed = await open();
  await expect(startSandbox({ port: Number(new URL(bed.sandbox.url).port) })).rejects.toThrow('EADDRINUSE');
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)} before it was up`)));
  });
}

/** Starts it as a process with a state file; answers the child and its address. */
async function startProcess(stateFile: string): Promise<{ child: ChildProcess; url: string; line: string }> {
  const env = { ...process.env, PORT: '0', STATE_FILE: stateFile, API_KEY: 'cal_own', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [join(process.cwd(), 'dev/calcom-sandbox/src/main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  return { child, line, url: line.split(' ').at(-1) ?? '' };
}

function callAs(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = {
    authorization: 'Bearer cal_own',
    'content-type': 'application/json',
    'cal-api-version': '2024-08-13',
  };
  return fetch(`${url}/v2${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

test('as a process it says where it listens, saves and ends within a second with exit code 0', async () => {
  const stateFile = join(folder, 'state.json');
  const { child, line, url } = await startProcess(stateFile);
  expect(line).toMatch(/^calcom-sandbox listening on http:\/\/127\.0\.0\.1:\d+$/);
  expect((await callAs(url, 'PATCH', '/me', { bio: 'changed' })).status).toBe(200);
  const started = performance.now();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - started).toBeLessThan(1000);
  expect((JSON.parse(readFileSync(stateFile, 'utf8')) as { users: { bio: string }[] }).users[0]?.bio).toBe('changed');
});

test('killed at once after its answers, it comes back with every one of them, even after a torn line', async () => {
  const stateFile = join(folder, 'state.json');
  const first = await startProcess(stateFile);
  const attendee = { name: 'Leo Park', email: 'leo@example.com', timeZone: 'UTC' };
  const start = Temporal.Now.plainDateISO('UTC').add({ days: 14 });
  const monday = start.subtract({ days: start.dayOfWeek - 1 }).toString();
  const uids: string[] = [];
  for (const hour of ['09', '10', '11', '12']) {
    const body = { start: `${monday}T${hour}:00:00Z`, eventTypeId: 9001, attendee };
    const answer = await callAs(first.url, 'POST', '/bookings', body);
    uids.push(((await answer.json()) as { data: { uid: string } }).data.uid);
  }
  await callAs(first.url, 'POST', `/bookings/${uids[0] ?? ''}/cancel`, { cancellationReason: 'ill' });
  await callAs(first.url, 'PATCH', '/me', { bio: 'changed' });
  const ended = new Promise((resolve) => first.child.once('exit', resolve));
  first.child.kill('SIGKILL');
  await ended;
  appendFileSync(`${stateFile}.journal`, '{"seq":999,"bookings":[{"uid":"to');
  const second = await open({ stateFile });
  expect(second.sandbox.state.bookings.map(({ uid, status }) => [uid, status])).toEqual(
    uids.map((uid, index) => [uid, index === 0 ? 'cancelled' : 'accepted']),
  );
  expect(second.sandbox.state.users[0]?.bio).toBe('changed');
  expect(second.sandbox.state.nextId.booking).toBe(55016);
});

test('an older journal beside a newer snapshot changes nothing', async () => {
  const stateFile = join(folder, 'state.json');
  const first = await open({ stateFile });
  const booking = await first.book('2026-11-03T09:00:00Z');
  const touched = await first.call('PATCH /v2/me', { body: { bio: 'old' } });
  expect(touched.status).toBe(200);
  const journal = readFileSync(`${stateFile}.journal`, 'utf8');
  await first.call(`POST /v2/bookings/${booking.uid}/cancel`, { body: { cancellationReason: 'ill' } });
  await first.call('PATCH /v2/me', { body: { bio: 'new' } });
  await first.stop();
  beds.pop();
  writeFileSync(`${stateFile}.journal`, journal);
  const second = await open({ stateFile });
  expect(second.sandbox.state.bookings[0]?.status).toBe('cancelled');
  expect(second.sandbox.state.users[0]?.bio).toBe('new');
});

test('the page shows what the sandbox holds, escaped, under a strict policy', async () => {
  const bed = await open();
  const attendee = { name: '<b>Eve</b>', email: 'eve@example.com', timeZone: 'UTC' };
  const booking = await bed.book('2026-11-03T09:00:00Z', { attendee });
  await bed.admin('POST /faults', { rules: [{ match: { operation: 'getMe' }, kind: 'latency', latencyMs: 5 }] });
  const answer = await fetch(`${bed.sandbox.url}/`);
  const html = await answer.text();
  expect(html).toContain(booking.uid);
  expect(html).toContain('Tue 03 Nov, 10:00');
  expect(html).toContain('&lt;b&gt;Eve&lt;/b&gt;');
  expect(html).not.toContain('<b>Eve');
  expect(html).toContain('Working hours');
  expect(html).toContain('latency');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect((await fetch(`${bed.sandbox.url}/page.js`)).headers.get('content-type')).toContain('javascript');
});
