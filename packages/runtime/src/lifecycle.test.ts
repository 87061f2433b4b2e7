import { get } from 'node:http';
import { Registry } from 'prom-client';
import { startAdminServer } from './admin-server.ts';
import type { ReadinessProbe } from './admin-server.ts';
import { Lifecycle } from './lifecycle.ts';
import { silentLogger, until } from './testing.ts';

test('phases stop in order whatever the order of registration; a failing or hanging part holds up nobody', async () => {
  const lifecycle = new Lifecycle({ stopDeadlineMs: 50 });
  const order: string[] = [];
  const add = (phase: 'intake' | 'work' | 'pools' | 'telemetry'): void =>
    lifecycle.onShutdown(phase, phase, async () => void order.push(phase));
  add('telemetry');
  add('pools');
  add('intake');
  add('work');
  lifecycle.onShutdown('intake', 'fails', () => Promise.reject(new Error('no')));
  lifecycle.onShutdown('work', 'throws', () => {
    throw new Error('no');
  });
  lifecycle.onShutdown('work', 'hangs', () => new Promise(() => undefined));
  expect(lifecycle.draining).toBe(false);
  const stopping = lifecycle.shutdown();
  expect(lifecycle.draining).toBe(true);
  expect(lifecycle.shutdown()).toBe(stopping);
  await stopping;
  expect(order).toEqual(['intake', 'work', 'pools', 'telemetry']);
});

type Answer = { status: number; body: string };
function fetchPath(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

async function startAdmin(
  readiness: Record<string, ReadinessProbe>,
  drainDelayMs = 0,
): Promise<{ port: number; lifecycle: Lifecycle }> {
  const lifecycle = new Lifecycle({ drainDelayMs });
  const options = { host: '127.0.0.1', port: 0, lifecycle, logger: silentLogger, readiness, registry: new Registry() };
  return { port: (await startAdminServer(options)).port, lifecycle };
}

test('readiness lists what is missing and why; liveness does not ask', async () => {
  const { port, lifecycle } = await startAdmin({
    fine: async () => true,
    database: async () => false,
    schema: async () => 'migration 0003 is missing',
    broken: () => Promise.reject(new Error('postgres://user:password@host')),
    silent: () => new Promise(() => undefined),
  });
  const ready = await fetchPath(port, '/readyz');
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.body)).toMatchObject({
    missing: {
      database: 'not ready',
      schema: 'migration 0003 is missing',
      broken: 'failed',
      silent: 'no answer in time',
    },
  });
  expect(ready.body).not.toContain('password');
  expect((await fetchPath(port, '/livez')).status).toBe(200);
  expect((await fetchPath(port, '/metrics')).status).toBe(200);
  expect((await fetchPath(port, '/secrets')).status).toBe(404);
  await lifecycle.shutdown();
});

test('readiness turns off at once while the drain delay passes, then the port closes', async () => {
  const { port, lifecycle } = await startAdmin({ fine: async () => true }, 300);
  expect((await fetchPath(port, '/readyz')).status).toBe(200);
  const stopping = lifecycle.shutdown();
  const drained = await fetchPath(port, '/readyz');
  expect(drained.status).toBe(503);
  expect(drained.body).toContain('shutting down');
  await stopping;
  await until(
    () =>
      fetchPath(port, '/livez').then(
        () => false,
        () => true,
      ),
    { what: 'the port to be closed' },
  );
});
