import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { endProcess, isSameProcess, readStartMark, sendSignal, type ProcessIdentity } from './process-identity.ts';

/** A process that was started from a data folder. */
export type ProcessRecord = ProcessIdentity & { name: string };

/** The file in a data folder that lists the processes started from it, so that a later start can end what was left over. */
export type ProcessRecords = {
  add(name: string, pid: number): void;
  remove(pid: number): void;
};

/** Opens the list for this run; call {@link endLeftovers} before. */
export function openProcessRecords(file: string): ProcessRecords {
  const running = new Map<number, ProcessRecord>();
  const save = () => {
    writeFileSync(`${file}.tmp`, JSON.stringify([...running.values()], undefined, 2), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  };
  return {
    add(name, pid) {
      const startMark = readStartMark(pid);
      if (startMark === undefined) return;
      running.set(pid, { name, pid, startMark });
      save();
    },
    remove(pid) {
      if (running.delete(pid)) save();
    },
  };
}

/**
 * Ends the processes of an earlier run that still live. A pid that now belongs to another process is left alone.
 *
 * @returns the names of those that were ended.
 */
export async function endLeftovers(file: string): Promise<string[]> {
  const living = readRecords(file).filter((record) => isSameProcess(record));
  await Promise.all(living.map((record) => endProcess(record.pid, 'SIGTERM', 5_000)));
  return living.map((record) => record.name);
}

/** Sends SIGKILL to every process of the list that still lives. */
export function killRecorded(file: string): void {
  for (const record of readRecords(file)) if (isSameProcess(record)) sendSignal(record.pid, 'SIGKILL');
}

function readRecords(file: string): ProcessRecord[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord[];
  } catch {
    return [];
  }
}
