import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from '@daybook/runtime/testing';
import { startFakeServices } from './test-support/fake-services.ts';

jest.setTimeout(30_000);

type Line = Record<string, unknown>;

test('the process logs one line a request that names nobody, answers its drain, and exits 0', async () => {
  const services = await startFakeServices();
  const child = spawn(process.execPath, [join(process.cwd(), 'gateway/src/main.ts')], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
      AUTH_ADDRESS: services.address,
      SCHEDULING_ADDRESS: services.address,
      CALENDAR_SYNC_ADDRESS: services.address,
      NATS_URL: 'nats://127.0.0.1:1',
      AUTH_SERVICE_TOKEN: 'canary-service-secret',
    },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const lines = (): Line[] =>
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  const listening = await until(() => lines().find((line) => line['msg'] === 'listening'), { what: 'the port' });
  const url = `http://127.0.0.1:${String(listening['httpPort'])}`;
  const admin = `http://127.0.0.1:${String(listening['adminPort'])}`;
  const token = services.signIn();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const booking = {
    customer: { name: 'Canary Person', email: 'canary@example.com' },
    start: '2027-06-04T10:00:00Z',
    durationMinutes: 30,
  };
  await fetch(`${url}/api/appointments`, { method: 'POST', headers, body: JSON.stringify(booking) });
  await fetch(`${url}/api/appointments?q=canary%0Ainjected`, { headers });
  await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers,
    body: '{"username":"canary-user","password":"canary-password"}',
  });
  const requests = (): Line[] => lines().filter((line) => line['msg'] === 'request');
  await until(() => requests().length === 3, { what: 'three lines' });
  expect(requests()[0]).toMatchObject({
    method: 'POST',
    route: '/api/appointments',
    status: 201,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(output.toLowerCase()).not.toContain('canary');
  expect(output).not.toContain(token);
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toMatch(/daybook_http_request_duration_seconds_count\{[^}]*route="\/api\/appointments"[^}]*\} 1/);
  const live = await fetch(`${url}/api/live`, { headers });
  child.kill('SIGTERM');
  expect(await live.text()).toContain('event: goodbye');
  const code = await new Promise(
    (resolve) => void (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode)),
  );
  expect(code).toBe(0);
  await services.stop();
});
