import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeOldBackups } from './retention.ts';

let folder: string;
const now = new Date('2026-06-30T12:00:00Z');
const nameOf = (daysAgo: number) =>
  `daybook-${new Date(now.getTime() - daysAgo * 86_400_000).toISOString().replaceAll(/[:.]/g, '-')}.backup`;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'daybook-retention-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(days: number[]): Promise<void> {
  for (const day of days) await writeFile(join(folder, nameOf(day)), '');
}

test('what is older than the days goes; what is not ours stays', async () => {
  await fill([0, 1, 13, 15, 40]);
  await writeFile(join(folder, 'holiday.backup'), '');
  const removed = await removeOldBackups(folder, { days: 14, atLeast: 2 }, now);
  expect(removed).toEqual([join(folder, nameOf(15)), join(folder, nameOf(40))]);
  expect((await readdir(folder)).sort()).toEqual([nameOf(0), nameOf(1), nameOf(13), 'holiday.backup'].sort());
});

test('the newest stay however old: a practice that stopped keeps its last backups', async () => {
  await fill([100, 101, 102, 103]);
  await removeOldBackups(folder, { days: 14, atLeast: 3 }, now);
  expect((await readdir(folder)).sort()).toEqual([nameOf(100), nameOf(101), nameOf(102)].sort());
});

test('what a killed backup left is cleared away, a running one is not touched', async () => {
  for (const [name, age] of [
    ['.spool-old', 2],
    ['.spool-new', 0],
  ] as const) {
    await mkdir(join(folder, name));
    const at = new Date(now.getTime() - age * 86_400_000);
    await utimes(join(folder, name), at, at);
  }
  await removeOldBackups(folder, { days: 14, atLeast: 3 }, now);
  expect(await readdir(folder)).toEqual(['.spool-new']);
});
