import type { Lifecycle } from '@daybook/runtime/lifecycle';
import type { Logger } from '@daybook/runtime/logger';
import { deleteFromStream, type NatsHandle, type StreamSpec } from '@daybook/runtime/nats';
import type { Database } from '@daybook/runtime/postgres';
import { forgetStreamErasure, listDueStreamErasures } from '../db/erasure-repository.ts';

/** How often it is looked, ms. */
const LOOK_MS = 2_000;
/** So long (ms) a copy stays after the erasure, so that readers hear of a change of a moment before by the stream as always. */
const GRACE_MS = 3_000;

/**
 * Deletes copies in the stream that tell of erased customers. A reader that had not come to one yet learns of the change by
 * the list of changes, where nobody is named any more. Several replicas may do it at once: a copy that is gone is gone.
 */
export function startStreamEraser(options: {
  database: Database;
  nats: NatsHandle;
  stream: StreamSpec;
  logger: Logger;
  lifecycle: Lifecycle;
}): void {
  const { logger, lifecycle } = options;
  let running: Promise<void> | undefined;
  let failures = 0;
  const timer = setInterval(() => {
    running ??= eraseDue(options)
      .then(() => (failures = 0))
      .catch((error: unknown) => {
        // Said once, since it is tried again every two seconds.
        if (failures === 0) logger.warn({ err: error }, 'copies in the stream could not be deleted yet');
        failures += 1;
      })
      .then(() => (running = undefined));
  }, LOOK_MS);
  timer.unref();
  lifecycle.onShutdown('work', 'stream eraser', async () => {
    clearInterval(timer);
    await running;
  });
}

async function eraseDue({ database, nats, stream }: Parameters<typeof startStreamEraser>[0]): Promise<void> {
  if (!nats.connected) return;
  for (const { outboxSeq, copy } of await listDueStreamErasures(database, GRACE_MS)) {
    // A stream that was made anew holds no copy yet; the relay publishes the event again, and then it is looked for anew.
    const gone = copy === undefined || (await deleteFromStream(await nats.connection(), stream, copy));
    if (gone) await forgetStreamErasure(database, outboxSeq);
  }
}
