/**
 * Measures what a browser loads for each first screen, signing in and Today: the entry, the screen, and everything they import
 * statically, gzipped. Fails when one is over the budget of 130 kB of JavaScript or of 15 kB of CSS, or when the calendar or the atoms
 * got into it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const budgets = { js: 130_000, css: 15_000 };
const firstScreens = ['src/app/routes/sign-in.tsx', 'src/app/routes/today.tsx'];
// Another folder may be named, so that a build can be tried beside the one that is served.
const dist = pathToFileURL(`${resolve(process.argv[2] ?? fileURLToPath(new URL('./dist', import.meta.url)))}/`);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const late = /node_modules\/(@fullcalendar|@full-ui|@calcom|temporal-polyfill|zod|sonner)\//;

/** Whether a file holds what must only come on intent. */
function holdsLateParts(file) {
  const map = new URL(`${file}.map`, dist);
  return existsSync(map) && JSON.parse(readFileSync(map, 'utf8')).sources.some((source) => late.test(source));
}

/** The scripts and style sheets a browser needs before these modules run. */
function filesOf(keys) {
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const imported of manifest[key].imports ?? []) visit(imported);
  };
  for (const key of keys) visit(key);
  const chunks = [...seen].map((key) => manifest[key]);
  return {
    js: chunks.map(({ file }) => file).filter((file) => file.endsWith('.js')),
    css: [...new Set(chunks.flatMap(({ css = [] }) => css))],
  };
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
for (const screen of firstScreens) {
  const files = filesOf([entry, screen]);
  for (const [kind, budget] of Object.entries(budgets)) {
    const total = files[kind].reduce((sum, file) => sum + size(file), 0);
    process.stdout.write(
      `${screen}: ${kilobytes(total)} of ${kilobytes(budget)} of ${kind} in ${files[kind].length} files\n`,
    );
    for (const file of files[kind]) process.stdout.write(`${kilobytes(size(file)).padStart(10)}  ${file}\n`);
    if (total <= budget) continue;
    process.stderr.write(`${kilobytes(total - budget)} of ${kind} over the budget\n`);
    process.exitCode = 1;
  }
  const guilty = files.js.filter(holdsLateParts);
  if (guilty.length === 0) continue;
  process.stderr.write(`Must come on intent only: ${guilty.join(', ')}\n`);
  process.exitCode = 1;
}
