import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { prepareDatabases, type DatabaseOwner, type DatabaseUrls } from '@daybook/provision/databases';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { tryFileLock } from './file-lock.ts';
import { locateCluster, readOrMakePassword } from './postgres-files.ts';
import { readOrMakeSecrets } from './stack-secrets.ts';

/** The databases of one data folder, whether or not `npm start` runs on it. */
export type LocalDatabases = {
  adminUrl: string;
  urls: Record<DatabaseOwner, DatabaseUrls>;
  /** Process id of the `npm start` that runs on the folder; undefined if none does. */
  startedBy: number | undefined;
  /** Stops the server if it was started for this. */
  close(): Promise<void>;
};

/** The server's own note of where it listens: the fourth line of its pid file. */
async function findRunningServer(postgresFolder: string): Promise<string> {
  const cluster = await locateCluster(postgresFolder, true);
  const port = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[3];
  const password = await readOrMakePassword(postgresFolder, undefined);
  return `postgres://daybook:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/**
 * Opens the databases of a data folder: those of the running `npm start`, else its server is started for the time being.
 * @param databaseUrl an administrator's URL when the databases are elsewhere
 * @throws Error in words when the folder holds no practice
 */
export async function openLocalDatabases(
  folder: string,
  databaseUrl: string | undefined,
  options: { make?: boolean } = {},
): Promise<LocalDatabases> {
  const dataDirectory = resolve(folder);
  const secretsFile = join(dataDirectory, 'secrets.json');
  if (!existsSync(secretsFile) && !options.make) throw new Error(`There is no practice in ${dataDirectory}.`);
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  // As root, PostgreSQL runs as another account and must be able to walk through; each secret has its own mode.
  if (process.getuid?.() === 0) chmodSync(dataDirectory, 0o711);
  const lock = tryFileLock(join(dataDirectory, 'stack.lock'));
  const held = 'release' in lock;
  const postgresFolder = join(dataDirectory, 'postgres');
  const server =
    databaseUrl || !held ? undefined : await startEmbeddedPostgres({ dataDirectory: postgresFolder, durable: true });
  const close = async (): Promise<void> => {
    await server?.stop();
    if (held) lock.release();
  };
  try {
    const adminUrl = databaseUrl ?? server?.adminUrl ?? (await findRunningServer(postgresFolder));
    const urls = await prepareDatabases(adminUrl, readOrMakeSecrets(secretsFile).databasePasswords);
    return { adminUrl, urls, startedBy: held ? undefined : lock.pid, close };
  } catch (error) {
    await close();
    throw error;
  }
}
