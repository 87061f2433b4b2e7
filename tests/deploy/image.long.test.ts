import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

jest.setTimeout(1_800_000);

const root = join(__dirname, '../..');
const base = 'node:26-slim';
const tag = 'localhost/daybook-image-test:latest';

/** A builder of images on this machine that has the base, or can fetch it. */
type Builder = { build(folder: string): void; save(file: string): void; remove(): void };

const succeeds = (program: string, ...parameters: string[]): boolean =>
  spawnSync(program, parameters, { stdio: 'ignore', timeout: 120_000 }).status === 0;
const run = (program: string, ...parameters: string[]): string =>
  execFileSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256 << 20 });

function findBuilder(): Builder | undefined {
  const named = ['-t', tag, '--build-arg', 'VERSION=0.0.0-test'];
  if (succeeds('docker', 'info') && (succeeds('docker', 'image', 'inspect', base) || succeeds('docker', 'pull', base)))
    return {
      build: (folder) => void run('docker', 'build', '--network=host', ...named, folder),
      save: (file) => void run('docker', 'save', '-o', file, tag),
      remove: () => void succeeds('docker', 'rmi', '-f', tag),
    };
  if (!succeeds('buildah', '--version')) return undefined;
  if (!succeeds('buildah', 'inspect', '--type=image', base) && !succeeds('buildah', 'pull', '-q', base))
    return undefined;
  const limits = ['--ulimit', 'nofile=1024:4096', '--ulimit', 'nproc=1024:4096'];
  const how = ['--pull-never', '--layers', '--network=host', '--format=docker'];
  return {
    build: (folder) => void run('buildah', 'bud', ...how, ...limits, ...named, folder),
    save: (file) => void run('buildah', 'push', '-q', tag, `docker-archive:${file}`),
    remove: () => void succeeds('buildah', 'rmi', '-f', tag),
  };
}

const runsAsRoot = process.getuid?.() === 0;
const builder = findBuilder();
const withBuilder = builder ? describe : describe.skip;

const canary = `canary-${randomBytes(12).toString('hex')}`;
/** Where secrets are left lying in checkouts; each line holds the canary. */
const leftLying: Record<string, string> = {
  '.env': `POSTGRES_PASSWORD=${canary}\n`,
  'services/auth/.env.local': `KEY_ENCRYPTION_KEY=${canary}\n`,
  'gateway/src/server.key': `-----BEGIN PRIVATE KEY-----\n${canary}\n`,
  'packages/runtime/client.pem': `${canary}\n`,
  '.daybook/secrets.json': `{"serviceTokens":"${canary}"}\n`,
  'services/scheduling/.daybook/postgres/PG_VERSION': `${canary}\n`,
  '.git/config': `[remote "origin"]\n  url = https://x:${canary}@example.org/\n`,
  'npm-debug.log': `//registry.example.org/:_authToken=${canary}\n`,
  'services/auth/node_modules/left-over/index.js': `// ${canary}\n`,
  'tests/left-over.sql': `-- ${canary}\n`,
  'bench/left-over.json': `"${canary}"\n`,
  'services/scheduling/src/practice.dump': `${canary}\n`,
  'web/src/notes.txt': `${canary}\n`,
};

type Config = {
  config: { User: string; Env: string[]; Entrypoint: string[]; Healthcheck?: object; Labels: Record<string, string> };
  history: { created_by?: string }[];
};

withBuilder('the finished image, with an image builder at hand', () => {
  let work: string;
  /** What a container sees. */
  let system: string;
  /** Every layer by itself: what a later one hides is still given away with the image. */
  let layers: string[] = [];
  let config: Config;

  const everyFile = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => lstatSync(join(folder, path)).isFile());
  const ofOurs = (path: string): boolean => path.startsWith('app/') && !path.includes('/node_modules/');
  const readText = (path: string): string => readFileSync(join(system, path), 'utf8');

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'daybook-image-'));
    const checkout = join(work, 'checkout');
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter(Boolean);
    for (const path of tracked) cpSync(join(root, path), join(checkout, path));
    mkdirSync(join(checkout, '.git'));
    const index = run('git', '-C', root, 'rev-parse', '--path-format=absolute', '--git-path', 'index').trim();
    cpSync(index, join(checkout, '.git/index'));
    for (const [path, text] of Object.entries(leftLying)) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    }
    builder!.build(checkout);
    const archive = join(work, 'image.tar');
    builder!.save(archive);
    const image = join(work, 'image');
    mkdirSync(image);
    run('tar', '-xf', archive, '-C', image);
    const [manifest] = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8')) as [
      { Config: string; Layers: string[] },
    ];
    config = JSON.parse(readFileSync(join(image, manifest.Config), 'utf8')) as Config;
    system = join(work, 'system');
    mkdirSync(system);
    layers = manifest.Layers.map((layer, index) => {
      const folder = join(work, `layer-${index}`);
      mkdirSync(folder);
      for (const into of [folder, system]) run('tar', '-xf', join(image, layer), '-C', into);
      return folder;
    });
  });
  afterAll(() => {
    builder!.remove();
    if (work) rmSync(work, { recursive: true, force: true });
  });

  test('gives away none of the secrets that lay in the checkout, in no layer, its source archive and history included', () => {
    const told: string[] = [];
    for (const layer of layers)
      for (const path of everyFile(layer)) {
        const bytes = readFileSync(join(layer, path));
        const opened = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
        if (opened.includes(canary)) told.push(path);
      }
    expect(told).toEqual([]);
    expect(JSON.stringify(config)).not.toContain(canary);
    const source = run('tar', '-tzf', join(system, 'app/web/dist/source.tar.gz')).split('\n');
    expect(source.length).toBeGreaterThan(500);
    expect(
      source.filter((path) => /(^|\/)(\.env(\..*)?|\.git|\.daybook|node_modules)(\/|$)|\.(pem|key)$/.test(path)),
    ).toEqual([]);
  });

  test('holds no key, no token, no source map, no test and no path of the machine it was built on', () => {
    const names = layers.flatMap((layer) => everyFile(layer));
    expect(names.length).toBeGreaterThan(1000);
    const unwanted =
      /(^|\/)(\.env(\..*)?|\.npmrc|\.git|id_rsa|id_ed25519|secrets\.json)(\/|$)|\.(pem|key|map|d\.ts|log)$|\.test\.[jt]s$/;
    expect(names.filter((path) => unwanted.test(path))).toEqual([]);
    expect(names.filter((path) => ofOurs(path) && /\/(testing|test-support)\//.test(path))).toEqual([]);
    const secret =
      /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\\?\n?\s*[A-Za-z0-9+/]{40}|\bnpm_[A-Za-z0-9]{36}|_authToken=\S|cal_live_[a-z0-9]{16,}|\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b/;
    const home = homedir();
    const paths = [root, work, ...(home.length > 5 ? [home] : [])];
    const faults: string[] = [];
    for (const path of everyFile(system).filter((each) => each.startsWith('app/'))) {
      const text = readText(path);
      if (secret.test(text)) faults.push(`${path}: a secret`);
      if (ofOurs(path) && !path.endsWith('.gz') && paths.some((each) => text.includes(each)))
        faults.push(`${path}: a path`);
    }
    expect(faults).toEqual([]);
  });

  test('runs as nobody in particular, and holds no shell, no package manager and nothing that raises rights', () => {
    expect(config.config.User).toBe('10001:10001');
    expect(config.config.Entrypoint).toEqual(['node']);
    expect(config.config.Healthcheck).toBeDefined();
    expect(config.config.Labels['org.opencontainers.image.licenses']).toBe('AGPL-3.0-or-later');
    expect(config.config.Env.map((pair) => pair.split('=')[0]).sort()).toEqual(
      ['ADMIN_PORT', 'DAYBOOK_COMMIT', 'DAYBOOK_VERSION', 'HOME', 'NODE_COMPILE_CACHE', 'NODE_ENV', 'PATH'].sort(),
    );
    const files = everyFile(system);
    const tools = /(^|\/)(sh|bash|dash|busybox|apt|apt-get|dpkg|npm|npx|curl|wget)$/;
    expect(files.filter((path) => !path.startsWith('app/') && tools.test(path))).toEqual([]);
    expect(files.filter((path) => /^app\/node_modules\/npm\//.test(path))).toEqual([]);
    expect(files.filter((path) => (lstatSync(join(system, path)).mode & 0o6000) !== 0)).toEqual([]);
    // What runs cannot be changed by what runs it.
    expect(
      files.filter((path) => /^(app|compile-cache)\//.test(path) && (lstatSync(join(system, path)).mode & 0o022) !== 0),
    ).toEqual([]);
    for (const folder of ['', ...readdirSync(join(system, 'compile-cache'))]) {
      const { uid, mode } = lstatSync(join(system, 'compile-cache', folder));
      expect({ folder, owner: runsAsRoot ? uid : 0, writable: mode & 0o022 }).toEqual({
        folder,
        owner: 0,
        writable: 0,
      });
    }
  });

  test('lists every package it holds, with its licence, in the list of parts and among the licences', () => {
    type Component = { name: string; version: string; hashes?: object[] };
    const { components } = JSON.parse(readText('app/sbom.cdx.json')) as { components: Component[] };
    const listed = new Set(components.map(({ name, version }) => `${name} ${version}`));
    const manifests = everyFile(system).filter((path) =>
      /\/node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path),
    );
    const installed = manifests.map((path) => {
      const { name, version } = JSON.parse(readText(path)) as Component;
      return `${name} ${version}`;
    });
    expect(installed.length).toBeGreaterThan(150);
    const foreign = [...new Set(installed)].filter((each) => !/^(@daybook\/|next 16\.999)/.test(each));
    expect(foreign.filter((each) => !listed.has(each))).toEqual([]);
    const licences = new Set(readText('app/web/dist/licenses.txt').split('\n'));
    expect(foreign.filter((each) => !licences.has(each))).toEqual([]);
    expect([...listed].filter((each) => !licences.has(each))).toEqual([]);
    // Each as package-lock.json knows it.
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; name?: string }>;
    };
    const locked = new Set(
      Object.entries(packages).map(
        ([place, entry]) => `${entry.name ?? place.replace(/^.*node_modules\//, '')} ${entry.version}`,
      ),
    );
    expect([...listed].filter((each) => !locked.has(each))).toEqual([]);
  });

  test('is small', () => {
    const bytes = everyFile(system).reduce((sum, path) => sum + lstatSync(join(system, path)).size, 0);
    const compiled = everyFile(join(system, 'compile-cache')).map((path) =>
      lstatSync(join(system, 'compile-cache', path)),
    );
    const compiledBytes = compiled.reduce((sum, { size }) => sum + size, 0);
    process.stdout.write(
      `  ${Math.round(bytes / 1e6)} MB in ${everyFile(system).length} files, unpacked; ` +
        `${(compiledBytes / 1e6).toFixed(1)} MB in ${compiled.length} of them compiled\n`,
    );
    expect(bytes).toBeLessThan(250e6);
    expect(compiledBytes).toBeLessThan(20e6);
  });

  const asRoot = runsAsRoot ? describe : describe.skip;
  asRoot.each([
    'gateway/src/main.ts',
    'services/auth/src/main.ts',
    'services/auth/src/migrate.ts',
    'services/auth/src/ensure-owner.ts',
    'services/scheduling/src/main.ts',
    'services/scheduling/src/migrate.ts',
    'services/calcom-sync/src/main.ts',
    'services/calcom-sync/src/migrate.ts',
    'packages/operate/src/backup.ts',
    'packages/operate/src/restore.ts',
    'packages/provision/src/prepare-databases.ts',
    'packages/provision/src/make-secret-files.ts',
    'packages/provision/src/try-a-booking.ts',
  ])('%s', (entry) => {
    const saysWhatItLacks = /The environment has \d+ fault\(s\)|usage: /;
    const start = (user: number, env: Record<string, string> = {}): { status: number | null; said: string } => {
      const given = Object.fromEntries(config.config.Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
      const { status, stdout, stderr } = spawnSync(
        'chroot',
        [`--userspec=${user}:${user}`, system, '/usr/local/bin/node', join('/app', entry)],
        { encoding: 'utf8', env: { ...given, PATH: process.env['PATH'], ...env }, maxBuffer: 64 << 20 },
      );
      return { status, said: stdout + stderr };
    };

    test('finds everything it loads, and says what its environment lacks', () => {
      const { status, said } = start(10_001);
      expect(said).toMatch(saysWhatItLacks);
      expect(status).toBe(1);
    });

    test('starts compiled: nothing is compiled anew, and nothing is to be written', () => {
      const { said } = start(10_001, { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
      // What the process itself says may fall into the middle of a line.
      const noted = said.replace(/The environment has \d+ fault\(s\):\n(?: {2}.*\n)*/, '');
      const lines = noted.split('\n').filter((line) => line.startsWith('[compile cache]'));
      const accepted = lines.filter((line) => line.includes('was accepted'));
      expect(accepted.length).toBeGreaterThan(20);
      expect(lines.some((line) => /reading cache .* for StrippedTypeScript .*success/.test(line))).toBe(true);
      expect(
        lines.filter((line) => /reading cache/.test(line) && !/success/.test(line)).map((line) => line.slice(0, 300)),
      ).toEqual([]);
      expect(lines.filter((line) => /rejected|writing|persisting/.test(line) && !line.includes('skip '))).toEqual([]);
    });

    test('starts as any other user too, and says no word more', () => {
      expect(start(12_345)).toEqual(start(10_001));
    });
  });
});
