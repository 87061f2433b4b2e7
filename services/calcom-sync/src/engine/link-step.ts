import { fullJitterBackoff } from '@daybook/runtime/work-queue';
import { addAttempts } from '../db/attempt-repository.ts';
import { noteTheirs } from '../db/inbound-repository.ts';
import { findHolders, startLink, type LinkKey } from '../db/link-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { decideStep, isSettled, markNeeded, spanOf } from '../domain/calendar-link.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';
import { TargetError, type CalendarTarget, type RefusalReason } from '../targets/target.ts';
import { createJournal, recordSetback, type LedgerDeps, type Setback } from './ledger.ts';
import { syncAttempts } from './metrics.ts';
import { reconcile } from './reconcile.ts';
import { watchCalls } from './watch-calls.ts';

/** Milliseconds: the first pause after a decision against us, and the longest. */
export const BACKOFF = { baseMs: 1000, capMs: 15 * 60_000 };
/**
 * Milliseconds: the same for faults that pass by themselves. While the rest of the target answers, nothing but the row's
 * own next try tells that it healed, so the pause stays short; an outage of the whole is found by the probe of the
 * connection, and makes every row due at once.
 */
export const FAULT_BACKOFF = { baseMs: 1000, capMs: 60_000 };
/** Decisions in a row after which a row is parked. */
const MAX_ATTEMPTS = 8;
/** Steps begun and never ended in a row: the row itself brings its worker down. */
const MAX_UNFINISHED = 10;
/** A second look waits so long, so that a target that answers from a copy catches up. */
const SECOND_LOOK_MS = 1000;

/** What a step needs. */
export type StepDeps = LedgerDeps & { target: CalendarTarget; random: () => number };

/** What the worker must know of a step: whether the target itself is in doubt. */
export type StepReport = { kind: 'done'; result: string } | { kind: 'in_doubt'; result: string; error: TargetError };

/** Does one step for a due row, or first for the row whose time it needs. */
export async function stepLink(deps: StepDeps, row: LinkRow): Promise<StepReport> {
  const next = await chooseRow(deps, row);
  if (next.kind === 'wait') {
    await recordSetback(deps, row, waitFor(row, next.ms));
    return finish('waiting_for_other');
  }
  const started = await startLink(deps.database, keyOf(next.row));
  if (!started) return { kind: 'done', result: 'overtaken' };
  const parked = parkReason(deps, started);
  if (!parked) return runStep(deps, started, next.freeOnly);
  await recordSetback(deps, started, parked);
  return finish('parked');
}

function keyOf({ connectionId, link }: LinkRow): LinkKey {
  return { connectionId, appointmentId: link.appointmentId };
}

/** Reasons to give up on a row without a call. */
function parkReason(deps: StepDeps, row: LinkRow): Setback | undefined {
  const { link } = row;
  if (row.started - row.finished > MAX_UNFINISHED) {
    return park(row, 'failed', 'poison', 'The sync stopped in the middle of this appointment again and again.');
  }
  if (!link.attempted && decideStep(link).kind === 'create' && link.wanted.start <= row.readAt) {
    return park(row, 'different', 'past', 'Cal.com takes no appointment that has begun already.');
  }
  return undefined;
}

type Choice = { kind: 'run'; row: LinkRow; freeOnly: boolean } | { kind: 'wait'; ms: number };

/**
 * Frees before takes: a row that needs time which another waiting row of ours still holds lets that one go first. A
 * circle is broken by taking one of its bookings away; its own step makes it anew.
 */
async function chooseRow(deps: StepDeps, first: LinkRow): Promise<Choice> {
  const seen = new Set<string>();
  let row = first;
  for (;;) {
    const { link } = row;
    if (seen.has(link.appointmentId)) return { kind: 'run', row, freeOnly: true };
    seen.add(link.appointmentId);
    const holder = await findHolder(deps, row);
    if (!holder) return { kind: 'run', row, freeOnly: false };
    const wait = msUntilUsable(holder);
    if (wait > 0) return { kind: 'wait', ms: wait };
    row = holder;
  }
}

async function findHolder(deps: StepDeps, row: LinkRow): Promise<LinkRow | undefined> {
  const { link } = row;
  const step = decideStep(link);
  const takes = link.wanted.presence === 'present' && step.kind !== 'settled';
  if (!takes) return undefined;
  const holders = await findHolders(deps.database, keyOf(row), spanOf(link.wanted));
  return holders.find((holder) => holder.link.attempted !== undefined || decideStep(holder.link).kind !== 'settled');
}

/**
 * A row that only waits for a change of mind is used at once; one that waits after a fault is not hurried. Counted by the
 * database's clock, which wrote when it is due: by ours, a minute off, others would wait as long, or not at all.
 */
function msUntilUsable(holder: LinkRow): number {
  const { readAt } = holder;
  const look = holder.link.attempted ? (holder.lookAfter ?? readAt) - readAt : 0;
  const pause = holder.faults > 0 || holder.attempts > 0 ? (holder.nextAttemptAt ?? readAt) - readAt : 0;
  return Math.max(0, look, pause);
}

function waitFor(row: LinkRow, ms: number): Setback {
  return {
    state: 'waiting',
    dueInMs: Math.max(50, ms),
    message: 'Waits until another appointment has left this time in Cal.com.',
    refusal: undefined,
    attempts: row.attempts,
    faults: row.faults,
    attempt: { kind: 'keep', lookInMs: undefined, looksLeft: undefined },
  };
}

async function runStep(deps: StepDeps, row: LinkRow, freeOnly: boolean): Promise<StepReport> {
  const { target, attempts } = watchCalls(deps.target, deps.now);
  const report = await converge({ ...deps, target: placedOn(target, row.placeOn) }, row, freeOnly);
  await addAttempts(deps.database, { organizationId: row.organizationId, ...keyOf(row) }, attempts);
  return report;
}

/** New bookings go where the appointment's type is offered. */
function placedOn(target: CalendarTarget, eventTypeId: string): CalendarTarget {
  return { ...target, create: (request) => target.create({ ...request, eventTypeId }) };
}

async function converge(deps: StepDeps, row: LinkRow, freeOnly: boolean): Promise<StepReport> {
  const journal = createJournal(deps, row);
  try {
    await markIfNeeded(deps, row);
    const end = await reconcile(row.link, { target: deps.target, journal }, { freeOnly });
    if (end.kind !== 'look_again') return finish(end.kind === 'freed' ? 'freed' : 'ok');
    await recordSetback(deps, row, {
      ...unchanged(row),
      dueInMs: SECOND_LOOK_MS,
      attempt: { kind: 'keep', lookInMs: SECOND_LOOK_MS, looksLeft: end.looksLeft },
    });
    return finish('look_again');
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    await recordSetback(deps, row, await afterFault(deps, row, error, journal.begun));
    finish(error.fault.kind);
    const { kind } = error.fault;
    const doubt = kind === 'unavailable' || kind === 'garbage' || kind === 'unauthorized';
    const setupMissing = kind === 'refused' && error.fault.reason === 'setup_missing';
    return doubt || setupMissing ? { kind: 'in_doubt', result: kind, error } : { kind: 'done', result: kind };
  }
}

/** Sets or takes back the mark of who did not come. Setting it twice is harmless, so no intent is kept. */
async function markIfNeeded(deps: StepDeps, row: LinkRow): Promise<void> {
  const { link } = row;
  const absent = markNeeded(link, row.standingNoShow);
  if (absent === undefined || !link.standing || link.attempted || !isSettled(link)) return;
  await deps.target.markAbsent({ uid: link.standing.uid, absent });
  deps.lease.fence();
  const { start, minutes } = link.standing;
  const status = absent ? 'no_show' : 'scheduled';
  await noteTheirs(deps.database, keyOf(row), { status, start, minutes, noShow: absent });
}

function finish(result: string): StepReport {
  syncAttempts.inc({ target: CALCOM, result });
  return { kind: 'done', result };
}

function unchanged(row: LinkRow): Setback {
  return {
    state: 'waiting',
    dueInMs: 0,
    message: row.message,
    refusal: undefined,
    attempts: row.attempts,
    faults: row.faults,
    attempt: { kind: 'keep', lookInMs: undefined, looksLeft: undefined },
  };
}

function park(row: LinkRow, state: 'failed' | 'different', refusal: string, message: string): Setback {
  return { ...unchanged(row), state, dueInMs: undefined, refusal, message };
}

/**
 * What a fault leaves behind. `begun`: the call's intent was written, so the fault is the call's; otherwise it is the
 * look's, and the earlier attempt is as unknown as before.
 */
async function afterFault(deps: StepDeps, row: LinkRow, error: TargetError, begun: boolean): Promise<Setback> {
  const { fault, words } = error;
  const cleared: Setback['attempt'] = begun ? { kind: 'clear' } : unchanged(row).attempt;
  const waits = { ...unchanged(row), message: words, attempt: cleared };
  switch (fault.kind) {
    case 'unauthorized':
    case 'throttled':
      return waits;
    case 'unavailable':
      return {
        ...waits,
        faults: row.faults + 1,
        dueInMs: pause(deps, row.faults, FAULT_BACKOFF),
        attempt: attemptAfterSilence(begun, fault.effect),
      };
    case 'garbage':
      // No decision of anybody: a proxy's page or a half-done upgrade passes by itself, so it never parks the row.
      return {
        ...waits,
        faults: row.faults + 1,
        dueInMs: pause(deps, row.faults, FAULT_BACKOFF),
        attempt: attemptAfterSilence(begun, 'answered'),
      };
    case 'refused':
      return afterRefusal(deps, row, { ...waits, refusal: fault.reason }, fault.reason);
  }
}

/** An answered call is over and can be looked for at once; a silent one may still take effect, as the intent says. */
function attemptAfterSilence(begun: boolean, effect: 'none' | 'possible' | 'answered'): Setback['attempt'] {
  if (!begun) return { kind: 'keep', lookInMs: undefined, looksLeft: undefined };
  if (effect === 'none') return { kind: 'clear' };
  return effect === 'answered'
    ? { kind: 'keep', lookInMs: 0, looksLeft: 1 }
    : { kind: 'keep', lookInMs: undefined, looksLeft: undefined };
}

async function afterRefusal(deps: StepDeps, row: LinkRow, waits: Setback, reason: RefusalReason): Promise<Setback> {
  switch (reason) {
    case 'not_available': {
      const holder = await findHolder(deps, row);
      return holder
        ? { ...waits, ...waitFor(row, msUntilUsable(holder)), attempt: waits.attempt }
        : { ...waits, state: 'different', dueInMs: undefined };
    }
    case 'out_of_bounds':
    case 'past':
      return { ...waits, state: 'different', dueInMs: undefined };
    case 'forbidden':
    case 'invalid':
      return { ...waits, state: 'failed', dueInMs: undefined };
    case 'gone':
    case 'setup_missing':
      return countAttempt(deps, row, waits);
  }
}

function countAttempt(deps: StepDeps, row: LinkRow, waits: Setback): Setback {
  const attempts = row.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return { ...waits, attempts, state: 'failed', dueInMs: undefined };
  return { ...waits, attempts, dueInMs: pause(deps, attempts - 1) };
}

function pause(deps: StepDeps, earlier: number, backoff = BACKOFF): number {
  return fullJitterBackoff({ attempt: earlier + 1, ...backoff, random: deps.random });
}
