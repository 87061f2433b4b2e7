// Runs before `npm start` and `npm test`, with whatever Node the machine has (18 or newer): installs what is missing, so
// that a fresh clone needs one command. Plain JavaScript without dependencies, as nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows });
  if (error) fail(`${command} could not be run: ${error.message}`);
  return status === 0;
}

/** npm writes this file last, so it tells whether an install was finished, and which lock file it followed. */
function isInstalled() {
  const done = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (!existsSync(done)) return false;
  if (!existsSync(wanted) || statSync(done).mtimeMs >= statSync(wanted).mtimeMs) return true;
  // A checkout may give the lock file a newer time without a change: then the packages are compared.
  return samePackages(done, wanted);
}

function samePackages(done, wanted) {
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = versions(done);
  const locked = versions(wanted);
  return Object.entries(locked).every(([path, { version, optional, link, peer }]) => {
    if (!path.includes('node_modules/') || link) return true;
    const present = installed[path];
    if (!present) return optional === true || peer === true;
    return present.version === version;
  });
}

/**
 * `npm ci` refuses a lock file that lacks a package for another platform, which happens when that package could not be had
 * where the lock file was made. `npm install` then does the same from the same lock file and leaves it as it is.
 */
function install() {
  const quiet = ['--no-audit', '--no-fund'];
  const exact = spawnSync('npm', ['ci', ...quiet], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (exact.error) fail(`npm could not be run: ${exact.error.message}`);
  if (exact.status === 0) return;
  process.stdout.write('The lock file is not complete for every platform; installing what is right for this one …\n');
  if (run('npm', ['install', '--no-save', ...quiet])) return;
  fail(`The installation failed.\n${exact.stderr}`);
}

function pinnedVersion() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(optionalDependencies).find(([name]) => name.includes('node-'))[1];
}

/** Whether the generated types are missing or older than a .proto file. */
function areTypesStale() {
  const generated = join(root, 'protos', 'gen');
  const newest = (folder) =>
    readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
      const path = join(folder, entry.name);
      return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
    }, 0);
  if (!existsSync(generated) || readdirSync(generated).length === 0) return true;
  const sources = ['daybook', 'google'].map((name) => join(root, 'protos', name)).filter((path) => existsSync(path));
  return Math.max(...sources.map(newest)) > newest(generated);
}

if (windows) fail('Daybook runs on Linux and macOS; on Windows use WSL.');

if (!isInstalled()) {
  process.stdout.write('Installing what Daybook is made of (once) …\n');
  install();
}

const node = join(root, 'node_modules', '.bin', 'node');
const version = pinnedVersion();
const found = existsSync(node) ? spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() : undefined;
if (found !== `v${version}`) {
  fail(
    `Node ${version} should be at ${node}, but ${found ? `there is ${found}` : 'it is not there'}.\n` +
      'npm brings it as an optional package for this platform: run "npm ci --include=optional" and start again.\n' +
      'It exists for Linux and macOS on x64 and arm64.',
  );
}

if (areTypesStale() && !run(node, [join('protos', 'generate-types.mjs')])) {
  fail('The types of the internal contracts could not be generated.');
}
