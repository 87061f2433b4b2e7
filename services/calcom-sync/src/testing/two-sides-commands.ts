import { decideKnown, type Decision, type Ours } from '../inbound/decide.ts';
import type { TheirBooking } from '../targets/target.ts';

/** What goes wrong around one call or one write. */
export type Fault = 'none' | 'crash_before' | 'crash_after' | 'lost_answer' | 'late_effect' | 'refused_connection';

/** What happens in a history. `which` picks among what there is; starts are epoch milliseconds. */
export type Command =
  | { kind: 'wish'; which: number; start: number; minutes: number; presence: 'present' | 'absent' }
  | { kind: 'redeliver'; which: number }
  | { kind: 'push'; faults: readonly Fault[] }
  | { kind: 'poll'; faults: readonly Fault[] }
  | { kind: 'they_book'; start: number }
  | { kind: 'they_move'; which: number; start: number; staleLink: boolean }
  | { kind: 'they_cancel'; which: number };

/** Decisions that variants leave out, to show that each is needed. */
export type InboundRules = {
  /** The intent is written before scheduling is asked to take in. */
  keepsIntent: boolean;
  /** The version that was pushed goes with a change, so that a later one of ours wins. */
  sendsVersion: boolean;
  /** What follows for a row from what stands there. */
  decide: (ours: Ours, bookings: readonly TheirBooking[], now: number) => Decision;
};

/** The rules as they are. */
export const soundInbound: InboundRules = { keepsIntent: true, sendsVersion: true, decide: decideKnown };
