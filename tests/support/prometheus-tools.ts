import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory } from '@daybook/stack/cache-directory';

/** Programs of Prometheus on this machine; undefined where they are not and cannot be fetched. */
export type PrometheusTools = { promtool: string | undefined; prometheus: string | undefined };

function findIn(folders: readonly string[], name: string): string | undefined {
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Debian's package, unpacked into the cache without being installed and without root; nothing where there is none. */
function unpackDebianPackage(target: string): void {
  const folder = mkdtempSync(`${target}-`);
  try {
    for (const place of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, 'status'), '');
    const settings = {
      'Dir::State::lists': join(folder, 'lists'),
      'Dir::State::status': join(folder, 'status'),
      'Dir::Cache': join(folder, 'cache'),
      'Debug::NoLocking': '1',
      'Acquire::Languages': 'none',
      'APT::Sandbox::User': '',
    };
    const options = ['-qq', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
    const run = (command: string, args: string[]) =>
      spawnSync(command, args, { cwd: folder, timeout: 90_000 }).status === 0;
    if (!run('apt-get', [...options, 'update']) || !run('apt-get', [...options, 'download', 'prometheus'])) return;
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (!file || !run('dpkg-deb', ['-x', file, 'unpacked'])) return;
    for (const name of ['promtool', 'prometheus']) {
      renameSync(join(folder, 'unpacked', 'usr', 'bin', name), join(target, name));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Finds promtool and prometheus: installed ones, those in the cache folder, else Debian's package. Waits for the fetch.
 */
export function findOrFetchPrometheus(): PrometheusTools {
  const cache = join(cacheDirectory(), 'prometheus');
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), cache];
  if (!findIn(folders, 'promtool')) {
    mkdirSync(cache, { recursive: true });
    unpackDebianPackage(cache);
  }
  return { promtool: findIn(folders, 'promtool'), prometheus: findIn(folders, 'prometheus') };
}
