import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack, type StackOptions } from '@daybook/stack/start-stack';

/** The owner of every test practice. */
export const owner = { username: 'owner', password: 'correct-horse-battery-staple' };

/** A whole Daybook of its own: real PostgreSQL, NATS, every service and the Cal.com stand-in, on free ports. */
export async function startTestStack(
  options: Partial<StackOptions> = {},
): Promise<{ stack: Stack; stopAndRemove: () => Promise<void> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'daybook-test-'));
  const free = {
    gateway: 0,
    sandbox: 0,
    gatewayAdmin: 0,
    authAdmin: 0,
    schedulingAdmin: 0,
    calcomSyncAdmin: 0,
    authGrpc: 0,
    schedulingGrpc: 0,
    calcomSyncGrpc: 0,
  };
  const stack = await startStack({
    dataDirectory,
    ports: free,
    ownerUsername: owner.username,
    ownerPassword: owner.password,
    quiet: true,
    sandboxRateLimitPerMinute: 100_000,
    ...options,
    extraEnv: {
      ...options.extraEnv,
      gateway: { RATE_LIMIT_PER_MINUTE: '1000000', ...otherBuild(), ...options.extraEnv?.gateway },
    },
  });
  return {
    stack,
    async stopAndRemove() {
      await stack.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** The app as it was built elsewhere, when WEB_DIST names the folder: a build can be tried without touching the one in use. */
function otherBuild(): Record<string, string> {
  const folder = process.env['WEB_DIST'];
  return folder ? { WEB_DIST: folder } : {};
}
