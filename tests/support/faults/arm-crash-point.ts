import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '@daybook/runtime/testing';

/** Where a process can be made to end itself; see crash-points.ts. */
export const crashPoints = [
  'before-insert',
  'after-insert',
  'after-commit',
  'after-publish',
  'before-acknowledgement',
  'after-201',
] as const;

/** One of them. */
export type CrashPoint = (typeof crashPoints)[number];

/** The environment that puts the points into a service. */
export function crashPointEnvironment(folder: string): Record<string, string> {
  const file = pathToFileURL(join(import.meta.dirname, 'crash-points.ts')).href;
  return { NODE_OPTIONS: `--import=${file}`, DAYBOOK_CRASH_DIRECTORY: folder };
}

/** Arms a point and waits until a process has died of it. Disarms it again when none came by in time. */
export async function crashAt(folder: string, point: CrashPoint, timeoutMs = 20_000): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, point);
  await writeFile(file, '');
  try {
    await until(() => Promise.resolve(!existsSync(file)), {
      timeoutMs,
      intervalMs: 5,
      what: `a process to come to ${point}`,
    });
  } finally {
    await rm(file, { force: true });
  }
}
