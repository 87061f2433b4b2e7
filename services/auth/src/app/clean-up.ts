import type { Clock } from '@daybook/runtime/clock';
import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import type { Database } from '@daybook/runtime/postgres';
import { deleteSessionsEndedBefore } from '../db/sessions.ts';
import { deleteCountersUntouchedSince } from '../db/throttle-counters.ts';

const keptMs = 24 * 3_600_000;
const rowsAtATime = 500;
const everyMs = 10 * 60_000;

/**
 * Deletes sessions a day after their end (until then a reuse can still be told from an unknown token) and throttle
 * counters untouched for a day, in small steps so that no statement holds locks for long.
 */
export async function cleanUp(deps: {
  database: Database;
  clock: Clock;
}): Promise<{ sessions: number; counters: number }> {
  const before = new Date(deps.clock.now().getTime() - keptMs);
  return {
    sessions: await deleteAll((limit) => deleteSessionsEndedBefore(deps.database, before, limit)),
    counters: await deleteAll((limit) => deleteCountersUntouchedSince(deps.database, before, limit)),
  };
}

async function deleteAll(deleteSome: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteSome(rowsAtATime);
    total += deleted;
    if (deleted < rowsAtATime) return total;
  }
}

/** Cleans up every ten minutes, each replica at its own offset, until shutdown. */
export function startCleanUp(options: {
  database: Database;
  clock: Clock;
  logger: Logger;
  lifecycle: Lifecycle;
}): void {
  let running: Promise<void> = Promise.resolve();
  const clean = async () => {
    try {
      await cleanUp(options);
    } catch (error) {
      options.logger.warn({ err: error }, 'old rows could not be deleted; the next round tries again');
    }
  };
  let timer = setTimeout(function round() {
    running = clean();
    timer = setTimeout(round, everyMs);
  }, Math.random() * everyMs);
  options.lifecycle.onShutdown('work', 'clean-up', async () => {
    clearTimeout(timer);
    await running;
  });
}
