import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What tells one process from a later one that was given the same pid. */
export type ProcessIdentity = { pid: number; startMark: string };

/** Whether a process runs. A zombie (dead, not yet reaped by its parent) counts as not running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return readProcStat(pid)?.state !== 'Z';
}

/** A text that differs between two processes that had the same pid one after the other; undefined when there is none. */
export function readStartMark(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = readProcStat(pid);
    return stat && stat.state !== 'Z' ? `${readBootId()}:${stat.startTicks}` : undefined;
  }
  return askPs(pid, 'lstart=');
}

/** The command line of a process, its parts joined by spaces; undefined when it cannot be read. */
export function readCommandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The memory a process holds (resident set), in bytes; undefined when it is gone. */
export function readMemory(pid: number): number | undefined {
  if (process.platform === 'linux') {
    try {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  }
  const kilobytes = askPs(pid, 'rss=');
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Whether the process of that identity, and not a later namesake, still runs. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  return isRunning(identity.pid) && readStartMark(identity.pid) === identity.startMark;
}

/** Sends the signal and waits; after `deadlineMs` sends SIGKILL and waits again. Resolves true once the process is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals, deadlineMs: number): Promise<boolean> {
  sendSignal(pid, signal);
  if (await waitUntilGone(pid, deadlineMs)) return true;
  sendSignal(pid, 'SIGKILL');
  return waitUntilGone(pid, 5_000);
}

/** Sends a signal and does not mind when the process is gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function waitUntilGone(pid: number, deadlineMs: number): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

function readProcStat(pid: number): { state: string; startTicks: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // The name stands in brackets and may hold spaces and brackets itself: the fields are counted after the last one.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

function askPs(pid: number, field: string): string | undefined {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', field], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
