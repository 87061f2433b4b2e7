import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@daybook/stack/start-stack';
import { ApiClient, alwaysOpen, startIn } from '../support/api-client.ts';
import { owner, startTestStack } from '../support/stack.ts';

jest.setTimeout(120_000);

let stack: Stack;
let stopAndRemove: () => Promise<void>;
let api: ApiClient;
const lines: string[] = [];

beforeAll(async () => {
  ({ stack, stopAndRemove } = await startTestStack({
    quiet: false,
    log: (line) => lines.push(line),
    extraEnv: {
      gateway: { LOG_LEVEL: 'debug' },
      auth: { LOG_LEVEL: 'debug' },
      scheduling: { LOG_LEVEL: 'debug' },
      'calcom-sync': { LOG_LEVEL: 'debug' },
    },
  }));
  api = await ApiClient.signIn(stack.gatewayUrl, owner);
  await api.replaceAvailability(alwaysOpen());
});
afterAll(async () => stopAndRemove?.());

/** One raw exchange; resolves with what came until the server closed or a second passed. */
function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(stack.gatewayUrl);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

test.each([
  '/metrics',
  '/healthz',
  '/readyz',
  '/debug',
  '/.env',
  '/.git/config',
  '/package.json',
  '/src/main.ts',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/assets/..%2f..%2fpackage.json',
  '/admin/state',
])('the public port has nothing but the app at %s', async (path) => {
  const response = await fetch(stack.gatewayUrl + path, { headers: { accept: '*/*' } });
  const text = await response.text();
  // An address without a file is a place of the app, whose page is answered; it never is the thing asked for.
  if (response.status === 200) expect(text).toContain('<div id="root">');
  else expect([400, 404]).toContain(response.status);
  expect(text).not.toMatch(/root:|"dependencies"|process_cpu|repositoryformatversion/);
});

test.each(['TRACE / HTTP/1.1', 'CONNECT evil.example:443 HTTP/1.1', 'PROPFIND /api/appointments HTTP/1.1'])(
  '%s is not served',
  async (line) => {
    const answer = await raw(`${line}\r\nHost: x\r\nX-Canary: canary-echo\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/);
    expect(answer).not.toContain('canary-echo');
  },
);

test('two lengths, or a length beside chunks, are refused: no smuggled second request', async () => {
  const post = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n';
  const smuggled = '0\r\n\r\nGET /api/auth/me HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const lengths of [
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\nContent-Length: 6\r\n',
    'Transfer-Encoding: chunked, identity\r\n',
  ]) {
    const answer = await raw(`${post}${lengths}\r\n${smuggled}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  }
});

test('three hundred clients that never finish their request hinder nobody', async () => {
  const { hostname, port } = new URL(stack.gatewayUrl);
  const sockets: Socket[] = [];
  for (let index = 0; index < 300; index += 1) {
    const socket = connect(Number(port), hostname, () =>
      socket.write('POST /api/appointments HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    );
    socket.on('error', () => undefined);
    sockets.push(socket);
  }
  try {
    await delay(200);
    const times: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      for (const socket of sockets) if (socket.writable) socket.write('a');
      const begun = performance.now();
      const { status } = await api.request('GET', '/api/auth/me');
      times.push(performance.now() - begun);
      expect(status).toBe(200);
    }
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)]).toBeLessThan(1000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('logs, at their loudest, hold no secret and nobody’s particulars', async () => {
  const person = {
    name: 'Quirina Canary',
    email: 'quirina@canary.example',
    phone: '+352621424242',
  };
  const login = await fetch(`${stack.gatewayUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  });
  const cookies = login.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!.split('=').slice(1).join('='));
  const { accessToken } = (await login.json()) as { accessToken: string };
  const booked = await api.book({
    customer: person,
    start: startIn(100, 9),
    durationMinutes: 30,
    notes: 'canary-note-ward-7',
  });
  expect(booked.status).toBe(201);
  await api.book({ customer: person, start: startIn(100, 9), durationMinutes: 30 });
  await api.request('GET', `/api/customers?q=${encodeURIComponent(person.name)}`);
  await api.request('POST', '/api/appointments', { body: { customer: person, start: 'canary-bad-start' } });
  await new ApiClient(stack.gatewayUrl).request('POST', '/api/auth/login', {
    body: { username: owner.username, password: 'canary-wrong-password' },
  });
  await new ApiClient(stack.gatewayUrl, `${accessToken}x`).request('GET', '/api/auth/me');
  await api.cancel(booked.body.id, 'canary-reason-ill');
  await delay(1500);

  const passwords = [stack.adminDatabaseUrl, ...Object.values(stack.databaseUrls), ...Object.values(stack.migratorUrls)]
    .map((url) => decodeURIComponent(new URL(url).password))
    .filter((password) => password.length > 3);
  const secrets = [
    ...passwords,
    owner.password,
    'canary-wrong-password',
    accessToken,
    api.token!,
    ...cookies,
    stack.calcomApiKey,
    person.name,
    person.email,
    person.phone,
    'canary-note-ward-7',
    'canary-reason-ill',
    'canary-bad-start',
  ].filter((secret) => secret.length > 5);
  expect(secrets.length).toBeGreaterThan(12);
  expect(lines.length).toBeGreaterThan(20);
  const told = lines.filter((line) => secrets.some((secret) => line.includes(secret)));
  expect(told).toEqual([]);
});

test('nothing that somebody sends begins a line of the log', async () => {
  const forged = '{"level":"error","time":"2020-01-01T00:00:00.000Z","name":"auth","msg":"forged-line"}';
  const anonymous = new ApiClient(stack.gatewayUrl);
  for (const username of [`owner\n${forged}`, `owner\r\n${forged}`, `owner\u2028${forged}`])
    await anonymous.request('POST', '/api/auth/login', { body: { username, password: 'x' } });
  await api.request('POST', '/api/customers', { body: { name: `Ann\n${forged}` } });
  await api.request('GET', `/api/customers?q=${encodeURIComponent(`\n${forged}`)}`);
  await api.request('GET', '/api/auth/me', { headers: { 'user-agent': forged, 'x-request-id': forged } });
  await raw(`GET /%0a${encodeURIComponent(forged)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await delay(1000);
  // Lines of the log and of whoever reads it on the way: split anew, as a collector would do.
  const seen = lines.flatMap((line) => line.split(/[\r\n\u2028]+/));
  expect(seen.length).toBeGreaterThan(20);
  expect(seen.filter((line) => line.trimStart().startsWith(forged.slice(0, 20)))).toEqual([]);
});

test('an upload of ten megabytes is cut off, and the next request is served', async () => {
  const body = JSON.stringify({ notes: 'x'.repeat(10_000_000) });
  const status = await fetch(`${stack.gatewayUrl}/api/appointments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token!}`, 'content-type': 'application/json' },
    body,
  }).then(
    (response) => response.status,
    () => 413,
  );
  expect(status).toBe(413);
  expect((await api.request('GET', '/api/auth/me')).status).toBe(200);
});
