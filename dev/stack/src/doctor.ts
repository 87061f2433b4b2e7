import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { skipped } from '@daybook/operate/checks/check';
import { readDoctorConfig } from '@daybook/operate/config';
import { examine, sayFindings } from '@daybook/operate/examine';
import { openLocalDatabases } from './local-databases.ts';
import { readSettings, type Settings } from './settings.ts';

const usage = 'Usage: npm run doctor [-- --json] [-- --repair]';

/** Where the broker of a running stack listens: its generated configuration says so. */
async function findNats(dataDirectory: string): Promise<string | undefined> {
  const text = await readFile(join(dataDirectory, 'nats', 'nats.conf'), 'utf8').catch(() => '');
  const address = /^listen: "([^"]+)"$/m.exec(text)?.[1];
  return address && `nats://${address}`;
}

function adminUrls({ ports }: Settings): string {
  const processes = [
    ['gateway', ports.gatewayAdmin],
    ['auth', ports.authAdmin],
    ['scheduling', ports.schedulingAdmin],
    ['calcom-sync', ports.calcomSyncAdmin],
  ] as const;
  return processes.flatMap(([name, port]) => (port ? [`${name}=http://127.0.0.1:${port}`] : [])).join(',');
}

/** What the doctor would be told in a cluster, found out from the data folder and the settings of `npm start`. */
async function examineLocally(repair: boolean) {
  const settings = readSettings(process.env);
  const dataDirectory = resolve(settings.dataDirectory);
  const databases = await openLocalDatabases(dataDirectory, settings.databaseUrl);
  try {
    const { auth, scheduling, calcomSync } = databases.urls;
    const running = databases.startedBy !== undefined;
    const nats = settings.natsUrl ?? (running ? await findNats(dataDirectory) : undefined);
    const config = readDoctorConfig({
      DISKS: dataDirectory,
      ...(running && { ADMIN_URLS: adminUrls(settings), PUBLIC_URL: `http://localhost:${settings.ports.gateway}` }),
      ...process.env,
      AUTH_DATABASE_URL: auth.app,
      SCHEDULING_DATABASE_URL: scheduling.app,
      CALCOM_SYNC_DATABASE_URL: calcomSync.app,
      NATS_URL: nats,
    });
    const findings = await examine(config, { repair });
    if (running) return findings;
    return [skipped('processes', `Daybook does not run on ${dataDirectory}: npm start`), ...findings];
  } finally {
    await databases.close();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, repair: { type: 'boolean' } } });
  const findings = await examineLocally(values.repair ?? false);
  return sayFindings(findings, values.json ?? false);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exit(2);
  },
);
