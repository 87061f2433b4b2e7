import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from './stack-layout.ts';
import { runProgram } from './supervise.ts';

const webDirectory = join(repositoryRoot, 'web');
const built = join(webDirectory, 'dist', 'index.html');

/** Whether the web app was never built, or its sources are newer than the build. */
export async function isWebStale(): Promise<boolean> {
  if (!existsSync(built)) return true;
  const builtAt = (await stat(built)).mtimeMs;
  const sources = [
    ...['src', 'public', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(webDirectory, name)),
    join(repositoryRoot, 'packages', 'http-contract', 'src'),
    join(repositoryRoot, 'packages', 'next', 'src'),
    join(repositoryRoot, 'package-lock.json'),
  ];
  for (const source of sources) if ((await newestChange(source)) > builtAt) return true;
  return false;
}

/** Builds the web app; takes some seconds. */
export async function buildWeb(onLine: (name: string, line: string) => void): Promise<void> {
  await runProgram({
    name: 'web build',
    file: join(repositoryRoot, 'node_modules', 'vite', 'bin', 'vite.js'),
    args: ['build', webDirectory, '--logLevel', 'warn'],
    env: { NODE_ENV: 'production' },
    onLine,
  });
}

async function newestChange(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = await readdir(path);
  const changes = await Promise.all(entries.map((entry) => newestChange(join(path, entry))));
  return Math.max(info.mtimeMs, ...changes);
}
