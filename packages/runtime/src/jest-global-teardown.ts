import { rm } from 'node:fs/promises';
import { startedServersKey } from './jest-global-setup.ts';
import type { StartedServers } from './jest-global-setup.ts';

/** Stops what setup started and removes its data; a server named by the environment is left alone. */
export default async function stopServers(): Promise<void> {
  const started = (globalThis as Record<symbol, unknown>)[startedServersKey] as StartedServers | undefined;
  if (!started) return;
  await started.stop();
  await rm(started.directory, { recursive: true, force: true });
}
