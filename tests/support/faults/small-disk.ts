import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this process may mount file systems of its own (root with the right to; most containers have not). */
function canMount(): boolean {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  const probe = join('/tmp', `daybook-mount-probe-${process.pid}`);
  try {
    mkdirSync(probe, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** A disk in memory of so many megabytes. */
export function mountSmallDisk(folder: string, megabytes: number): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder]);
}

/** Takes all that is free on the disk of a folder; the answer gives it back. */
export function fillDisk(folder: string): () => void {
  const file = join(folder, 'filler');
  const { bavail, bsize } = statfsSync(folder);
  // What is left after the last whole block is taken by whoever writes next.
  writeFileSync(file, '');
  try {
    execFileSync('fallocate', ['-l', String(bavail * bsize), file], { stdio: 'ignore' });
  } catch {
    execFileSync('sh', ['-c', `cat /dev/zero > ${file} || true`], { stdio: 'ignore' });
  }
  return () => rmSync(file, { force: true });
}

/** Makes an ext4 file system in a file. */
export function makeImage(file: string, megabytes: number): void {
  execFileSync('truncate', ['-s', `${megabytes}M`, file]);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', file]);
}

/** Mounts such a file; everybody may walk through, as PostgreSQL runs as somebody else. */
export function mountImage(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-o', 'loop', file, folder]);
  execFileSync('chmod', ['0711', folder]);
}

/** Takes a mount away, if there is one; false while somebody still has files open on it. */
export function unmount(folder: string): boolean {
  try {
    execFileSync('mountpoint', ['-q', folder], { stdio: 'ignore' });
  } catch {
    return true;
  }
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A suite that needs disks of its own; where there can be none it is skipped, and says so. */
export function describeIfMounting(suite: () => void): void {
  const possible = canMount();
  if (!possible)
    process.stdout.write(
      'SKIPPED: only root, with the right to mount disks, can see this fault; run the test once so\n',
    );
  (possible ? describe : describe.skip)('where only root can mount a disk', suite);
}
