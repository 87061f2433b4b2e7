import { existsSync, readFileSync } from 'node:fs';

/** The rows of the table of pitfalls: what is claimed, the title of its test, and the file that has it. */
function readPitfalls(): { pitfall: string; title: string; file: string }[] {
  const [, table = ''] = readFileSync('docs/calcom.md', 'utf8').split('## The pitfalls of the API');
  return [...table.matchAll(/^\| (.+?) +\| (.+?) +\| `(.+?)` +\|$/gm)].map(([, pitfall, title, file]) => ({
    pitfall: pitfall!,
    title: title!,
    file: file!,
  }));
}

test('every pitfall of Cal.com’s API names a test that is there', () => {
  const rows = readPitfalls();
  const missing = rows.filter(({ title, file }) => {
    const there = existsSync(file) ? readFileSync(file, 'utf8').replaceAll("\\'", "'") : '';
    return !there.includes(`'${title}'`) && !there.includes(`"${title}"`) && !there.includes(`'${title}, `);
  });
  expect(missing).toEqual([]);
  expect(rows.filter(({ file }) => !file.endsWith('.test.ts'))).toEqual([]);
  expect(rows.length).toBeGreaterThan(50);
});
