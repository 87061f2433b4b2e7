import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const root = join(import.meta.dirname, '..');
const notSource = ['node_modules', '.git', '.daybook', 'dist', 'gen', 'coverage'];

/**
 * Everything that is source: what git knows, since anybody may fetch it and other files may lie about; without git, the folder
 * less what is made or installed.
 */
function packSource(folder: string): void {
  const target = join(folder, 'source.tar.gz');
  const run = (command: string, args: string[], input?: Buffer): Buffer =>
    execFileSync(command, args, { cwd: root, maxBuffer: 1 << 28, ...(input ? { input } : {}) });
  if (existsSync(join(root, '.git'))) {
    const listed = run('git', ['ls-files', '-z', '--cached']);
    const files = listed
      .toString()
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)));
    run('tar', ['-czf', target, '--null', '-T', '-'], Buffer.from(files.join('\0')));
  } else {
    run('tar', ['-czf', target, ...notSource.map((name) => `--exclude=${name}`), '.']);
  }
}

type Locked = { packages: Record<string, { version?: string; license?: string; dev?: boolean; link?: boolean }> };

/** Name, version, licence and its text of every package that is installed to run, not to develop. */
function listLicenses(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Locked;
  const entries = Object.entries(packages).flatMap(([path, { version = '', license = 'not stated', dev, link }]) => {
    const place = join(root, path);
    if (!path.includes('node_modules/') || dev || link || !existsSync(place)) return [];
    const file = readdirSync(place).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name));
    const text = file ? readFileSync(join(place, file), 'utf8').trim() : '(its package holds no licence text)';
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [`${name} ${version}\nLicence: ${license}\n\n${text}\n`];
  });
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  const line = `\n${'-'.repeat(80)}\n\n`;
  writeFileSync(
    join(folder, 'licenses.txt'),
    [`Daybook\nLicence: AGPL-3.0-or-later\n\n${own}\n`, ...entries].join(line),
  );
}

/**
 * Puts what the licences ask for beside the app: the source of this very version (AGPL-3.0 section 13) as source.tar.gz,
 * and the licences of all it is made of as licenses.txt.
 */
export function offerSource(): Plugin {
  let folder = join(import.meta.dirname, 'dist');
  return {
    name: 'daybook:offer-source',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      packSource(folder);
      listLicenses(folder);
    },
  };
}
