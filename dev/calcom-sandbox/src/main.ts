import { startSandbox } from './sandbox.ts';
import type { SandboxOptions } from './sandbox.ts';

function readNumber(name: string, fallback: number): number {
  const raw = process.env[name];
  if (raw === undefined || raw === '') return fallback;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number of 0 or more, not "${raw}"`);
  return value;
}

function readOptions(): SandboxOptions {
  const { PROFILE: profile, STATE_FILE: stateFile, API_KEY: apiKey, HOST: host } = process.env;
  if (profile !== undefined && profile !== '' && profile !== 'diy' && profile !== 'hosted') {
    throw new Error(`PROFILE must be diy or hosted, not "${profile}"`);
  }
  return {
    port: readNumber('PORT', 8090),
    host: host === undefined || host === '' ? '127.0.0.1' : host,
    rateLimitPerMinute: readNumber('RATE_LIMIT_PER_MINUTE', 120),
    profile: profile === 'hosted' ? 'hosted' : 'diy',
    // One that forgot everything with its state file must not hand out the uids of before.
    seed: readNumber('SEED', Date.now() % 2 ** 32),
    ...(stateFile === undefined || stateFile === '' ? {} : { stateFile }),
    ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }),
  };
}

try {
  const sandbox = await startSandbox(readOptions());
  process.stdout.write(`calcom-sandbox listening on ${sandbox.url}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void sandbox.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  process.stderr.write(`calcom-sandbox: ${error instanceof Error ? error.message : 'cannot start'}\n`);
  process.exit(1);
}
