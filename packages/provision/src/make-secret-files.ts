import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { z } from 'zod';
import { makeMissing } from './secret-values.ts';

const environment = z.object({ SECRETS_DIRECTORY: z.string() });

/** What is told to the broker in its own format: its configuration takes passwords from files only by including them. */
function renderBrokerUsers(read: (key: string) => string): string {
  const users = ['gateway', 'scheduling', 'calcom-sync', 'operator'];
  const line = (user: string): string =>
    `${user.replaceAll('-', '_').toUpperCase()}_PASSWORD: "${read(`nats-${user}-password`)}"\n`;
  return users.map(line).join('');
}

/**
 * Makes one file a secret, for installations without a cluster; files that are there stay as they are. Everything in
 * the folder can be read by all processes it is mounted into, so the folder itself must be kept from everybody else.
 */
await runMain('make-secret-files', async ({ logger, lifecycle }) => {
  const { SECRETS_DIRECTORY: directory } = loadConfig(environment);
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text, { mode: 0o444 });
  const missing = makeMissing(new Set(readdirSync(directory)));
  for (const [key, value] of Object.entries(missing)) write(key, value);
  const read = (key: string): string => readFileSync(join(directory, key), 'utf8');
  const derived: Record<string, string> = {
    'auth-service-tokens': JSON.stringify({ gateway: read('gateway-token') }),
    'scheduling-service-tokens': JSON.stringify({ 'calcom-sync': read('calcom-sync-token') }),
    'calcom-sync-service-tokens': JSON.stringify({ gateway: read('gateway-calcom-sync-token') }),
    'nats-passwords.conf': renderBrokerUsers(read),
  };
  for (const [name, text] of Object.entries(derived)) if (!existsSync(join(directory, name))) write(name, text);
  logger.info({ made: Object.keys(missing).length }, 'secrets are complete');
  await lifecycle.shutdown();
  process.exit(0);
});
