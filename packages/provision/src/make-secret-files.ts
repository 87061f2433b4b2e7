import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@daybook/runtime/config';
import { runMain } from '@daybook/runtime/lifecycle';
import { z } from 'zod';
import { makeMissing } from './secret-values.ts';

const environment = z.object({
  SECRETS_DIRECTORY: z.string(),
  /** The broker's users, whose passwords are variables; with it a file with both is made. */
  BROKER_USERS: z.string().optional(),
});

/** The broker finds variables only in the very file that uses them, so they are put before the users. */
function renderBrokerUsers(users: string, read: (key: string) => string): string {
  const names = ['gateway', 'scheduling', 'calcom-sync', 'operator'];
  const line = (user: string): string =>
    `${user.replaceAll('-', '_').toUpperCase()}_PASSWORD: "${read(`nats-${user}-password`)}"\n`;
  return names.map(line).join('') + users;
}

/**
 * Makes one file a secret, for installations without a cluster; files that are there stay as they are. Everything in
 * the folder can be read by all processes it is mounted into, so the folder itself must be kept from everybody else.
 */
await runMain('make-secret-files', async ({ logger, lifecycle }) => {
  const { SECRETS_DIRECTORY: directory, BROKER_USERS: users } = loadConfig<z.output<typeof environment>>(environment);
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text, { mode: 0o444 });
  const replace = (name: string, text: string): void => {
    rmSync(join(directory, name), { force: true });
    write(name, text);
  };
  const missing = makeMissing(new Set(readdirSync(directory)));
  for (const [key, value] of Object.entries(missing)) write(key, value);
  const read = (key: string): string => readFileSync(join(directory, key), 'utf8');
  const derived: Record<string, string> = {
    'auth-service-tokens': JSON.stringify({ gateway: read('gateway-token') }),
    'scheduling-service-tokens': JSON.stringify({ 'calcom-sync': read('calcom-sync-token') }),
    'calcom-sync-service-tokens': JSON.stringify({ gateway: read('gateway-calcom-sync-token') }),
  };
  // Anew each time, so that a token that was changed counts; a file that cannot be written is replaced all the same.
  for (const [name, text] of Object.entries(derived)) replace(name, text);
  if (users !== undefined) {
    // What they may do can change with a version.
    replace('nats-users.conf', renderBrokerUsers(users, read));
  }
  logger.info({ made: Object.keys(missing).length }, 'secrets are complete');
  await lifecycle.shutdown();
  process.exit(0);
});
