import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const mine = JSON.stringify({ pid: process.pid, startMark: readStartMark(process.pid) ?? '' });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder && isSameProcess(holder)) return holder;
    rmSync(file, { force: true });
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

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
