import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

test.each(['auth', 'scheduling', 'calcom-sync'])('every table of %s says what it holds', (service) => {
  const folder = join(root, 'services', service, 'migrations');
  const statements = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const namesIn = (pattern: RegExp): string[] => [...statements.matchAll(pattern)].map((match) => match[1]!).toSorted();
  const made = namesIn(/CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)/g);
  const described = namesIn(/COMMENT ON TABLE ([a-z_]+)\s+IS\s+'[^']{10,}/g);
  expect(made.length).toBeGreaterThan(4);
  expect(made.filter((table) => !described.includes(table))).toEqual([]);
});
