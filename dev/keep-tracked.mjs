// Run while the image is built: removes every file that git does not know, so that nothing that was left lying in a checkout
// (a dump, a note, a key under another name) gets into the image or the source it offers. The index is read here, since the
// build has no git; without one, as from an archive of a release, there is nothing to remove.
// Plain JavaScript without dependencies.
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const index = join(root, '.git', 'index');

/** The paths in an index of version 2 or 3: https://git-scm.com/docs/index-format */
function listTracked(bytes) {
  const version = bytes.readUInt32BE(4);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version > 3)
    throw new Error(
      `.git/index of version ${version} is not understood; make one by: git update-index --index-version 2`,
    );
  const paths = new Set();
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const extended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + (extended ? 64 : 62);
    const end = bytes.indexOf(0, start);
    paths.add(bytes.toString('utf8', start, end));
    // One to eight NULs make an entry a multiple of eight bytes long.
    at += (end - at + 8) & ~7;
  }
  return paths;
}

if (existsSync(index)) {
  const tracked = listTracked(readFileSync(index));
  const found = readdirSync(root, { recursive: true }).filter((path) => !lstatSync(join(root, path)).isDirectory());
  const strange = found.filter((path) => !tracked.has(path.split(sep).join('/')));
  for (const path of strange) rmSync(join(root, path));
  console.log(`${found.length - strange.length} files are kept, ${strange.length} that git does not know are removed`);
  rmSync(join(root, '.git'), { recursive: true });
}
