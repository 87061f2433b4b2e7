import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { Connection, Ending } from '../domain/connection.ts';
import { toConnection, type StoredConnection } from './connection-repository.ts';

/** The channel that tells every replica that a connection's settings changed. */
export const CONNECTIONS_CHANNEL = 'calcom_sync_connections';

/** A connection with what only its own workers and the settings of it need. Instants are epoch milliseconds. */
export type ConnectionSettings = {
  connection: Connection;
  /** The database's clock as it was read: what the instants below are compared with, never with our own. */
  readAt: number;
  /** Rises with each change that a worker must follow. */
  settingsVersion: number;
  sealedKey: Buffer | undefined;
  ending: Ending | undefined;
  leaseOwner: string;
  webhook: WebhookSettings;
};

/** What is known of the webhook that Cal.com keeps for us; the secrets are sealed. */
export type WebhookSettings = {
  /** Its id there; empty: none. */
  id: string;
  url: string;
  secret: Buffer | undefined;
  previousSecret: Buffer | undefined;
  previousUntil: number | undefined;
  secretSince: number | undefined;
  checkedAt: number | undefined;
};

type StoredSettings = StoredConnection & {
  read_at: Date;
  settings_version: number;
  sealed_key: Buffer | null;
  ending: Ending | null;
  lease_owner: string | null;
  lease_until: Date | null;
  webhook_id: string;
  webhook_url: string;
  sealed_webhook_secret: Buffer | null;
  sealed_previous_secret: Buffer | null;
  previous_secret_until: Date | null;
  webhook_secret_since: Date | null;
  webhook_checked_at: Date | null;
};

const columns = 'connections.*, now() AS read_at';

/** Every connection that is to be worked for: not off, not paused. */
export async function listWorked(db: Database): Promise<ConnectionSettings[]> {
  const rows = await query<StoredSettings>(db, {
    name: 'list-worked-connections',
    text: `SELECT ${columns} FROM connections WHERE state NOT IN ('off', 'paused') ORDER BY id`,
  });
  return rows.map(toSettings);
}

/** One connection of an organisation. */
export async function findSettings(
  on: Database | Tx,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionSettings | undefined> {
  const [row] = await query<StoredSettings>(on, {
    text: `SELECT ${columns} FROM connections WHERE id = $1 AND organization_id = $2`,
    values: [connectionId, organizationId],
  });
  return row && toSettings(row);
}

/** The connection of an organisation to a target. */
export async function findByTarget(
  on: Database | Tx,
  organizationId: string,
  target: string,
): Promise<ConnectionSettings | undefined> {
  const [row] = await query<StoredSettings>(on, {
    text: `SELECT ${columns} FROM connections WHERE target = $1 AND organization_id = $2`,
    values: [target, organizationId],
  });
  return row && toSettings(row);
}

/** One connection, by its id alone: for its workers and for webhooks. */
export async function readSettings(on: Database | Tx, connectionId: string): Promise<ConnectionSettings | undefined> {
  const [row] = await query<StoredSettings>(on, {
    name: 'read-connection-settings',
    text: `SELECT ${columns} FROM connections WHERE id = $1`,
    values: [connectionId],
  });
  return row && toSettings(row);
}

/** Replaces the sealed key. */
export async function writeKey(tx: Tx, connectionId: string, sealed: Buffer | undefined): Promise<void> {
  await query(tx, {
    text: 'UPDATE connections SET sealed_key = $2 WHERE id = $1',
    values: [connectionId, sealed ?? null],
  });
}

/**
 * The account's name and id are not known: another account, or none. Who holds the lease loses it, so that a result which
 * is still under way from the old account is not recorded for the new one.
 */
export async function forgetAccount(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE connections SET account_id = '', account_name = '', event_type_id = '', schedule_id = '',
             last_success_at = NULL, last_poll_at = NULL, calls_remaining = NULL, calls_reset_at = NULL,
             lease_token = lease_token + 1, lease_until = now()
           WHERE id = $1`,
    values: [connectionId],
  });
}

/** Begins to work for it now: what stands on both sides is compared whole before anything is pushed. */
export async function writeStarted(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: 'UPDATE connections SET started_at = now(), inbound_watermark = NULL, ending = NULL WHERE id = $1',
    values: [connectionId],
  });
}

/** Keeps what is to be taken away before it is off; undefined: nothing any more. */
export async function writeEnding(tx: Tx, connectionId: string, ending: Ending | undefined): Promise<void> {
  await query(tx, {
    text: 'UPDATE connections SET ending = $2 WHERE id = $1',
    values: [connectionId, ending ? JSON.stringify(ending) : null],
  });
}

/** Forgets key and webhook of a connection that is over. */
export async function forgetSecrets(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE connections SET sealed_key = NULL, key_fingerprint = '', ending = NULL, webhook_id = '', webhook_url = '',
             sealed_webhook_secret = NULL, sealed_previous_secret = NULL, previous_secret_until = NULL,
             webhook_secret_since = NULL, webhook_checked_at = NULL
           WHERE id = $1`,
    values: [connectionId],
  });
}

/** Tells every replica, when the transaction commits, that workers of the connection must begin anew. */
export async function tellWorkers(tx: Tx, connectionId: string): Promise<void> {
  await query(tx, {
    text: 'UPDATE connections SET settings_version = settings_version + 1, probe_requested = false WHERE id = $1',
    values: [connectionId],
  });
  await query(tx, { text: 'SELECT pg_notify($1, $2)', values: [CONNECTIONS_CHANNEL, connectionId] });
}

/** Keeps what is known of the webhook. */
export async function writeWebhook(on: Database | Tx, connectionId: string, webhook: WebhookSettings): Promise<void> {
  const at = (milliseconds: number | undefined): Date | null =>
    milliseconds === undefined ? null : new Date(milliseconds);
  await query(on, {
    text: `UPDATE connections SET webhook_id = $2, webhook_url = $3, sealed_webhook_secret = $4,
             sealed_previous_secret = $5, previous_secret_until = $6, webhook_secret_since = $7, webhook_checked_at = $8
           WHERE id = $1`,
    values: [
      connectionId,
      webhook.id,
      webhook.url,
      webhook.secret ?? null,
      webhook.previousSecret ?? null,
      at(webhook.previousUntil),
      at(webhook.secretSince),
      at(webhook.checkedAt),
    ],
  });
}

/** Keeps where the webhook stands there, unless its secret was forgotten meanwhile because the connection ended. */
export async function writeWebhookPlace(db: Database, connectionId: string, place: { id: string; url: string }) {
  await query(db, {
    text: `UPDATE connections SET webhook_id = $2, webhook_url = $3
           WHERE id = $1 AND sealed_webhook_secret IS NOT NULL`,
    values: [connectionId, place.id, place.url],
  });
}

/** The webhook was looked after just now, with success or not. */
export async function noteWebhookChecked(db: Database, connectionId: string): Promise<void> {
  await query(db, { text: 'UPDATE connections SET webhook_checked_at = now() WHERE id = $1', values: [connectionId] });
}

/** Everything sealed, for sealing it anew when the key of the environment was changed. */
export async function listSealed(db: Database): Promise<ConnectionSettings[]> {
  const rows = await query<StoredSettings>(db, {
    text: `SELECT ${columns} FROM connections
           WHERE num_nonnulls(sealed_key, sealed_webhook_secret, sealed_previous_secret) > 0 ORDER BY id`,
  });
  return rows.map(toSettings);
}

function toSettings(row: StoredSettings): ConnectionSettings {
  return {
    connection: toConnection(row),
    readAt: row.read_at.getTime(),
    settingsVersion: row.settings_version,
    sealedKey: row.sealed_key ?? undefined,
    ending: row.ending ?? undefined,
    leaseOwner: row.lease_until !== null && row.lease_until > row.read_at ? (row.lease_owner ?? '') : '',
    webhook: {
      id: row.webhook_id,
      url: row.webhook_url,
      secret: row.sealed_webhook_secret ?? undefined,
      previousSecret: row.sealed_previous_secret ?? undefined,
      previousUntil: row.previous_secret_until?.getTime(),
      secretSince: row.webhook_secret_since?.getTime(),
      checkedAt: row.webhook_checked_at?.getTime(),
    },
  };
}
