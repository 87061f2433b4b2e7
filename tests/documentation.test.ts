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

test.each(pages)("%s: every command is marked as run by our tests, or as the reader's to run", (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const fences = [...text.matchAll(/^ *```(\S.*)$/gm)].map(([, mark = '']) => mark);
  const commands = fences.filter((mark) => /^(sh|bash|shell|console)\b/.test(mark));
  expect(commands.filter((mark) => !/^sh (runnable|operator)$/.test(mark))).toEqual([]);
});

test.each(pages)('%s names only scripts, folders and files that exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const named = [...text.matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
  const folders = 'bench|compose|dev|docs|gateway|helm|k8s|packages|protos|services|tests|web';
  const kinds = 'ts|tsx|mjs|md|yaml|json|conf|sh|js|svg';
  const paths = new RegExp(`\`((?:${folders})/(?:[\\w./-]*/|[\\w./-]+\\.(?:${kinds})))\``, 'g');
  const files = [...text.matchAll(paths)].map(([, file = '']) => file);
  // What a build makes is not there before it.
  const made = (file: string) => file.startsWith('web/dist') || file.startsWith('protos/gen');
  expect(files.filter((file) => !made(file) && !existsSync(join(root, file)))).toEqual([]);
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
