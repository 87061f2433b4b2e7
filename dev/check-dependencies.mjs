// `npm run dependencies`: the rules for what we depend on. Licences must be compatible with AGPL-3.0-or-later, each package
// must carry an integrity hash, manifests name exact versions, and install scripts must be off (.npmrc). Then the registry is
// asked for known faults: any finding in what runs in production fails, and a registry without an audit service is said aloud
// and fails nothing. Plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

// https://www.gnu.org/licenses/license-list.html names each of these compatible with GPLv3, and so with AGPLv3.
const compatible = new Set([
  '0BSD',
  'AFL-2.1',
  'AGPL-3.0-or-later',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);
// Packages whose manifest names no licence; the text of each was read in its package.
const lookedUp = new Map([
  ['fast-shallow-equal', 'Unlicense'],
  ['passport-local', 'MIT'],
  ['passport-strategy', 'MIT'],
  ['pause', 'MIT'],
  ['react-universal-interface', 'Unlicense'],
]);

// Allowed beside those for tools that are never given away with Daybook (word lists of the SPDX tools).
const toolsOnly = new Set(['CC-BY-3.0']);

/** Whether an SPDX expression leaves a compatible choice. */
const fits = (expression, tool) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(/\s+OR\s+/)
    .some((choice) =>
      choice
        .split(/\s+AND\s+/)
        .every((licence) => compatible.has(licence.trim()) || (tool && toolsOnly.has(licence.trim()))),
    );

const faults = [];
let counted = 0;
for (const [path, entry] of Object.entries(packages)) {
  if (!path.includes('node_modules/')) {
    const wanted = { ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies };
    for (const [name, version] of Object.entries(wanted))
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        faults.push(`${path || 'package.json'}: ${name} is asked for as ${version}; name one exact version`);
  }
  if (!path.includes('node_modules/') || entry.link) continue;
  counted += 1;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const licence = entry.license ?? lookedUp.get(name);
  if (!licence) faults.push(`${name} ${entry.version}: names no licence`);
  else if (!fits(licence, entry.dev === true))
    faults.push(`${name} ${entry.version}: ${licence} is not on the list of compatible licences`);
  if (!entry.integrity && !entry.inBundle) faults.push(`${name} ${entry.version}: carries no integrity hash`);
}
if (!/^ignore-scripts=true$/m.test(readFileSync(join(root, '.npmrc'), 'utf8')))
  faults.push('.npmrc: ignore-scripts=true is missing, so any package could run code at install');
for (const fault of faults) console.error(fault);

const audit = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
let findings;
try {
  findings = JSON.parse(audit.stdout).metadata?.vulnerabilities;
} catch {
  findings = undefined;
}
if (!findings) console.log('dependencies: NOT AUDITED, because the registry in use offers no audit service');
else {
  console.log(`dependencies: audit found ${JSON.stringify(findings)}`);
  const { info, low, moderate, high, critical } = findings;
  if (info + low + moderate + high + critical > 0) {
    const fault = 'the audit found faults in what runs in production; npm audit --omit=dev names them';
    console.error(fault);
    faults.push(fault);
  }
}
console.log(`dependencies: ${counted} packages looked at, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
