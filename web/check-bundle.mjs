/**
 * Measures what a browser loads for the first route (sign-in and Today): the entry and everything it imports statically, gzipped.
 * Fails when it is over the budget (ARCHITECTURE: 130 kB of JavaScript), or when the calendar or the atoms got into it.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budgetBytes = 130_000;
const dist = new URL('./dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

const loaded = new Set();
const visit = (key) => {
  if (loaded.has(key)) return;
  loaded.add(key);
  for (const imported of manifest[key].imports ?? []) visit(imported);
};
visit(Object.keys(manifest).find((key) => manifest[key].isEntry));

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const files = [...loaded].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'));
const total = files.reduce((sum, file) => sum + size(file), 0);
for (const file of files) process.stdout.write(`${kilobytes(size(file)).padStart(10)}  ${file}\n`);
process.stdout.write(`${kilobytes(total).padStart(10)}  first route, of ${kilobytes(budgetBytes)}\n`);

const heavy = files.filter((file) => /fullcalendar|calcom|atoms|temporal/.test(readFileSync(new URL(`${file}.map`, dist), 'utf8')));
const guilty = heavy.filter((file) => JSON.parse(readFileSync(new URL(`${file}.map`, dist), 'utf8')).sources.some((source) => /node_modules\/(@fullcalendar|@calcom|temporal-polyfill)\//.test(source)));
if (guilty.length > 0) {
  process.stderr.write(`The calendar or the atoms are in the first route: ${guilty.join(', ')}\n`);
  process.exitCode = 1;
}
if (total > budgetBytes) {
  process.stderr.write(`The first route is ${kilobytes(total - budgetBytes)} over its budget.\n`);
  process.exitCode = 1;
}
