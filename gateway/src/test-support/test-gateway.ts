import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@daybook/runtime/config';
import { Lifecycle } from '@daybook/runtime/lifecycle';
import { silentLogger, until } from '@daybook/runtime/testing';
import { gatewayEnvironment } from '../config.ts';
import type { SessionWatchTiming } from '../session/revocations.ts';
import { startGateway } from '../start-gateway.ts';
import type { FakeServices } from './fake-services.ts';

/** A whole gateway in this process, listening on a free port, between the doubles and the test's fetch. */
export type TestGateway = {
  url: string;
  adminUrl: string;
  lifecycle: Lifecycle;
  /** fetch against this gateway; `token` is sent as bearer, `json` as the body. */
  request(path: string, options?: RequestInit & { token?: string; json?: unknown }): Promise<Response>;
  stop(): Promise<void>;
};

/** A built app, as Vite leaves it. */
export function writeSampleWebApp(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-web-'));
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, '.vite'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html><head><meta property="csp-nonce" nonce="__CSP_NONCE__" /></head><body>the app</body></html>',
  );
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'console.log(1)');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, '.vite', 'manifest.json'), '{}');
  return folder;
}

/** Starts a gateway against the doubles; `environment` overrides settings. NATS is absent unless NATS_URL is given. */
export async function startTestGateway(
  services: Pick<FakeServices, 'address'>,
  environment: Record<string, string> = {},
  timing?: SessionWatchTiming,
): Promise<TestGateway> {
  const folder = writeSampleWebApp();
  const lifecycle = new Lifecycle({ logger: silentLogger });
  const config = loadConfig(gatewayEnvironment, {
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    AUTH_ADDRESS: services.address,
    SCHEDULING_ADDRESS: services.address,
    CALENDAR_SYNC_ADDRESS: services.address,
    NATS_URL: 'nats://127.0.0.1:1',
    AUTH_SERVICE_TOKEN: 'test-secret',
    CALENDAR_SYNC_SERVICE_TOKEN: 'sync-secret',
    WEB_DIST: folder,
    RATE_LIMIT_PER_MINUTE: '1000000',
    LOGIN_RATE_PER_MINUTE: '1000000',
    ...environment,
  });
  const { httpPort, adminPort } = await startGateway(config, {
    logger: silentLogger,
    lifecycle,
    ...(timing ? { timing } : {}),
  });
  const url = `http://127.0.0.1:${httpPort}`;
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  await until(async () => (await fetch(`${adminUrl}/readyz`)).ok, { what: 'the gateway to be ready' });
  return {
    url,
    adminUrl,
    lifecycle,
    request: (path, { token, json, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      if (json !== undefined) headers.set('content-type', 'application/json');
      return fetch(`${url}${path}`, {
        ...init,
        headers,
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
    },
    stop: async () => {
      await lifecycle.shutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
