import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@daybook/runtime/config';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { z } from 'zod';
import { lockConnection } from '../db/connection-repository.ts';
import {
  readSettings,
  writeWebhook,
  writeWebhookPlace,
  type WebhookSettings,
} from '../db/connection-settings-repository.ts';
import type { Connection } from '../domain/connection.ts';
import { changeConnection } from '../engine/connection-health.ts';
import { garbage } from '../targets/calcom/errors.ts';
import type { CalcomClient } from '../targets/calcom/client.ts';
import { TargetError } from '../targets/target.ts';
import { webhookPlace, type Sealer } from './sealed-secrets.ts';

/** The triggers a booking's life sends; nothing is sent for schedules and event types. */
const TRIGGERS = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_RESCHEDULED',
  'BOOKING_CANCELLED',
  'BOOKING_REJECTED',
  'BOOKING_PAID',
  'BOOKING_NO_SHOW_UPDATED',
];
const HOUR_MS = 3_600_000;
/** How long a secret is used, and how long the one before it is still good, ms. */
const ROTATE_AFTER_MS = 30 * 24 * HOUR_MS;
const PREVIOUS_GOOD_MS = 24 * HOUR_MS;

const webhookSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  subscriberUrl: z.string(),
  triggers: z.array(z.string()).catch([]),
  active: z.boolean().catch(false),
  payloadTemplate: z.string().nullish().catch(undefined),
  secret: z.string().nullish().catch(undefined),
});
type TheirWebhook = z.output<typeof webhookSchema>;
const oneSchema = z.object({ data: webhookSchema });
const listSchema = z.object({ data: z.array(webhookSchema) });

/** What keeping a subscription needs. */
export type SubscriptionDeps = {
  database: Database;
  sealer: Sealer | undefined;
  publicUrl: string | undefined;
};

/** Where Cal.com is to send webhooks of a connection; undefined when it could not reach us there. */
export function webhookAddress(publicUrl: string | undefined, connection: Connection): string | undefined {
  if (!publicUrl) return undefined;
  const url = new URL(`/webhooks/calcom/${connection.id}`, publicUrl);
  // Cal.com itself takes public https addresses only; a self-hosted one also others.
  return url.protocol === 'https:' || connection.profile === 'self_hosted' ? url.href : undefined;
}

/**
 * Makes the webhook there as it should be: made, mended, its secret changed now and then, or removed when nobody can call
 * us. Records how changes made there reach us. A refusal leaves polling alone; anything else is thrown.
 * @throws TargetError unless Cal.com refuses; whatever the lease or the database throws
 */
export async function keepSubscription(
  deps: SubscriptionDeps,
  client: CalcomClient,
  connectionId: string,
): Promise<void> {
  const settings = await readSettings(deps.database, connectionId);
  if (!settings) return;
  const address = webhookAddress(deps.publicUrl, settings.connection);
  try {
    if (address && deps.sealer)
      await ensureWebhook({ ...deps, sealer: deps.sealer }, client, settings.connection, address);
    else await removeWebhook(deps, client, connectionId);
    await noteInbound(deps, connectionId, address && deps.sealer ? 'webhook' : 'polling');
  } catch (error) {
    if (!(error instanceof TargetError) || error.fault.kind !== 'refused') throw error;
    await noteInbound(deps, connectionId, 'webhook_failed');
  }
}

/** Removes the webhook there, if we know of one. @throws TargetError unless it is gone already */
export async function removeWebhook(
  deps: Pick<SubscriptionDeps, 'database'>,
  client: CalcomClient,
  connectionId: string,
): Promise<void> {
  const settings = await readSettings(deps.database, connectionId);
  if (!settings || settings.webhook.id === '') return;
  await deleteThere(client, settings.webhook.id);
  await writeWebhook(deps.database, connectionId, { ...noWebhook, checkedAt: settings.readAt });
}

const noWebhook: WebhookSettings = {
  id: '',
  url: '',
  secret: undefined,
  previousSecret: undefined,
  previousUntil: undefined,
  secretSince: undefined,
  checkedAt: undefined,
};

type EnsureDeps = SubscriptionDeps & { sealer: Sealer };

async function ensureWebhook(
  deps: EnsureDeps,
  client: CalcomClient,
  connection: Connection,
  address: string,
): Promise<void> {
  const { id: connectionId } = connection;
  const { secret, kept } = await presentSecret(deps, connectionId);
  const theirs = await findWebhook(client, kept.id, address);
  const there = theirs ? await mend(client, theirs, address, secret) : await make(client, address, secret);
  await writeWebhookPlace(deps.database, connectionId, { id: there, url: address });
}

/** The secret to be used now; a new one is kept before Cal.com learns it, so that no delivery is ever refused. */
async function presentSecret(
  deps: EnsureDeps,
  connectionId: string,
): Promise<{ secret: Secret; kept: WebhookSettings }> {
  return withTransaction(deps.database, async (tx) => {
    await lockConnection(tx, connectionId);
    const settings = await readSettings(tx, connectionId);
    if (!settings) throw new Error('the connection vanished');
    const { webhook, readAt: now } = settings;
    const place = webhookPlace(connectionId);
    const young = webhook.secretSince !== undefined && now - webhook.secretSince < ROTATE_AFTER_MS;
    if (webhook.secret && young) return { secret: deps.sealer.open(webhook.secret, place), kept: webhook };
    const secret = new Secret(randomBytes(32).toString('hex'));
    const kept: WebhookSettings = {
      ...webhook,
      secret: deps.sealer.seal(secret, place),
      previousSecret: webhook.secret,
      previousUntil: webhook.secret ? now + PREVIOUS_GOOD_MS : undefined,
      secretSince: now,
    };
    await writeWebhook(tx, connectionId, kept);
    return { secret, kept };
  });
}

async function findWebhook(client: CalcomClient, id: string, address: string): Promise<TheirWebhook | undefined> {
  const answer = await client.send({ method: 'GET', resource: 'webhooks', path: '/webhooks', query: { take: '250' } });
  const all = read(listSchema, answer).data;
  return all.find((webhook) => webhook.id === id) ?? all.find((webhook) => webhook.subscriberUrl === address);
}

async function make(client: CalcomClient, address: string, secret: Secret): Promise<string> {
  const body = { ...settingsFor(address, secret), version: '2021-10-20' };
  return read(oneSchema, await client.send({ method: 'POST', resource: 'webhooks', path: '/webhooks', body })).data.id;
}

async function mend(client: CalcomClient, theirs: TheirWebhook, address: string, secret: Secret): Promise<string> {
  if (isAsNeeded(theirs, address, secret)) return theirs.id;
  const path = `/webhooks/${encodeURIComponent(theirs.id)}`;
  await client.send({ method: 'PATCH', resource: 'webhooks', path, body: settingsFor(address, secret) });
  return theirs.id;
}

function settingsFor(address: string, secret: Secret) {
  return { active: true, subscriberUrl: address, triggers: TRIGGERS, secret: secret.reveal() };
}

function isAsNeeded(theirs: TheirWebhook, address: string, secret: Secret): boolean {
  const shown = Buffer.from(theirs.secret ?? '');
  const ours = Buffer.from(secret.reveal());
  return (
    theirs.active &&
    theirs.subscriberUrl === address &&
    TRIGGERS.every((trigger) => theirs.triggers.includes(trigger)) &&
    shown.length === ours.length &&
    timingSafeEqual(shown, ours)
  );
}

async function deleteThere(client: CalcomClient, id: string): Promise<void> {
  try {
    await client.send({ method: 'DELETE', resource: 'webhooks', path: `/webhooks/${encodeURIComponent(id)}` });
  } catch (error) {
    // Gone already, or never ours: either way there is nothing to remove. A 404 here reads as an unknown address.
    const kind = error instanceof TargetError ? error.fault.kind : undefined;
    if (kind !== 'refused' && kind !== 'garbage') throw error;
  }
}

async function noteInbound(
  { database }: Pick<SubscriptionDeps, 'database'>,
  connectionId: string,
  inbound: Connection['inbound'],
): Promise<void> {
  await withTransaction(database, async (tx) => {
    const before = await lockConnection(tx, connectionId);
    if (before) await changeConnection(tx, before, { inbound });
  });
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw garbage('an answer about webhooks that cannot be read');
}
