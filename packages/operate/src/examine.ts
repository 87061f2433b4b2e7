import { checkBroker, checkBrokerUser } from './checks/broker-check.ts';
import { fault, skipped, type Finding } from './checks/check.ts';
import { checkDatabases } from './checks/database-check.ts';
import {
  checkCalcom,
  checkDisk,
  checkInternalCertificate,
  checkProcess,
  checkPublicAddress,
} from './checks/outside-checks.ts';
import type { DoctorConfig } from './config.ts';

async function examineDatabases(config: DoctorConfig): Promise<Finding[]> {
  const { AUTH_DATABASE_URL: auth, SCHEDULING_DATABASE_URL: scheduling, CALCOM_SYNC_DATABASE_URL: ledger } = config;
  if (auth && scheduling && ledger) {
    return checkDatabases({ auth: auth.reveal(), scheduling: scheduling.reveal(), calcom_sync: ledger.reveal() });
  }
  if (!auth && !scheduling && !ledger) return [skipped('databases', 'no …_DATABASE_URL is set')];
  const says = 'only some of AUTH_DATABASE_URL, SCHEDULING_DATABASE_URL and CALCOM_SYNC_DATABASE_URL are set';
  return [fault('configuration', says, 'Set all three, to what the services use.')];
}

async function examineBroker(config: DoctorConfig, repair: boolean): Promise<Finding[]> {
  const { NATS_URL: url } = config;
  const users = [
    ['gateway', config.GATEWAY_NATS_URL],
    ['scheduling', config.SCHEDULING_NATS_URL],
    ['calcom-sync', config.CALCOM_SYNC_NATS_URL],
  ] as const;
  const found = url ? await checkBroker({ url, repair }) : [skipped('broker', 'NATS_URL is not set')];
  for (const [name, userUrl] of users) if (userUrl) found.push(...(await checkBrokerUser(name, userUrl)));
  return found;
}

async function examineCalcom(config: DoctorConfig): Promise<Finding[]> {
  const { CALCOM_API_URL: url, CALCOM_API_KEY: key } = config;
  if (url && key) return checkCalcom(url, key.reveal());
  if (!url && !key) return [skipped('Cal.com', 'the operator configured none; connections made in the app are above')];
  return [fault('configuration', 'CALCOM_API_URL and CALCOM_API_KEY come together', 'Set both, or none.')];
}

/**
 * Looks at every part it is told of, one after the other, and says what it found. Changes nothing, unless `repair` is set:
 * then missing streams and consumers are made again. Never throws for what is wrong with a part.
 */
export async function examine(config: DoctorConfig, { repair }: { repair: boolean }): Promise<Finding[]> {
  const processes = config.ADMIN_URLS.map((entry) => entry.split('=', 2) as [string, string]);
  const found: Finding[] = [];
  for (const [name, url] of processes) found.push(...(await checkProcess(name, url)));
  found.push(...(await examineDatabases(config)));
  found.push(...(await examineBroker(config, repair)));
  found.push(...(await examineCalcom(config)));
  found.push(skipped('mail', 'Daybook sends none itself yet; Cal.com writes to those who booked, by its own settings'));
  if (config.PUBLIC_URL) found.push(...(await checkPublicAddress(config.PUBLIC_URL)));
  else found.push(skipped('public address', 'PUBLIC_URL is not set'));
  found.push(...(await checkInternalCertificate()));
  for (const folder of config.DISKS) found.push(...(await checkDisk(folder)));
  return found;
}

/** How the doctor ends: 0 all well, 1 something is wrong. Warnings alone are well enough. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ status }) => status === 'fault') ? 1 : 0;
}

const marks: Readonly<Record<Finding['status'], string>> = {
  ok: 'ok     ',
  warning: 'WARNING',
  fault: 'FAULT  ',
  skipped: 'skipped',
};

/** The findings as lines for a terminal, with a last line that sums up. */
function formatFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ part, status, says, fix }) => [
    `${marks[status]}  ${part}: ${says}`,
    ...(fix === undefined ? [] : [`         -> ${fix}`]),
  ]);
  const count = (status: Finding['status']): number => findings.filter((each) => each.status === status).length;
  return [...lines, `${count('fault')} fault(s), ${count('warning')} warning(s), ${count('ok')} well.`];
}

/** Writes the findings to standard output, as lines or as one JSON object, and answers the exit code of the process. */
export function sayFindings(findings: readonly Finding[], asJson: boolean): 0 | 1 {
  const code = exitCodeOf(findings);
  const text = asJson
    ? JSON.stringify({ healthy: code === 0, findings }, undefined, 2)
    : formatFindings(findings).join('\n');
  process.stdout.write(`${text}\n`);
  return code;
}
