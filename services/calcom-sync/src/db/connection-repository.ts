import { query, type Database, type Tx } from '@daybook/runtime/postgres';
import type { Connection, ConnectionState, WorkCount } from '../domain/connection.ts';
import type { BudgetSnapshot } from '../targets/target.ts';

/** A row of connections, as far as every reader needs it. */
export type StoredConnection = {
  id: string;
  organization_id: string;
  target: string;
  state: ConnectionState;
  base_url: string;
  account_id: string;
  account_name: string;
  message: string;
  last_success_at: Date | null;
  event_version: number;
  profile: Connection['profile'];
  attendee_addresses: Connection['attendeeAddresses'];
  placeholder_domain: string;
  from_environment: boolean;
  inbound: Connection['inbound'];
  last_poll_at: Date | null;
};

/** The connection of an organisation, made in state off if there is none. */
export async function ensureConnection(tx: Tx, id: string, organizationId: string, target: string): Promise<string> {
  const [made] = await query<{ id: string }>(tx, {
    text: `INSERT INTO connections (id, organization_id, target, state) VALUES ($1, $2, $3, 'off')
           ON CONFLICT (organization_id, target) DO NOTHING RETURNING id`,
    values: [id, organizationId, target],
  });
  if (made) return made.id;
  const [known] = await query<{ id: string }>(tx, {
    text: 'SELECT id FROM connections WHERE organization_id = $1 AND target = $2',
    values: [organizationId, target],
  });
  if (!known) throw new Error('a connection vanished while it was read');
  return known.id;
}

/** Gives the environment's calendar to an organisation, unless one has it already. */
export async function claimEnvironment(tx: Tx, organizationId: string, target: string): Promise<void> {
  await query(tx, {
    text: `UPDATE connections SET from_environment = true
           WHERE organization_id = $1 AND target = $2
             AND NOT EXISTS (SELECT 1 FROM connections WHERE target = $2 AND from_environment)`,
    values: [organizationId, target],
  });
}

/** The connection the environment names, if an organisation has it. */
export async function findEnvironmentConnection(on: Database | Tx, target: string): Promise<Connection | undefined> {
  const [row] = await query<StoredConnection>(on, {
    text: 'SELECT * FROM connections WHERE target = $1 AND from_environment',
    values: [target],
  });
  return row && toConnection(row);
}

/** The environment names no calendar any more: the organisation that had it may set one up in the app. */
export async function releaseEnvironment(tx: Tx, id: string): Promise<void> {
  await query(tx, { text: 'UPDATE connections SET from_environment = false WHERE id = $1', values: [id] });
}

/** The organisation seen first, if any. */
export async function findFirstOrganization(on: Database | Tx): Promise<string | undefined> {
  const [row] = await query<{ organization_id: string }>(on, {
    text: 'SELECT organization_id FROM connections ORDER BY created_at, id LIMIT 1',
  });
  return row?.organization_id;
}

/** One connection, locked until the transaction ends. */
export async function lockConnection(
  tx: Tx,
  id: string,
): Promise<(Connection & { keyFingerprint: string }) | undefined> {
  const [row] = await query<StoredConnection & { key_fingerprint: string }>(tx, {
    text: 'SELECT * FROM connections WHERE id = $1 FOR NO KEY UPDATE',
    values: [id],
  });
  return row && { ...toConnection(row), keyFingerprint: row.key_fingerprint };
}

/** The connections of an organisation. */
export async function listConnections(db: Database, organizationId: string): Promise<Connection[]> {
  const rows = await query<StoredConnection>(db, {
    text: 'SELECT * FROM connections WHERE organization_id = $1 ORDER BY created_at',
    values: [organizationId],
  });
  return rows.map(toConnection);
}

/** What a connection may change to; undefined leaves a value. */
export type ConnectionChange = {
  state?: ConnectionState;
  message?: string;
  baseUrl?: string;
  keyFingerprint?: string;
  accountId?: string;
  accountName?: string;
  eventTypeId?: string;
  scheduleId?: string;
  lastSuccessAt?: Date;
  eventVersion?: number;
  profile?: Connection['profile'];
  attendeeAddresses?: Connection['attendeeAddresses'];
  placeholderDomain?: string;
  inbound?: Connection['inbound'];
};

/** Writes what changed. */
export async function updateConnection(tx: Tx, id: string, change: ConnectionChange): Promise<void> {
  await query(tx, {
    text: `UPDATE connections SET state = coalesce($2, state), message = coalesce($3, message),
             base_url = coalesce($4, base_url), key_fingerprint = coalesce($5, key_fingerprint),
             account_id = coalesce($6, account_id), account_name = coalesce($7, account_name),
             event_type_id = coalesce($8, event_type_id), schedule_id = coalesce($9, schedule_id),
             last_success_at = coalesce($10, last_success_at), event_version = coalesce($11, event_version),
             profile = coalesce($12, profile), attendee_addresses = coalesce($13, attendee_addresses),
             placeholder_domain = coalesce($14, placeholder_domain), inbound = coalesce($15, inbound)
           WHERE id = $1`,
    values: [
      id,
      change.state ?? null,
      change.message ?? null,
      change.baseUrl ?? null,
      change.keyFingerprint ?? null,
      change.accountId ?? null,
      change.accountName ?? null,
      change.eventTypeId ?? null,
      change.scheduleId ?? null,
      change.lastSuccessAt ?? null,
      change.eventVersion ?? null,
      change.profile ?? null,
      change.attendeeAddresses ?? null,
      change.placeholderDomain ?? null,
      change.inbound ?? null,
    ],
  });
}

/** Asks whoever holds the lease of a troubled connection to try the target at once. */
export async function requestProbe(tx: Tx, organizationId: string): Promise<void> {
  await query(tx, {
    text: `UPDATE connections SET probe_requested = true
           WHERE organization_id = $1 AND state IN ('unreachable', 'needs_attention')`,
    values: [organizationId],
  });
}

/** Whether somebody asked for a probe since the last time this was asked. */
export async function takeProbeRequest(db: Database, id: string): Promise<boolean> {
  const rows = await query(db, {
    name: 'take-probe-request',
    text: 'UPDATE connections SET probe_requested = false WHERE id = $1 AND probe_requested RETURNING 1',
    values: [id],
  });
  return rows.length > 0;
}

/** What a new owner of the lease takes over. */
export type Lease = { token: number; calls: BudgetSnapshot | undefined };

/** Takes the lease if nobody holds it; a new owner gets a new token, which fences off the results of the old one. */
export async function acquireLease(
  db: Database,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<Lease | undefined> {
  const [row] = await query<{ lease_token: number; remaining: number | null; reset_ms: number | null }>(db, {
    name: 'acquire-lease',
    text: `UPDATE connections SET lease_owner = $2, lease_token = lease_token + 1,
             lease_until = now() + $3 * interval '1 millisecond'
           WHERE id = $1 AND state NOT IN ('off', 'paused') AND (lease_until IS NULL OR lease_until <= now())
           RETURNING lease_token, calls_remaining AS remaining,
             (extract(epoch FROM calls_reset_at - now()) * 1000)::float8 AS reset_ms`,
    values: [id, owner, leaseMs],
  });
  if (!row) return undefined;
  const { lease_token: token, remaining, reset_ms: resetInMs } = row;
  return { token, calls: remaining === null || resetInMs === null ? undefined : { remaining, resetInMs } };
}

/** What the owner of a lease leaves in the row as it goes; `lastSuccessAt` is epoch milliseconds. */
export type LeaseReport = BudgetSnapshot & { lastSuccessAt: number | undefined };

/** Prolongs the lease and leaves the rate budget for a successor; false when it was lost. */
export async function renewLease(
  db: Database,
  id: string,
  fence: { owner: string; token: number },
  leaseMs: number,
  report: LeaseReport,
): Promise<boolean> {
  const rows = await query(db, {
    name: 'renew-lease',
    text: `UPDATE connections SET lease_until = now() + $4 * interval '1 millisecond', calls_remaining = $5,
             calls_reset_at = now() + $6 * interval '1 millisecond', last_success_at = greatest(last_success_at, $7)
           WHERE id = $1 AND lease_owner = $2 AND lease_token = $3 AND lease_until > now() RETURNING 1`,
    values: [id, fence.owner, fence.token, leaseMs, report.remaining, report.resetInMs, lastSuccess(report)],
  });
  return rows.length > 0;
}

/** Gives the lease back, so that another replica goes on at once. */
export async function releaseLease(
  db: Database,
  id: string,
  fence: { owner: string; token: number },
  report: LeaseReport,
): Promise<void> {
  await query(db, {
    text: `UPDATE connections SET lease_until = now(), calls_remaining = $4,
             calls_reset_at = now() + $5 * interval '1 millisecond', last_success_at = greatest(last_success_at, $6)
           WHERE id = $1 AND lease_owner = $2 AND lease_token = $3`,
    values: [id, fence.owner, fence.token, report.remaining, report.resetInMs, lastSuccess(report)],
  });
}

function lastSuccess({ lastSuccessAt }: LeaseReport): Date | null {
  return lastSuccessAt === undefined ? null : new Date(lastSuccessAt);
}

/** How much waits and how much is parked, per connection that is not off. */
export async function countWork(db: Database | Tx): Promise<Map<string, WorkCount & { target: string }>> {
  const rows = await query<{ id: string; target: string; pending: number; parked: number; oldest: number | null }>(db, {
    name: 'count-work',
    text: `SELECT c.id, c.target, count(*) FILTER (WHERE l.state = 'waiting') AS pending,
             count(*) FILTER (WHERE l.state IN ('failed', 'different')) AS parked,
             (extract(epoch FROM now() - min(l.changed_at) FILTER (WHERE l.state = 'waiting')))::float8 AS oldest
           FROM connections c LEFT JOIN calendar_links l ON l.connection_id = c.id AND l.state <> 'in_step'
           WHERE c.state <> 'off' GROUP BY c.id`,
  });
  return new Map(
    rows.map(({ id, target, pending, parked, oldest }) => [
      id,
      { target, pending: Number(pending), parked: Number(parked), oldestPendingSeconds: Math.max(0, oldest ?? 0) },
    ]),
  );
}

/** How many connections are in which state. States nobody is in are named too, so that an alert sees them end. */
export async function countConnections(
  db: Database,
): Promise<{ target: string; state: ConnectionState; count: number }[]> {
  return query(db, {
    name: 'count-connections',
    text: `SELECT targets.target, states.state, count(c.id) AS count
           FROM (SELECT DISTINCT target FROM connections) AS targets
           CROSS JOIN unnest(ARRAY['off', 'connected', 'unreachable', 'needs_attention', 'paused']) AS states (state)
           LEFT JOIN connections c ON c.target = targets.target AND c.state = states.state
           GROUP BY targets.target, states.state`,
  });
}

/** A row as the domain knows it. */
export function toConnection(row: StoredConnection): Connection {
  return {
    id: row.id,
    organizationId: row.organization_id,
    target: row.target,
    state: row.state,
    baseUrl: row.base_url,
    accountId: row.account_id,
    accountName: row.account_name,
    message: row.message,
    lastSuccessAt: row.last_success_at?.getTime(),
    eventVersion: row.event_version,
    profile: row.profile,
    attendeeAddresses: row.attendee_addresses,
    placeholderDomain: row.placeholder_domain,
    managedByOperator: row.from_environment,
    inbound: row.inbound,
    lastPollAt: row.last_poll_at?.getTime(),
  };
}
