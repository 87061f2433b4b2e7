import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '@daybook/stack/start-stack';
import { startTestStack } from '../support/stack.ts';

jest.setTimeout(180_000);

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const folder = join(root, 'docs');
const ours = ['operations/backup.md', 'operations/observability.md', 'operations/troubleshooting.md', 'development.md'];
const read = (page: string) => readFileSync(join(folder, page), 'utf8');
const runnable = (page: string) =>
  [...read(page).matchAll(/^```sh runnable\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);

let data: string;
let stack: Stack;
let stopAndRemove: () => Promise<void>;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'daybook-documents-'));
  ({ stack, stopAndRemove } = await startTestStack({ dataDirectory: data }));
});
afterAll(async () => {
  await stopAndRemove?.();
  await rm(data, { recursive: true, force: true });
});

test.each(ours)('the runnable commands of %s run as they stand', async (page) => {
  const blocks = runnable(page);
  expect(blocks.length).toBeGreaterThan(0);
  const port = (url: string) => new URL(url).port;
  const { adminUrls } = stack;
  // The pages name the ports of npm start; a test stack has others.
  const places: [string, string][] = [
    ['localhost:9080', new URL(adminUrls.gateway).host],
    ['localhost:9081', new URL(adminUrls.auth).host],
    ['localhost:9082', new URL(adminUrls.scheduling).host],
    ['localhost:9083', new URL(adminUrls['calcom-sync']).host],
  ];
  const { PATH, HOME } = process.env;
  for (const block of blocks) {
    const script = places.reduce((text, [from, to]) => text.replaceAll(from, to), block);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: root,
      env: {
        ...{ PATH, HOME, DAYBOOK_DATA_DIR: data, PORT: port(stack.gatewayUrl) },
        GATEWAY_ADMIN_PORT: port(adminUrls.gateway),
        AUTH_ADMIN_PORT: port(adminUrls.auth),
        SCHEDULING_ADMIN_PORT: port(adminUrls.scheduling),
        CALCOM_SYNC_ADMIN_PORT: port(adminUrls['calcom-sync']),
      },
    });
    expect(stdout).not.toBe('');
  }
});
