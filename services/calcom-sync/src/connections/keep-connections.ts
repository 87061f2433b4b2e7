import { withTransaction } from '@daybook/runtime/postgres';
import { lockConnection } from '../db/connection-repository.ts';
import {
  listSealed,
  noteWebhookChecked,
  readSettings,
  writeKey,
  writeWebhook,
} from '../db/connection-settings-repository.ts';
import { removeOldLatencies } from '../db/latency-repository.ts';
import { removeOldWebhooks } from '../db/webhook-repository.ts';
import { LeaseLostError } from '../engine/lease.ts';
import { TargetError } from '../targets/target.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { RunningWorker } from './running-worker.ts';
import { keyPlace, UnsealableError, webhookPlace, type Sealer } from './sealed-secrets.ts';
import { keepSubscription } from './webhook-subscription.ts';

/** How often webhooks are looked after, and how often one is verified there, ms. */
const LOOK_MS = 2000;
const VERIFY_MS = 10 * 60_000;
/** How often old rows are removed and secrets sealed anew, ms. */
const TIDY_MS = 10 * 60_000;

/**
 * Looks after what a connection needs beside its work: the webhook there (made, verified every ten minutes, mended), old
 * rows, and secrets still sealed under an older key. Only whoever holds the lease of a connection calls its Cal.com.
 */
export function keepConnections(
  context: ConnectionContext,
  running: ReadonlyMap<string, RunningWorker>,
): { stop(): Promise<void> } {
  const { database, logger, sealer } = context;
  let tidiedAt = -Infinity;
  let busy: Promise<void> | undefined;

  async function look(): Promise<void> {
    for (const [id, worker] of running) await lookAfterWebhook(context, id, worker);
    if (performance.now() - tidiedAt < TIDY_MS) return;
    tidiedAt = performance.now();
    await removeOldLatencies(database);
    await removeOldWebhooks(database);
    if (sealer) await sealAnew(context, sealer);
  }

  const timer = setInterval(() => {
    busy ??= look()
      .catch((error: unknown) => logger.warn({ err: error }, 'looking after connections failed for now'))
      .finally(() => {
        busy = undefined;
      });
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await busy;
    },
  };
}

async function lookAfterWebhook(context: ConnectionContext, id: string, worker: RunningWorker): Promise<void> {
  const { database, sealer, publicUrl, logger } = context;
  const client = worker.opened()?.client;
  if (!client || worker.ending) return;
  const settings = await readSettings(database, id);
  if (settings?.connection.state !== 'connected' || settings.leaseOwner !== worker.owner) return;
  const { checkedAt } = settings.webhook;
  if (checkedAt !== undefined && settings.readAt - checkedAt < VERIFY_MS) return;
  try {
    await keepSubscription({ database, sealer, publicUrl }, client, id);
  } catch (error) {
    // The worker finds out for itself what is wrong; here it is only too early.
    if (!(error instanceof TargetError) && !(error instanceof LeaseLostError)) throw error;
    logger.info({ connectionId: id }, 'the webhook could not be looked after yet');
  } finally {
    await noteWebhookChecked(database, id);
  }
}

/** Seals under the newest key what still rests under an older one, so that the operator can drop that. */
async function sealAnew({ database, logger }: ConnectionContext, sealer: Sealer): Promise<void> {
  for (const { connection } of await listSealed(database)) {
    await withTransaction(database, async (tx) => {
      await lockConnection(tx, connection.id);
      const settings = await readSettings(tx, connection.id);
      if (!settings) return;
      const again = (sealed: Buffer | undefined, place: string): Buffer | undefined =>
        sealed && !sealer.isCurrent(sealed) ? sealer.seal(sealer.open(sealed, place), place) : sealed;
      const { webhook } = settings;
      const place = webhookPlace(connection.id);
      const key = again(settings.sealedKey, keyPlace(connection.id));
      const secret = again(webhook.secret, place);
      const previousSecret = again(webhook.previousSecret, place);
      if (key !== settings.sealedKey) await writeKey(tx, connection.id, key);
      if (secret !== webhook.secret || previousSecret !== webhook.previousSecret) {
        await writeWebhook(tx, connection.id, { ...webhook, secret, previousSecret });
      }
    }).catch((error: unknown) => {
      if (!(error instanceof UnsealableError)) throw error;
      logger.warn({ connectionId: connection.id }, 'a stored secret cannot be opened with the keys at hand');
    });
  }
}
