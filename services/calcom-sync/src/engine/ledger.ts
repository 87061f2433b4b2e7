import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction, type Database, type Tx } from '@daybook/runtime/postgres';
import {
  holdLease,
  type LinkKey,
  type LinkResult,
  type LinkSetback,
  lockLink,
  releaseRefused,
  updateWanted,
  writeIntent,
  writeResult,
  writeSetback,
} from '../db/link-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { isSettled, markNeeded, spanOf, type Attempt, type Standing, type Wanted } from '../domain/calendar-link.ts';
import { appointmentSyncChanged, CALCOM } from '../events/calendar-sync-events.ts';
import { LeaseLostError, type Lease } from './lease.ts';
import { syncLatency } from './metrics.ts';
import type { Journal } from './reconcile.ts';

/** What the ledger of one connection needs. */
export type LedgerDeps = {
  database: Database;
  lease: Lease;
  now: () => number;
  /** Milliseconds after which a call that got no answer cannot take effect any more. */
  settledAfterMs: number;
};

/** The journal of one appointment's step. `begun` tells whether a call may be under way. */
export type LinkJournal = Journal & { readonly begun: boolean };

/** Writes intents and results of one row, under the lease. */
export function createJournal(deps: LedgerDeps, row: LinkRow): LinkJournal {
  const key: LinkKey = { connectionId: row.connectionId, appointmentId: row.link.appointmentId };
  let begun: Attempt | undefined;
  let lastCall: string = row.link.attempted?.kind ?? 'none';
  return {
    get begun() {
      return begun !== undefined;
    },
    async begin(intent, { standing, uids }) {
      const change = { intent, standing, uids, settledAfterMs: deps.settledAfterMs };
      if (!(await writeIntent(deps.database, key, deps.lease.fence(), change))) throw new LeaseLostError();
      begun = intent;
    },
    async record(result) {
      if (begun) lastCall = operationOf(begun, lastCall);
      await withTransaction(deps.database, async (tx) => {
        await keepLease(tx, deps, key);
        await recordResult(tx, deps, key, { ...result, operation: lastCall });
      });
      begun = undefined;
    },
  };
}

/** A removal and a creation in one step are a replacement. */
function operationOf(intent: Attempt, before: string): string {
  return before === 'remove' && intent.kind === 'create' ? 'replace' : intent.kind;
}

type Result = {
  standing: Standing | undefined;
  uids: readonly string[];
  operation: string;
  theirsStatus?: LinkResult['theirsStatus'];
};

/** What was seen to stand there without a call of ours; `wanted` is scheduling's newest word, if it spoke. */
export type Seen = Omit<Result, 'operation'> & { wanted?: Wanted | undefined };

/**
 * Records what stands there as somebody made it. A row that then differs from what is wanted is due at once, so that the
 * next step makes it equal. False when a call of ours may be under way: its own look tells more.
 */
export async function recordSeen(tx: Tx, deps: LedgerDeps, key: LinkKey, seen: Seen): Promise<boolean> {
  await keepLease(tx, deps, key);
  const row = await lockLink(tx, key);
  if (!row || row.link.attempted) return false;
  const now = new Date(deps.now());
  const { wanted } = seen;
  if (wanted && wanted.version > row.link.wanted.version) {
    await updateWanted(tx, key, { wanted, changedAt: now, dueInMs: 0 });
  }
  await recordResult(tx, deps, key, { ...seen, operation: 'none' });
  return true;
}

/** Before any row: see the order of locks in link-repository.ts. */
export async function keepLease(
  tx: Tx,
  { lease }: Pick<LedgerDeps, 'lease'>,
  key: Pick<LinkKey, 'connectionId'>,
): Promise<void> {
  if (!(await holdLease(tx, key.connectionId, lease.fence()))) throw new LeaseLostError();
}

async function recordResult(tx: Tx, deps: LedgerDeps, key: LinkKey, result: Result): Promise<void> {
  const row = await lockLink(tx, key);
  if (!row) throw new LeaseLostError();
  const now = new Date(deps.now());
  const { wanted } = row.link;
  const sameBooking = row.link.standing?.uid === result.standing?.uid;
  const marked = row.standingNoShow && sameBooking;
  const placed = isSettled({ wanted, standing: result.standing });
  const settled = placed && markNeeded({ wanted, standing: result.standing }, marked) === undefined;
  // What is over is not pushed any more, so it can only be stated whether the calendar happens to show it as it was.
  const missed = settled && wanted.presence === 'as_is' && !standsAt(wanted, result.standing);
  const state = !settled ? 'waiting' : missed ? 'different' : 'in_step';
  const message = missed ? 'This appointment was over before Cal.com could be told of its last change.' : '';
  const eventVersion = settled ? row.eventVersion + 1 : row.eventVersion;
  const written = await writeResult(tx, key, deps.lease.fence(), {
    standing: result.standing,
    uids: result.uids,
    state,
    message,
    doneVersion: settled ? wanted.version : undefined,
    syncedAt: settled ? now : undefined,
    eventVersion,
    theirsStatus: result.theirsStatus,
  });
  if (!written) throw new LeaseLostError();
  if (row.link.standing && row.link.standing.uid !== result.standing?.uid) {
    await releaseRefused(tx, key.connectionId, spanOf(row.link.standing));
  }
  if (!settled) return;
  await emitStanding(tx, row, now, { state, message, eventVersion, standing: result.standing, uids: result.uids });
  if (result.operation !== 'none') {
    syncLatency.observe({ target: CALCOM, operation: result.operation }, (now.getTime() - row.changedAt) / 1000);
  }
}

function standsAt(wanted: Wanted, standing: Standing | undefined): boolean {
  return standing?.start === wanted.start && standing.minutes === wanted.minutes;
}

/** A setback whose event version is still to be given. */
export type Setback = Omit<LinkSetback, 'eventVersion'>;

/**
 * Records a setback. The world is told when the row is parked and when it first gets a reason for waiting. A wish that
 * arrived meanwhile stays due: what was refused was an older one.
 */
export async function recordSetback(deps: LedgerDeps, row: LinkRow, setback: Setback): Promise<void> {
  const key = { connectionId: row.connectionId, appointmentId: row.link.appointmentId };
  await withTransaction(deps.database, async (tx) => {
    await keepLease(tx, deps, key);
    const current = await lockLink(tx, key);
    if (!current) throw new LeaseLostError();
    const overtaken = current.link.wanted.version !== row.link.wanted.version;
    const effective: Setback = overtaken
      ? { ...setback, state: 'waiting', dueInMs: 0, refusal: undefined, message: '', attempts: 0 }
      : setback;
    const isNews = effective.state !== 'waiting' || (current.message === '' && effective.message !== '');
    const eventVersion = isNews ? current.eventVersion + 1 : current.eventVersion;
    if (!(await writeSetback(tx, key, deps.lease.fence(), { ...effective, eventVersion }))) throw new LeaseLostError();
    if (!isNews) return;
    const { state, message } = effective;
    const { standing, uids } = current.link;
    await emitStanding(tx, current, new Date(deps.now()), { state, message, eventVersion, standing, uids });
  });
}

async function emitStanding(
  tx: Tx,
  row: LinkRow,
  now: Date,
  to: Pick<LinkRow, 'state' | 'message' | 'eventVersion'> & Pick<Result, 'standing' | 'uids'>,
): Promise<void> {
  await appendToOutbox(tx, [
    appointmentSyncChanged(now, {
      organizationId: row.organizationId,
      appointmentId: row.link.appointmentId,
      appointmentVersion: row.link.wanted.version,
      state: to.state,
      standing: to.standing,
      newestUid: to.uids[0] ?? '',
      syncedAt: to.state === 'in_step' ? now.getTime() : row.syncedAt,
      message: to.message,
      eventVersion: to.eventVersion,
    }),
  ]);
}
