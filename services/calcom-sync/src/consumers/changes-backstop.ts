import { decodeSchedulingEvent } from '@daybook/protos/codecs';
import type { Change__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Change';
import type { ListChangesSinceResponse__Output } from '@daybook/protos/gen/daybook/scheduling/v1/ListChangesSinceResponse';
import { applyOnce } from '@daybook/runtime/consumer';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { withTransaction, type Database, type Tx } from '@daybook/runtime/postgres';
import { advanceCursor, readCursor } from '../db/change-cursor-repository.ts';
import { recordChange, type RecordOptions } from '../engine/desired-state.ts';
import { toChange } from './mapping.ts';
import { CONSUMER } from './scheduling-events.ts';

/** Asks scheduling for the changes after a sequence number. */
export type ListChanges = (afterSequence: number, limit: number) => Promise<ListChangesSinceResponse__Output>;

const SOURCE = 'scheduling';
const PAGE = 200;
/** How often it is checked whether it is time, ms. */
const TICK_MS = 250;

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
      .catch((error: unknown) => logger.warn({ err: error }, 'scheduling could not be asked for its changes'))
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

/** Reads page after page until there is nothing new. */
async function catchUp(
  options: Pick<
    Parameters<typeof startChangesBackstop>[0],
    'database' | 'listChanges' | 'record' | 'onRecorded' | 'logger'
  >,
  isStopping: () => boolean,
): Promise<void> {
  for (let more = true; more && !isStopping();) {
    const after = await readCursor(options.database, SOURCE);
    const { changes, safeSequence } = await options.listChanges(after, PAGE);
    const news = await withTransaction(options.database, async (tx) => {
      let applied = 0;
      for (const change of changes) applied += (await applyChange(tx, change, options)) ? 1 : 0;
      await advanceCursor(tx, SOURCE, Math.max(after, safeSequence));
      return applied;
    });
    if (news > 0) {
      options.logger.info({ news }, 'the list of changes held news the broker had not brought');
      options.onRecorded();
    }
    more = changes.length > 0 && safeSequence > after;
  }
}

async function applyChange(
  tx: Tx,
  change: Change__Output,
  { record, logger }: { record: RecordOptions; logger: Logger },
): Promise<boolean> {
  const event = decodeQuietly(change.event);
  if (!event) {
    logger.error({ sequence: change.sequence }, 'a change in the list cannot be decoded and is passed over');
    return false;
  }
  if (!(await applyOnce(tx, CONSUMER, event.eventId))) return false;
  await recordChange(tx, toChange(event), record);
  return true;
}

function decodeQuietly(bytes: Uint8Array | string) {
  try {
    return decodeSchedulingEvent(Buffer.from(bytes as Uint8Array));
  } catch {
    return undefined;
  }
}
