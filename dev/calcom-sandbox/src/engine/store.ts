import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeUid, makeUuid } from './ids.ts';
import { seedState } from './seed.ts';
import type { Account, EventType, SandboxState, Schedule, Settings } from './types.ts';

const SAVE_DELAY_MS = 25;

/** What a sandbox is made of: its state, its settings and the way to change and keep them. */
export type World = {
  state: SandboxState;
  settings: Settings;
  /** The sandbox's present, UTC. */
  now(): Date;
  newUid(): string;
  newUuid(): string;
  /** Marks the state as changed; it reaches the file within 50 ms. */
  touch(): void;
  /** Writes a pending change at once. */
  flush(): void;
  /** Goes back to the seeded account. */
  reset(): void;
};

/** What `createWorld` needs; without `stateFile` nothing outlives the process. */
export type WorldOptions = { stateFile: string | undefined; clock: () => Date; seed: number; settings: Settings };

function readState(file: string): SandboxState | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const state = parsed as SandboxState;
    return state.formatVersion === 1 ? state : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`The state file ${file} cannot be read; remove it to start from the seeded account.`, {
      cause: error,
    });
  }
}

/**
 * Loads or seeds the state. Throws when the state file exists and is not readable JSON, because starting
 * over in silence would look like lost bookings.
 */
export function createWorld(options: WorldOptions): World {
  const { stateFile, seed, settings } = options;
  const now = (): Date => (settings.frozenAt === null ? options.clock() : new Date(settings.frozenAt));
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    if (stateFile === undefined) return;
    mkdirSync(dirname(stateFile), { recursive: true });
    const temporary = `${stateFile}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(world.state), { mode: 0o600 });
    renameSync(temporary, stateFile);
  };
  const touch = (): void => {
    timer ??= setTimeout(flush, SAVE_DELAY_MS);
  };
  const world: World = {
    state: (stateFile === undefined ? null : readState(stateFile)) ?? seedState(now(), seed),
    settings,
    now,
    newUid: () => {
      const made = makeUid(world.state.uidState);
      world.state.uidState = made.state;
      return made.uid;
    },
    newUuid: () => {
      const made = makeUuid(world.state.uidState);
      world.state.uidState = made.state;
      return made.uuid;
    },
    touch,
    flush,
    reset: () => {
      world.state = seedState(now(), seed);
      touch();
    },
  };
  return world;
}

/** The account of an id, which the state always holds for the ids it stores. */
export function accountOf(state: SandboxState, id: number): Account {
  const account = state.users.find((user) => user.id === id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
}

/** The schedule that governs an event type: its own, else the owner's default, else none. */
export function scheduleOf(state: SandboxState, eventType: EventType): Schedule | undefined {
  const id = eventType.scheduleId ?? accountOf(state, eventType.ownerId).defaultScheduleId;
  return state.schedules.find((schedule) => schedule.id === id);
}
