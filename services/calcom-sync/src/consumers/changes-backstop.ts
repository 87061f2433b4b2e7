import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import type { Change__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Change';
import type { ListChangesSinceResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListChangesSinceResponse';
import type { SchedulingEvent__Output } from '@daybook/protos/gen/daybook/scheduling/v1/SchedulingEvent';
import { applyOnce, findApplied } from '@daybook/runtime/consumer';
import { findDomainError } from '@daybook/runtime/errors';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { advanceCursor, readCursor, restartCursor } from '../db/change-cursor-repository.ts';
import { recordChange, type RecordOptions } from '../engine/desired-state.ts';
import { toChange } from './mapping.ts';
import { CONSUMER } from './scheduling-events.ts';

/** Asks scheduling for the changes after a sequence number. */
export type ListChanges = (afterSequence: number, limit: number) => Promise<ListChangesSinceResponse__Output>;

const SOURCE = 'scheduling';
const PAGE = 200;
/** How often it is checked whether it is time, ms. */
const TICK_MS = 250;
/** After scheduling did not answer, ms: at a common start it is ready a moment later, and nothing is pushed before it answered. */
const ASK_AGAIN_MS = 1000;

/**
 * The broker is a doorbell that may forget. At start, after the broker came back, and every so often, scheduling is asked
 * for what changed since; the inbox makes everything already known a no-op.
 */
export function startChangesBackstop(options: {
  database: Database;
  listChanges: ListChanges;
  /** Tells each time the broker came back. */
  onBrokerConnected: (listener: () => void) => void;
  record: RecordOptions;
  pollMs: number;
  onRecorded: () => void;
  logger: Logger;
  lifecycle: Lifecycle;
}): void {
  const { logger, lifecycle } = options;
  let stopping = false;
  let nextAt = 0;
  let running: Promise<void> | undefined;

  const tick = (): void => {
    if (running || stopping || performance.now() < nextAt) return;
    nextAt = performance.now() + options.pollMs;
    running = catchUp(options, () => stopping)
      .catch((error: unknown) => {
        nextAt = Math.min(nextAt, performance.now() + ASK_AGAIN_MS);
        logger.warn({ err: error }, 'scheduling could not be asked for its changes');
      })
      .finally(() => {
        running = undefined;
      });
  };
  options.onBrokerConnected(() => {
    nextAt = 0;
  });
  const timer = setInterval(tick, TICK_MS);
  tick();
  lifecycle.onShutdown('intake', 'changes-backstop', async () => {
    stopping = true;
    clearInterval(timer);
    await running;
  });
}

type CatchUpOptions = Pick<
  Parameters<typeof startChangesBackstop>[0],
  'database' | 'listChanges' | 'record' | 'onRecorded' | 'logger'
>;

/** Reads page after page until there is nothing new. */
async function catchUp(options: CatchUpOptions, isStopping: () => boolean): Promise<void> {
  for (let more = true; more && !isStopping();) {
    const after = await readCursor(options.database, SOURCE);
    const { changes, safeSequence } = await options.listChanges(after, PAGE);
    if (changes.length === 0 && safeSequence < after) {
      options.logger.warn({ after, safeSequence }, 'the list of changes is shorter than before: it is read anew');
      more = await restartCursor(options.database, SOURCE, after);
      continue;
    }
    const news = await applyPage(options, changes, safeSequence);
    if (news > 0) {
      options.logger.info({ news }, 'the list of changes held news the broker had not brought');
      options.onRecorded();
    }
    more = changes.length > 0 && safeSequence > after;
  }
}

/**
 * One transaction for each change that the broker had not brought. One for the whole page would hold the rows of its first
 * changes while it waits for the inbox row of a later one, whose own transaction may wait for just such a row: a deadlock.
 */
async function applyPage(
  options: CatchUpOptions,
  changes: readonly Change__Output[],
  safeSequence: number,
): Promise<number> {
  const { database } = options;
  const decoded = changes.flatMap((change) => decodeLoudly(options, change));
  const known = await findApplied(
    database,
    CONSUMER,
    decoded.map(({ event }) => event.eventId),
  );
  let applied = 0;
  for (const { sequence, event } of decoded) {
    if (!known.has(event.eventId) && (await applyChange(options, sequence, event))) applied += 1;
  }
  await withTransaction(database, (tx) => advanceCursor(tx, SOURCE, safeSequence));
  return applied;
}

/** False when it was applied meanwhile, or cannot be. */
async function applyChange(
  { database, record, logger }: CatchUpOptions,
  sequence: number,
  event: SchedulingEvent__Output,
): Promise<boolean> {
  try {
    return await withTransaction(database, async (tx) => {
      if (!(await applyOnce(tx, CONSUMER, event.eventId))) return false;
      await recordChange(tx, toChange(event), record);
      return true;
    });
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    // The error itself may quote the row, and with it a customer.
    const reason = { sequence, fault: codeOf(error) };
    logger.error(reason, 'a change in the list cannot be applied and is passed over');
    return false;
  }
}

/** Faults that say nothing about the change: it must be tried again, not passed over. */
function isDatabaseAway(error: unknown): boolean {
  const kind = findDomainError(error)?.kind;
  return kind === 'unavailable' || kind === 'timeout';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name;
}

function decodeLoudly(
  { logger }: CatchUpOptions,
  { sequence, event }: Change__Output,
): { sequence: number; event: SchedulingEvent__Output }[] {
  try {
    return [{ sequence, event: decodeSchedulingEvent(Buffer.from(event as Uint8Array)) }];
  } catch {
    logger.error({ sequence }, 'a change in the list cannot be decoded and is passed over');
    return [];
  }
}
