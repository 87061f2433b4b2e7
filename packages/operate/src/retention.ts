import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Which backups are kept. */
export type Retention = {
  /** Backups younger than so many days are all kept. */
  days: number;
  /** So many of the newest are kept however old they are: an installation that stopped must not lose its last ones. */
  atLeast: number;
};

const namePattern = /^daybook-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.backup$/;

/** The backups of a folder, newest first; other files are none of ours. */
export async function listBackups(directory: string): Promise<{ file: string; takenAt: Date }[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .flatMap((name) => {
      const [, day, hour, minute, second, ms] = namePattern.exec(name) ?? [];
      return day
        ? [{ file: join(directory, name), takenAt: new Date(`${day}T${hour}:${minute}:${second}.${ms}Z`) }]
        : [];
    })
    .sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

const unfinishedPattern = /^\.spool-|^daybook-.*\.incoming$/;
const unfinishedMs = 86_400_000;

/** What a backup that was killed left behind; a running one is younger than a day. */
async function removeUnfinished(directory: string, now: Date): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => unfinishedPattern.test(each))) {
    const place = join(directory, name);
    const { mtimeMs } = await stat(place).catch(() => ({ mtimeMs: now.getTime() }));
    if (now.getTime() - mtimeMs > unfinishedMs) await rm(place, { recursive: true, force: true });
  }
}

/** Removes what is older than the retention allows, and unfinished work of an earlier day; returns the removed backups. */
export async function removeOldBackups(directory: string, retention: Retention, now: Date): Promise<string[]> {
  await removeUnfinished(directory, now);
  const oldest = now.getTime() - retention.days * 86_400_000;
  const backups = await listBackups(directory);
  const removed = backups.slice(retention.atLeast).filter(({ takenAt }) => takenAt.getTime() < oldest);
  for (const { file } of removed) await rm(file, { force: true });
  return removed.map(({ file }) => file);
}
