import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess, readStartMark, type ProcessIdentity } from './process-identity.ts';

/** A lock held by this process. */
export type FileLock = { release(): void };

/**
 * Takes a lock that is a file with the holder's identity in it. A lock whose holder is dead is taken over.
 *
 * @returns the lock, or the identity of the living process that holds it.
 */
export function tryFileLock(file: string): FileLock | ProcessIdentity {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${randomBytes(6).toString('hex')}`;
  const identity: ProcessIdentity = { pid: process.pid, startMark: readStartMark(process.pid) ?? '' };
  writeFileSync(mine, JSON.stringify(identity), { mode: 0o600 });
  try {
    for (;;) {
      if (linkUnlessPresent(mine, file)) return { release: () => rmSync(file, { force: true }) };
      const holder = readHolder(file);
      if (holder && isSameProcess(holder)) return holder;
      setDeadLockAside(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Waits for the lock up to a deadline in milliseconds. */
export async function waitForFileLock(file: string, deadlineMs: number): Promise<FileLock> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const taken = tryFileLock(file);
    if ('release' in taken) return taken;
    if (Date.now() > deadline) throw new Error(`Process ${taken.pid} has held ${file} for too long.`);
    await delay(100);
  }
}

/** A link appears together with its content, so that nobody reads a lock that is half written. */
function linkUnlessPresent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Between looking and removing, another process may have taken the lock over: what was moved is looked at once more. */
function setDeadLockAside(file: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = readHolder(aside);
  if (holder && isSameProcess(holder)) linkUnlessPresent(aside, file);
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
