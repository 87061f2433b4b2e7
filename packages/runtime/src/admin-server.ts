import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { registry as processRegistry } from './metrics.ts';
import { renderMetrics } from './metrics-page.ts';

/** A question a pod asks itself: true = fine, false or a reason in words = not ready. */
export type ReadinessProbe = () => Promise<boolean | string>;

/** What the admin port needs; `readiness` lists only what the pod needs to answer requests itself. */
export type AdminServerOptions = {
  host: string;
  port: number;
  lifecycle: Lifecycle;
  logger: Logger;
  readiness: Record<string, ReadinessProbe>;
  registry?: Registry;
};

/** Probes answer quickly or count as failed; the kubelet's own default patience is one second. */
const probeDeadlineMs = 900;

async function askProbe(probe: ReadinessProbe): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), probeDeadlineMs);
  });
  try {
    const answer = await Promise.race([probe(), late]);
    if (answer === true) return undefined;
    return answer === false ? 'not ready' : answer;
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

async function findMissing(options: AdminServerOptions): Promise<Record<string, string>> {
  if (options.lifecycle.draining) return { process: 'shutting down' };
  const answers = await Promise.all(
    Object.entries(options.readiness).map(async ([name, probe]) => [name, await askProbe(probe)] as const),
  );
  return Object.fromEntries(answers.filter((answer): answer is [string, string] => answer[1] !== undefined));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function answer(path: string, response: ServerResponse, options: AdminServerOptions): Promise<void> {
  if (path === '/livez') return sendJson(response, 200, { status: 'alive' });
  if (path === '/readyz') {
    const missing = await findMissing(options);
    const ready = Object.keys(missing).length === 0;
    return sendJson(response, ready ? 200 : 503, ready ? { status: 'ready' } : { status: 'not ready', missing });
  }
  if (path === '/metrics') {
    const registry = options.registry ?? processRegistry;
    const text = await renderMetrics(registry);
    response.writeHead(200, { 'content-type': registry.contentType });
    response.end(text);
    return;
  }
  sendJson(response, 404, { status: 'not found' });
}

/**
 * Serves `/livez` (the event loop turns), `/readyz` (503 lists what is missing) and `/metrics`. Stops in the last phase
 * of shutdown, so that probes and scrapes see the drain.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    answer(path, response, options).catch((error: unknown) => {
      options.logger.error({ err: error, path }, 'admin request failed');
      if (!response.headersSent) sendJson(response, 500, { status: 'failed' });
      else response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  options.lifecycle.onShutdown('telemetry', 'admin server', close);
  return { port: (server.address() as AddressInfo).port, close };
}
