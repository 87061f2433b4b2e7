import { makeUid, makeUuid } from './ids.ts';
import { seedState } from './seed.ts';
import { openStateFile } from './state-file.ts';
import type { Account, Booking, EventType, SandboxState, Schedule, Settings } from './types.ts';

/** What a sandbox is made of: its state, its settings and the way to change and keep them. */
export type World = {
  state: SandboxState;
  settings: Settings;
  /** The sandbox's present, UTC. */
  now(): Date;
  newUid(): string;
  newUuid(): string;
  /**
   * Keeps a change before it is answered, so that a killed sandbox has lost nothing: the named bookings and everything that is
   * not a booking.
   */
  touch(...bookings: Booking[]): void;
  /** Keeps the whole state, after a change of many bookings at once. */
  touchAll(): void;
  /** Leaves one tidy file behind. */
  close(): void;
  /** Goes back to the seeded account. */
  reset(): void;
};

/** What `createWorld` needs; without `stateFile` nothing outlives the process. */
export type WorldOptions = { stateFile: string | undefined; clock: () => Date; seed: number; settings: Settings };

/** Loads or seeds the state. Throws when the state file exists and cannot be read. */
export function createWorld(options: WorldOptions): World {
  const { seed, settings } = options;
  const now = (): Date => (settings.frozenAt === null ? options.clock() : new Date(settings.frozenAt));
  const opened = options.stateFile === undefined ? null : openStateFile(options.stateFile);
  const file = opened?.stateFile;
  const world: World = {
    state: opened?.state ?? seedState(now(), seed),
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
    touch: (...bookings) => file?.append(world.state, bookings),
    touchAll: () => file?.snapshot(world.state),
    close: () => file?.close(world.state),
    reset: () => {
      world.state = seedState(now(), seed);
      world.touchAll();
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
