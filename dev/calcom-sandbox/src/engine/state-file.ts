import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Booking, SandboxState } from './types.ts';

const LINES_BETWEEN_SNAPSHOTS = 5000;

/** One line of the journal: the changed bookings, the generators, and the rest of the state when it differs. */
type JournalLine = {
  seq: number;
  bookings: Booking[];
  heads: Pick<SandboxState, 'uidState' | 'nextId'>;
  rest?: Omit<SandboxState, 'bookings' | 'uidState' | 'nextId' | 'formatVersion'>;
};

/** Keeps a state on disk so that a killed process has lost nothing that it answered. */
export type StateFile = {
  /** Appends what has changed before it returns: the named bookings and whatever else differs. */
  append(state: SandboxState, bookings: Booking[]): void;
  /** Writes the whole state and starts an empty journal. */
  snapshot(state: SandboxState): void;
  /** A last snapshot when something has changed since; the journal is removed. */
  close(state: SandboxState): void;
};

type Stored = SandboxState & { journalSeq?: number };

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function restOf(state: SandboxState): JournalLine['rest'] & object {
  const { users, schedules, eventTypes, reservations, webhooks } = state;
  return { users, schedules, eventTypes, reservations, webhooks };
}

function replay(state: SandboxState, journal: string, after: number): number {
  const byUid = new Map(state.bookings.map((booking) => [booking.uid, booking]));
  let seq = after;
  for (const text of journal.split('\n')) {
    let line: JournalLine;
    try {
      line = JSON.parse(text) as JournalLine;
    } catch {
      break; // The line that was being written when the process was killed; its caller got no answer.
    }
    if (line.seq <= after) continue;
    for (const booking of line.bookings) byUid.set(booking.uid, booking);
    Object.assign(state, line.heads, line.rest);
    seq = line.seq;
  }
  state.bookings = [...byUid.values()];
  return seq;
}

/**
 * Opens the file of a sandbox: `state` is what it held, null when it is new. Throws when the file exists and is not readable
 * JSON, because starting over in silence would look like lost bookings.
 */
export function openStateFile(file: string): { state: SandboxState | null; stateFile: StateFile } {
  const journalFile = `${file}.journal`;
  let state: SandboxState | null = null;
  let seq = 0;
  try {
    const text = textOf(file);
    const stored = text === null ? null : (JSON.parse(text) as Stored);
    if (stored?.formatVersion === 1) {
      const { journalSeq = 0, ...kept } = stored;
      state = kept;
      seq = replay(state, textOf(journalFile) ?? '', journalSeq);
    }
  } catch (error) {
    throw new Error(`The state file ${file} cannot be read; remove it to start from the seeded account.`, {
      cause: error,
    });
  }
  mkdirSync(dirname(file), { recursive: true });
  let journal: number | null = null;
  let lines = 0;
  let lastRest = '';

  const snapshot = (current: SandboxState): void => {
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify({ ...current, journalSeq: seq }), { mode: 0o600 });
    renameSync(temporary, file);
    if (journal !== null) closeSync(journal);
    // Lines of an older journal that a kill left behind are known by their numbers and not applied again.
    journal = openSync(journalFile, 'w', 0o600);
    lines = 0;
    lastRest = JSON.stringify(restOf(current));
  };
  const stateFile: StateFile = {
    append: (current, bookings) => {
      if (journal === null || lines >= LINES_BETWEEN_SNAPSHOTS) return snapshot(current);
      seq += 1;
      lines += 1;
      const { uidState, nextId } = current;
      const rest = JSON.stringify(restOf(current));
      const head = JSON.stringify({ seq, bookings, heads: { uidState, nextId } });
      writeSync(journal, rest === lastRest ? `${head}\n` : `${head.slice(0, -1)},"rest":${rest}}\n`);
      lastRest = rest;
    },
    snapshot,
    close: (current) => {
      if (journal === null) return;
      snapshot(current);
      closeSync(journal);
      journal = null;
      rmSync(journalFile, { force: true });
    },
  };
  return { state, stateFile };
}
