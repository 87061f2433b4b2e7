import {
  decideStep,
  intentOf,
  isSettled,
  readSighting,
  withUid,
  type Attempt,
  type CalendarLink,
  type Standing,
  type Step,
} from '../domain/calendar-link.ts';
import { TargetError, type CalendarTarget, type RefusalReason } from '../targets/target.ts';

/** Where a step writes what it is about to do and what came of it. Each method is one atomic update of the row. */
export type Journal = {
  /** Writes the new intent together with what the look just found: one update, or a crash between them loses the find. */
  begin(intent: Attempt, found: { standing: Standing | undefined; uids: readonly string[] }): Promise<void>;
  /** Records what stands now and clears the intent. */
  record(result: { standing: Standing | undefined; uids: readonly string[] }): Promise<void>;
};

/** The decisions of the step that the property test varies to show that each of them is needed. */
export type StepRules = {
  /** Whether to look before the next step, given a row with an unfinished attempt. */
  mustLook(link: CalendarLink, next: Step): boolean;
  /** Whether the uid found by a look is stored with the new intent, in it and beside it. */
  keepsFind: boolean;
};

/** Look whenever an attempt is unfinished; store the find and the new intent together. Nothing less is safe. */
export const soundRules: StepRules = { mustLook: (link) => link.attempted !== undefined, keepsFind: true };

/** How a step ended: the row equals the wish, or it must be looked at again because a look found nothing yet. */
export type StepEnd = { kind: 'settled' } | { kind: 'look_again'; looksLeft: number } | { kind: 'freed' };

/** A move that lost its length needs a removal and a creation after it; whoever needs more does not do what it is asked. */
const MAX_CALLS = 3;
const stubbornWords = 'Cal.com keeps another time or length than it was asked for.';

type Deps = Pick<CalendarTarget, 'find' | 'create' | 'move' | 'remove'>;
type State = {
  link: CalendarLink;
  /** The row as it is stored, for the variant that forgets. */
  stored: CalendarLink;
  searched: Attempt | undefined;
  surplus: readonly Standing[];
};

/**
 * One convergence step for one appointment: look if an earlier attempt is unfinished, write the intent, call, record.
 * Goes on until the row is settled, since a replacement takes two calls.
 * @param options.freeOnly take the standing booking away and stop, to break a circle of appointments waiting for each other
 * @throws TargetError from the target; the intent stays written unless the caller knows that nothing happened
 */
export async function reconcile(
  initial: CalendarLink,
  deps: { target: Deps; journal: Journal; rules?: StepRules },
  options: { freeOnly?: boolean } = {},
): Promise<StepEnd> {
  const rules = deps.rules ?? soundRules;
  const looked = await lookIfUnfinished(initial, deps.target, rules);
  if (looked.kind === 'look_again') return looked;
  let { state } = looked;
  for (const copy of state.surplus) state = await removeCopy(state, copy, deps);
  if (options.freeOnly && state.link.standing && !isSettled(state.link)) {
    await take(state, { kind: 'remove', standing: state.link.standing }, deps, rules);
    return { kind: 'freed' };
  }
  return settle(state, deps, rules);
}

async function settle(initial: State, deps: { target: Deps; journal: Journal }, rules: StepRules): Promise<StepEnd> {
  let state = initial;
  for (let calls = 0; ; calls += 1) {
    const step = decideStep(state.link);
    if (step.kind === 'settled') {
      if (calls === 0) await deps.journal.record(state.link);
      return { kind: 'settled' };
    }
    if (calls === MAX_CALLS) throw new TargetError({ kind: 'refused', reason: 'invalid' }, stubbornWords);
    state = await take(state, step, deps, rules);
  }
}

async function lookIfUnfinished(
  link: CalendarLink,
  target: Deps,
  rules: StepRules,
): Promise<{ kind: 'looked'; state: State } | Extract<StepEnd, { kind: 'look_again' }>> {
  const attempt = link.attempted;
  if (!attempt || !rules.mustLook(link, decideStep(link))) {
    return { kind: 'looked', state: { link, stored: link, searched: undefined, surplus: [] } };
  }
  const found = await target.find({
    appointmentId: link.appointmentId,
    uids: lookedUids(link, attempt),
    place: attempt,
  });
  const sighting = readSighting(link, found);
  const happened = attempt.kind === 'remove' ? true : found.some((booking) => matches(booking, attempt));
  if (!happened && attempt.looksLeft > 1) return { kind: 'look_again', looksLeft: attempt.looksLeft - 1 };
  const next = { ...link, standing: sighting.standing, uids: sighting.uids };
  return { kind: 'looked', state: { link: next, stored: link, searched: attempt, surplus: sighting.surplus } };
}

/** The uids worth asking for one by one: the booking the attempt changed and the one that stood. */
function lookedUids(link: CalendarLink, attempt: Attempt): string[] {
  return [...new Set([attempt.uid, link.standing?.uid ?? ''])].filter((uid) => uid !== '');
}

function matches(booking: { start: number; minutes: number; uid: string }, attempt: Attempt): boolean {
  return booking.start === attempt.start && booking.uid !== attempt.uid;
}

async function removeCopy(state: State, copy: Standing, deps: { target: Deps; journal: Journal }): Promise<State> {
  const { link } = state;
  const intent = intentOf(link, { kind: 'remove', standing: copy }, state.searched);
  await deps.journal.begin(intent, link);
  await deps.target.remove({ appointmentId: link.appointmentId, uid: copy.uid });
  return { ...state, link: { ...link, attempted: intent } };
}

/** Intent, call, record: the last three parts of the convergence step. */
async function take(
  state: State,
  step: Exclude<Step, { kind: 'settled' }>,
  deps: { target: Deps; journal: Journal },
  rules: StepRules,
): Promise<State> {
  const { link } = state;
  const intent = intentOf(link, step, state.searched);
  if (rules.keepsFind) await deps.journal.begin(intent, link);
  else await deps.journal.begin({ ...intent, uid: '' }, state.stored);
  const standing = await call(link, intent, deps.target);
  const uids = standing ? withUid(link.uids, standing.uid) : link.uids;
  await deps.journal.record({ standing, uids });
  const next = { ...link, attempted: undefined, standing, uids };
  return { link: next, stored: next, searched: undefined, surplus: [] };
}

async function call(link: CalendarLink, intent: Attempt, target: Deps): Promise<Standing | undefined> {
  try {
    return await change(link, intent, target);
  } catch (error) {
    // Somebody took the booking away over there. Ours is the truth: the next step makes it anew.
    if (intent.kind === 'move' && isRefusal(error, 'gone')) return undefined;
    if (intent.kind === 'remove' || !isRefusal(error, 'not_available')) throw error;
    const own = await findOwnCopy(link, intent, target);
    if (!own) throw error;
    return own;
  }
}

async function change(link: CalendarLink, intent: Attempt, target: Deps): Promise<Standing | undefined> {
  const { appointmentId, wanted } = link;
  const { uid, start, minutes } = intent;
  switch (intent.kind) {
    case 'create':
      return toStanding(await target.create({ appointmentId, start, minutes, attendee: wanted.attendee }));
    case 'move':
      return toStanding(await target.move({ appointmentId, uid, start, minutes, attendee: wanted.attendee }));
    case 'remove':
      await target.remove({ appointmentId, uid });
      return undefined;
  }
}

/** "Not available" may be our own first copy in the way, so it means: search again. */
async function findOwnCopy(link: CalendarLink, intent: Attempt, target: Deps): Promise<Standing | undefined> {
  const found = await target.find({ appointmentId: link.appointmentId, uids: [], place: intent });
  return readSighting(
    link,
    found.filter((booking) => booking.start === intent.start),
  ).standing;
}

function isRefusal(error: unknown, reason: RefusalReason): boolean {
  return error instanceof TargetError && error.fault.kind === 'refused' && error.fault.reason === reason;
}

function toStanding({ uid, start, minutes }: Standing): Standing {
  return { uid, start, minutes };
}
