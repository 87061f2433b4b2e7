import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeServices } from '../test-support/fake-services.ts';
import type { FakeServices } from '../test-support/fake-services.ts';
import { startTestGateway, writeSampleWebApp } from '../test-support/test-gateway.ts';
import type { TestGateway } from '../test-support/test-gateway.ts';
import { injectNonce } from './web-app.ts';

let services: FakeServices;
let gateway: TestGateway;
const folder = writeSampleWebApp();

beforeAll(async () => {
  services = await startFakeServices();
  gateway = await startTestGateway(services, { WEB_DIST: folder, SOURCE_URL: 'https://source.example/"</script>' });
});
afterAll(async () => {
  await gateway.stop();
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
});

function readHeader(answer: Response, name: string): string | null {
  return answer.headers.get(name);
}

describe('the app’s files', () => {
  test('hashed assets are kept for a year, others are asked for again', async () => {
    expect(readHeader(await gateway.request('/assets/main-abc123.js'), 'cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    expect(readHeader(await gateway.request('/favicon.svg'), 'cache-control')).toBe('no-cache');
    expect(readHeader(await gateway.request('/'), 'cache-control')).toBe('no-cache');
    expect(readHeader(await gateway.request('/config.js'), 'cache-control')).toBe('no-cache');
  });

  test('the worker that keeps the last day may ask its own server and nobody else', async () => {
    writeFileSync(join(folder, 'offline-worker.js'), '// the worker');
    expect(readHeader(await gateway.request('/offline-worker.js'), 'content-security-policy')).toBe(
      "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    );
    expect(readHeader(await gateway.request('/favicon.svg'), 'content-security-policy')).not.toContain('connect-src');
  });

  test.each(['/', '/index.html', '/calendar', '/calendar/2027-06-04', '/assets'])('%s', async (path) => {
    const answer = await gateway.request(path, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(path === '/assets' ? 404 : 200);
    if (path !== '/assets') expect(await answer.text()).toContain('the app');
  });

  test.each([
    '/assets/gone-1.js',
    '/gone.js',
    '/.vite/manifest.json',
    '/.env',
    '/metrics',
    '/api',
    '/api/',
    '/api/nowhere',
  ])('%s is not there', async (path) => {
    const answer = await gateway.request(path, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(404);
    expect(readHeader(answer, 'content-type')).toContain('application/problem+json');
  });

  test('a place is no answer to something that wants no page', async () => {
    expect((await gateway.request('/calendar', { headers: { accept: 'application/json' } })).status).toBe(404);
    expect((await gateway.request('/calendar', { method: 'POST' })).status).toBe(404);
  });

  test('the settings are a script of data', async () => {
    const text = await (await gateway.request('/config.js')).text();
    expect(text).toBe(
      'globalThis.daybookConfig = {"version":"0.1.0","sourceUrl":"https://source.example/\\"</script>"};\n',
    );
  });

  test('without a build the page says so and the API answers', async () => {
    const bare = await startTestGateway(services, { WEB_DIST: join(folder, 'nowhere') });
    const answer = await bare.request('/', { headers: { accept: 'text/html' } });
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('not built')]);
    expect((await bare.request('/api/openapi.json')).status).toBe(200);
    await bare.stop();
  });
});

describe('security headers', () => {
  test('the page’s policy and its nonce, new each time', async () => {
    const nonces = new Set<string>();
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await gateway.request('/');
      const policy = readHeader(answer, 'content-security-policy') ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(policy.replace(nonce, 'N')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self'; " +
          "connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(await answer.text()).toContain(`<meta property="csp-nonce" nonce="${nonce}" />`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  test.each([
    '/',
    '/assets/main-abc123.js',
    '/api/providers',
    '/api/openapi.json',
    '/api/docs',
    '/problems/SLOT_TAKEN',
    '/gone.js',
  ])('%s carries the common ones', async (path) => {
    const { headers } = await gateway.request(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.has('x-powered-by')).toBe(false);
    if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store');
  });

  test('a page that lacks the place for the nonce gets one', () => {
    expect(injectNonce('<html><head lang="en"></head></html>', 'N')).toContain(
      '<head lang="en"><meta property="csp-nonce" nonce="N" />',
    );
  });
});
