import fc from 'fast-check';
import { soundRules, type StepRules } from '../engine/reconcile.ts';
import { soundInbound, type Command, type Fault, type InboundRules } from './two-sides-commands.ts';
import { TwoSides } from './two-sides-model.ts';

const HOUR = 3_600_000;

const fault = fc.constantFrom<Fault>(
  'none',
  'none',
  'none',
  'crash_before',
  'crash_after',
  'lost_answer',
  'late_effect',
  'refused_connection',
);
const faults = fc.array(fault, { maxLength: 7 });
const start = fc.integer({ min: 0, max: 5 }).map((hour) => hour * HOUR);
const which = fc.nat(20);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('wish' as const),
    which,
    start,
    minutes: fc.constantFrom(30, 30, 60),
    presence: fc.constantFrom('present' as const, 'present' as const, 'absent' as const),
  }),
  fc.record({ kind: fc.constant('redeliver' as const), which }),
  fc.record({ kind: fc.constant('push' as const), faults }),
  fc.record({ kind: fc.constant('push' as const), faults }),
  fc.record({ kind: fc.constant('poll' as const), faults }),
  fc.record({ kind: fc.constant('poll' as const), faults }),
  fc.record({ kind: fc.constant('they_book' as const), start }),
  fc.record({ kind: fc.constant('they_move' as const), which, start, staleLink: fc.boolean() }),
  fc.record({ kind: fc.constant('they_cancel' as const), which }),
);

/** Histories of both sides: up to 25 things happen. */
export const histories = fc.array(command, { minLength: 1, maxLength: 25 });

/** Histories in which nobody but we and scheduling acts. */
export const ourHistories = histories.map((commands) => commands.filter(({ kind }) => !kind.startsWith('they_')));

/** Plays a history without reading the other side, and lets everything heal. */
export async function playPushesOnly(commands: readonly Command[], push: StepRules): Promise<string | undefined> {
  const sides = new TwoSides({ push, inbound: undefined });
  await sides.play(commands);
  return sides.heal();
}

/** Plays a history and lets everything heal; tells what is wrong then, if anything. */
export async function playHistory(
  commands: readonly Command[],
  rules: { push?: StepRules; inbound?: InboundRules } = {},
): Promise<string | undefined> {
  const sides = new TwoSides({ push: rules.push ?? soundRules, inbound: rules.inbound ?? soundInbound });
  await sides.play(commands);
  return sides.heal();
}
