import fc from 'fast-check';
import { decideKnown } from '../inbound/decide.ts';
import { histories, ourHistories, playHistory, playPushesOnly } from '../testing/two-sides-histories.ts';
import { soundInbound, type Command, type InboundRules } from '../testing/two-sides-commands.ts';
import { soundRules, type StepRules } from './reconcile.ts';

const caught = { numRuns: 20_000, endOnFailure: true };

describe('both sides over histories of crashes, lost answers, duplicates, reordering and what customers do', () => {
  test('end equal: each appointment stands exactly once, known by its newest uid, and no change of ours is lost', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (commands) => {
        const wrong = await playHistory(commands);
        if (wrong !== undefined) throw new Error(wrong);
      }),
      { numRuns: 20_000 },
    );
  }, 60_000);

  test('pushing alone ends equal too, where nobody else acts', async () => {
    await fc.assert(
      fc.asyncProperty(ourHistories, async (commands) => {
        const wrong = await playPushesOnly(commands, soundRules);
        if (wrong !== undefined) throw new Error(wrong);
      }),
      { numRuns: 4000 },
    );
  }, 60_000);

  const pushing: [string, StepRules][] = [
    ['blind retry', { ...soundRules, mustLook: () => false }],
    ['look only before creating', { ...soundRules, mustLook: (_link, next) => next.kind === 'create' }],
    ['look only when no uid is recorded', { ...soundRules, mustLook: (link) => !link.standing }],
    ['look but forget the uid that was found', { ...soundRules, keepsFind: false }],
  ];
  test.each(pushing)('the variant "%s" is caught', async (_name, rules) => {
    const push = { ...rules, mustLook: guarded(rules) };
    const holds = async (commands: readonly Command[]) => (await playPushesOnly(commands, push)) === undefined;
    expect((await fc.check(fc.asyncProperty(ourHistories, holds), caught)).failed).toBe(true);
  });

  const reading: [string, InboundRules][] = [
    ['ask scheduling without having written the intent', { ...soundInbound, keepsIntent: false }],
    [
      'change ours without saying which version stood there, though ours changed',
      {
        ...soundInbound,
        sendsVersion: false,
        decide: (ours, ...rest) => decideKnown({ ...ours, pushed: true }, ...rest),
      },
    ],
    [
      'take what stands there for their doing while a call of ours is under way',
      { ...soundInbound, decide: (ours, ...rest) => decideKnown({ ...ours, attempted: false, pushed: true }, ...rest) },
    ],
    [
      'leave copies alone',
      {
        ...soundInbound,
        decide: (ours, bookings, now) => {
          const decision = decideKnown(ours, bookings, now);
          return decision.kind === 'cancel_copies' ? { kind: 'nothing' } : decision;
        },
      },
    ],
  ];
  test.each(reading)('the variant "%s" is caught', async (_name, inbound) => {
    const holds = async (commands: readonly Command[]) => (await playHistory(commands, { inbound })) === undefined;
    expect((await fc.check(fc.asyncProperty(histories, holds), caught)).failed).toBe(true);
  });
});

/** A variant looks at most where the sound rule does: only rows with an unfinished attempt. */
function guarded(rules: StepRules): StepRules['mustLook'] {
  return (link, next) => link.attempted !== undefined && rules.mustLook(link, next);
}
