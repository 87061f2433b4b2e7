import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@daybook/runtime/config';
import { DomainError } from '@daybook/runtime/errors';
import { withTransaction, type Database } from '@daybook/runtime/postgres';
import { readSettings } from '../db/connection-settings-repository.ts';
import { storeWebhook, type ReceivedWebhook } from '../db/webhook-repository.ts';
import { webhookPlace, type Sealer } from './sealed-secrets.ts';

/** A webhook as it arrived. */
export type RawWebhook = { connectionId: string; body: Buffer; signature: string };

/** Largest body in bytes. */
const MAX_BYTES = 256 * 1024;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const signaturePattern = /^[0-9a-f]{64}$/i;
/** Longer than any uid or trigger; what is longer is not one. */
const MAX_TEXT = 100;

/** Takes part in the comparison for connections nobody has, so that they take as long as a wrong signature. */
const nobody = randomBytes(32).toString('hex');

/**
 * Verifies a webhook over its raw bytes against the secrets that are good now, and stores it. The same body again is
 * accepted without effect.
 * @throws DomainError WEBHOOK_REFUSED for an unknown connection and for a wrong signature alike; PAYLOAD_TOO_LARGE
 */
export async function receiveWebhook(
  deps: { database: Database; sealer: Sealer | undefined },
  webhook: RawWebhook,
): Promise<void> {
  const { body } = webhook;
  if (body.byteLength > MAX_BYTES) {
    throw new DomainError('invalid', 'PAYLOAD_TOO_LARGE', 'The body is larger than 256 kB.');
  }
  const secrets = await goodSecrets(deps, webhook.connectionId);
  if (!isSigned(body, webhook.signature, secrets)) {
    throw new DomainError('unauthenticated', 'WEBHOOK_REFUSED', 'The webhook was refused.');
  }
  const received = {
    id: randomUUID(),
    connectionId: webhook.connectionId.toLowerCase(),
    digest: createHash('sha256').update(body).digest(),
    ...readFacts(body),
  };
  await withTransaction(deps.database, (tx) => storeWebhook(tx, received));
}

async function goodSecrets(
  { database, sealer }: { database: Database; sealer: Sealer | undefined },
  connectionId: string,
): Promise<string[]> {
  const known = uuidPattern.test(connectionId) ? await readSettings(database, connectionId) : undefined;
  if (!known || !sealer) return [];
  const { secret, previousSecret, previousUntil } = known.webhook;
  const good = [secret, previousUntil !== undefined && known.readAt < previousUntil ? previousSecret : undefined];
  const place = webhookPlace(known.connection.id);
  const reveal = (sealed: Buffer): Secret => sealer.open(sealed, place);
  return good.flatMap((sealed) => (sealed ? [reveal(sealed).reveal()] : []));
}

/** Always compares two signatures, and both to their end, so that the time tells nothing of the secrets. */
function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const shown = signaturePattern.test(signature) ? Buffer.from(signature, 'hex') : randomBytes(32);
  const [first = nobody, second = nobody] = secrets;
  const [one, other] = [first, second].map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), shown),
  );
  return (one === true && first !== nobody) || (other === true && second !== nobody);
}

type Facts = Pick<ReceivedWebhook, 'trigger' | 'createdAtThere' | 'bookingUid' | 'ourAppointmentId'>;

/** The few facts that are kept. What cannot be read is nothing worse than a reason to look around. */
function readFacts(body: Buffer): Facts {
  const whole = recordOf(parse(body));
  const payload = recordOf(whole['payload']);
  const createdAt = Date.parse(textOf(whole['createdAt']));
  const uid = textOf(payload['uid']) || textOf(payload['bookingUid']) || textOf(whole['uid']);
  const ours = textOf(recordOf(payload['metadata'])['daybookId']);
  return {
    trigger: textOf(whole['triggerEvent']),
    createdAtThere: isStorable(createdAt) ? new Date(createdAt) : undefined,
    bookingUid: uid === '' ? undefined : uid,
    ourAppointmentId: uuidPattern.test(ours) ? ours.toLowerCase() : undefined,
  };
}

function isStorable(instant: number): boolean {
  return instant > Date.UTC(1970, 0) && instant < Date.UTC(2200, 0);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Text the database can hold: no NUL, no half characters, not too long. */
function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT || value.includes('\0')) return '';
  return value.isWellFormed() ? value : '';
}
