import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Stack } from '@daybook/stack/start-stack';
import { owner, startTestStack } from './support/stack.ts';

jest.setTimeout(90_000);

const root = join(__dirname, '..');
const pages = [
  ...['README.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

test.each(pages)('%s links to what exists', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const missing = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))));
  expect(missing).toEqual([]);
});

describe('the commands of docs/api.md', () => {
  let stack: Stack;
  let stopAndRemove: () => Promise<void>;
  beforeAll(async () => {
    ({ stack, stopAndRemove } = await startTestStack());
  });
  afterAll(async () => stopAndRemove?.());

  test('run, one after the other, as they stand', () => {
    const text = readFileSync(join(root, 'docs/api.md'), 'utf8');
    const commands = [...text.matchAll(/```sh runnable\n([\s\S]*?)```/g)].map(([, script]) => script!);
    expect(commands.length).toBeGreaterThan(3);
    const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', commands.join('\n')], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DAYBOOK: stack.gatewayUrl, PASSWORD: owner.password },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/booked [0-9a-f-]{36} at 20/);
    expect(stdout.trim()).toMatch(/"status":"scheduled"[^\n]*$/);
  });
});
