import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest NATS server whose JetStream behaves as Daybook needs. */
export const oldestNatsVersion = '2.10.23';

/** The official release that is downloaded, with the SHA-256 of its archives. */
const release = {
  version: '2.14.5',
  sha256: {
    'linux-amd64': '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
    'linux-arm64': '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
    'darwin-amd64': 'f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96',
    'darwin-arm64': 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50',
  } as Readonly<Record<string, string>>,
};

/** The version that Go builds where neither the release nor a Debian package can be had. */
const goModule = 'github.com/nats-io/nats-server/v2@v2.12.3';

/** An executable NATS server. */
export type NatsBinary = { binary: string; version: string };

/** Whether version `a` (`x.y.z`) is at least `b`. */
export function isAtLeast(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The version a NATS server says it has; undefined when the file is none or does not run here. */
export async function readNatsVersion(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 10_000 });
    return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** A server that is installed on this machine and new enough. */
export async function findInstalledNats(): Promise<NatsBinary | undefined> {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  for (const folder of new Set(folders.filter((each) => each !== ''))) {
    const found = await acceptNats(join(folder, 'nats-server'));
    if (found) return found;
  }
  return undefined;
}

/** The newest server in the cache for this kind of machine. */
export async function findCachedNats(cache: string): Promise<NatsBinary | undefined> {
  const entries = await readdir(cache).catch(() => []);
  const suffix = `-${process.platform}-${process.arch}`;
  const versions = entries
    .map((entry) => (entry.endsWith(suffix) ? /^nats-server-(\d+\.\d+\.\d+)-/.exec(entry)?.[1] : undefined))
    .filter((version) => version !== undefined)
    .sort((a, b) => (isAtLeast(a, b) ? -1 : 1));
  for (const version of versions) {
    const found = await acceptNats(cachePath(cache, version));
    if (found) return found;
  }
  return undefined;
}

/** Downloads the official release and checks it against the pinned hash. */
export async function downloadNats(cache: string): Promise<NatsBinary> {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const expected = release.sha256[platform];
  if (!expected) throw new Error(`there is no pinned release for ${platform}`);
  const name = `nats-server-v${release.version}-${platform}`;
  const url = `https://github.com/nats-io/nats-server/releases/download/v${release.version}/${name}.tar.gz`;
  const archive = await fetchArchive(url);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`${url} has the SHA-256 ${actual}, expected ${expected}`);
  return inWorkingFolder(cache, async (folder) => {
    await writeFile(join(folder, 'release.tar.gz'), archive);
    await run('tar', ['-xzf', 'release.tar.gz'], { cwd: folder });
    return keep(cache, join(folder, name, 'nats-server'));
  });
}

/**
 * Unpacks Debian's package without installing it and without root. Apt checks the archive's signature.
 *
 * @param suite a Debian suite such as `trixie`, or undefined for what this machine is set up with.
 */
export async function unpackDebianNats(cache: string, suite: string | undefined): Promise<NatsBinary> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) throw new Error('there is no apt-get here');
  return inWorkingFolder(cache, async (folder) => {
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    await writeFile(join(folder, 'status'), '');
    const settings = {
      'Dir::State::lists': join(folder, 'lists'),
      'Dir::State::status': join(folder, 'status'),
      'Dir::Cache': join(folder, 'cache'),
      'Debug::NoLocking': '1',
      'Acquire::Languages': 'none',
      'Acquire::http::Timeout': '15',
      'APT::Sandbox::User': '',
      ...(suite === undefined ? {} : await writeSuiteSource(folder, suite)),
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await run('apt-get', [...options, '-qq', 'update'], { cwd: folder, timeout: 90_000 });
    await run('apt-get', [...options, '-qq', 'download', 'nats-server'], { cwd: folder, timeout: 90_000 });
    const file = (await readdir(folder)).find((entry) => /^nats-server_.*\.deb$/.test(entry));
    if (!file) throw new Error('apt-get downloaded no nats-server package');
    await run('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder });
    return keep(cache, join(folder, 'unpacked', 'usr', 'sbin', 'nats-server'));
  });
}

/** Builds the server with an installed Go; its module checksums are verified by Go itself. */
export async function buildNatsWithGo(cache: string): Promise<NatsBinary> {
  return inWorkingFolder(cache, async (folder) => {
    await run('go', ['install', goModule], { cwd: folder, timeout: 170_000, env: { ...process.env, GOBIN: folder } });
    return keep(cache, join(folder, 'nats-server'));
  });
}

async function acceptNats(binary: string): Promise<NatsBinary | undefined> {
  if (!existsSync(binary)) return undefined;
  const version = await readNatsVersion(binary);
  return version !== undefined && isAtLeast(version, oldestNatsVersion) ? { binary, version } : undefined;
}

async function fetchArchive(url: string): Promise<Buffer> {
  const stop = new AbortController();
  const connecting = setTimeout(() => stop.abort(new Error('no connection within 10 seconds')), 10_000);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(120_000)]) });
    clearTimeout(connecting);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(connecting);
  }
}

async function writeSuiteSource(folder: string, suite: string): Promise<Record<string, string>> {
  const { stdout } = await run('apt-get', ['indextargets', '--no-release-info', '--format', '$(REPO_URI)']);
  const mirror = stdout.split('\n').find((line) => /\/debian\/?$/.test(line)) ?? 'http://deb.debian.org/debian';
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keyring)) throw new Error(`${keyring} is missing`);
  const list = join(folder, 'sources.list');
  await writeFile(list, `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  return { 'Dir::Etc::sourcelist': list, 'Dir::Etc::sourceparts': '/dev/null' };
}

/** Moves a checked binary to its place in the cache in one step. */
async function keep(cache: string, binary: string): Promise<NatsBinary> {
  const version = await readNatsVersion(binary);
  if (version === undefined) throw new Error('the server does not run on this machine');
  if (!isAtLeast(version, oldestNatsVersion)) throw new Error(`version ${version} is older than ${oldestNatsVersion}`);
  const target = cachePath(cache, version);
  const incoming = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  await copyFile(binary, incoming);
  await chmod(incoming, 0o755);
  await rename(incoming, target);
  return { binary: target, version };
}

function cachePath(cache: string, version: string): string {
  return join(cache, `nats-server-${version}-${process.platform}-${process.arch}`);
}

async function inWorkingFolder<T>(cache: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(cache, 'nats-incoming-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
