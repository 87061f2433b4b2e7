/**
 * Loaded into a service from outside (`--import`): takes variables from the JSON file that DAYBOOK_SECRETS_FILE names, so
 * that a process that is started again has the new ones, as a pod has whose secret was changed.
 */
import { readFileSync } from 'node:fs';

try {
  const found = JSON.parse(readFileSync(process.env['DAYBOOK_SECRETS_FILE'] ?? '', 'utf8')) as Record<string, string>;
  Object.assign(process.env, found);
} catch {
  // Before the first rotation there is no file, and the environment says all.
}
