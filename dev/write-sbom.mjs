// Prints the list of all packages the image is made of (CycloneDX 1.6, JSON), from package-lock.json alone: what the
// processes load, and what the web app is built from. npm's own `sbom` leaves out most of what workspaces share.
// Plain JavaScript without dependencies.
//
//   node dev/write-sbom.mjs VERSION > sbom.cdx.json
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const [version = '0.0.0'] = process.argv.slice(2);

/** What runs in the image, and the web app, whose parts are in the bundle that the gateway serves. */
const starts = /^(protos|packages\/[^/]+|services\/[^/]+|gateway|dev\/calcom-sandbox|web)$/;

/** Where Node finds `name` from a folder: in its own node_modules, or in one above. */
function find(from, name) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place]) return packages[place].link ? packages[place].resolved : place;
    if (folder === '') return undefined;
  }
}

const found = new Set();
const waiting = Object.keys(packages).filter((place) => starts.test(place));
while (waiting.length > 0) {
  const place = waiting.pop();
  if (found.has(place)) continue;
  found.add(place);
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = packages[place];
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  for (const name of [...Object.keys(dependencies), ...peers]) {
    const target = find(place, name);
    if (target !== undefined) waiting.push(target);
    else if (name in dependencies) throw new Error(`${name}, which ${place} needs, is not in package-lock.json`);
  }
}

const components = new Map();
for (const place of found) {
  if (!place.includes('node_modules/')) continue;
  const entry = packages[place];
  const name = entry.name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${entry.version}`;
  const hash = /^sha512-(.+)$/.exec(entry.integrity ?? '')?.[1];
  components.set(purl, {
    type: 'library',
    'bom-ref': purl,
    name,
    version: entry.version,
    purl,
    ...(entry.license && { licenses: [{ expression: entry.license }] }),
    ...(hash && { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }),
  });
}

const list = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: { type: 'application', name: 'daybook', version, licenses: [{ expression: 'AGPL-3.0-or-later' }] },
  },
  components: [...components.values()].sort((a, b) => a.purl.localeCompare(b.purl)),
};
process.stdout.write(`${JSON.stringify(list, null, 1)}\n`);
