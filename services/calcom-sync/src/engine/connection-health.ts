import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction, type Database, type Tx } from '@daybook/runtime/postgres';
import { makeHoursDue } from '../db/availability-repository.ts';
import { countWork, lockConnection, updateConnection, type ConnectionChange } from '../db/connection-repository.ts';
import { makeTypesDue } from '../db/event-type-repository.ts';
import { forgetStanding, makeAllDue } from '../db/link-repository.ts';
import type { Connection, WorkCount } from '../domain/connection.ts';
import { connectionChanged } from '../events/calendar-sync-events.ts';
import type { TargetAccount } from '../targets/target.ts';

const noWork: WorkCount = { pending: 0, parked: 0, oldestPendingSeconds: 0 };

/** The work of one connection. */
export async function workOf(on: Database | Tx, connectionId: string): Promise<WorkCount> {
  return (await countWork(on)).get(connectionId) ?? noWork;
}

/** Records that the target answers and who we are there; waiting work is due at once. */
export async function markConnected(
  database: Database,
  connectionId: string,
  account: TargetAccount,
  now: number,
): Promise<void> {
  await withTransaction(database, async (tx) => {
    const before = await lockConnection(tx, connectionId);
    if (!before || isHeldStill(before)) return;
    if (before.accountId !== '' && before.accountId !== account.accountId) await forgetEverything(tx, connectionId);
    await changeConnection(tx, before, {
      state: 'connected',
      message: '',
      accountId: account.accountId,
      accountName: account.accountName,
      eventTypeId: account.eventTypeId,
      scheduleId: account.scheduleId,
      lastSuccessAt: new Date(now),
    });
  });
  await makeAllDue(database, connectionId);
  await makeHoursDue(database, connectionId, false);
  await makeTypesDue(database, connectionId, 'healed');
}

/** A person turned it off or paused it while a call was under way: what the call found changes nothing. */
function isHeldStill({ state }: Connection): boolean {
  return state === 'off' || state === 'paused';
}

/** Another account or server: what we recorded stands elsewhere. */
export async function forgetEverything(tx: Tx, connectionId: string): Promise<void> {
  await forgetStanding(tx, connectionId);
  await makeHoursDue(tx, connectionId, true);
  await makeTypesDue(tx, connectionId, 'forget');
}

/** Records that the target does not answer, or needs a person; says why in words. */
export async function markTroubled(
  database: Database,
  connectionId: string,
  state: 'unreachable' | 'needs_attention',
  message: string,
): Promise<void> {
  await withTransaction(database, async (tx) => {
    const before = await lockConnection(tx, connectionId);
    if (before && !isHeldStill(before)) await changeConnection(tx, before, { state, message });
  });
}

/** Turns a connection off; changes are still recorded. */
export async function markOff(database: Database, connectionId: string): Promise<void> {
  await withTransaction(database, async (tx) => {
    const before = await lockConnection(tx, connectionId);
    if (before) await changeConnection(tx, before, { state: 'off', message: '' });
  });
}

/** Gives a connection its address and key; another address makes everything due anew, another key a probe. */
export async function configureConnection(
  database: Database,
  connectionId: string,
  to: { baseUrl: string; keyFingerprint: string },
): Promise<void> {
  await withTransaction(database, async (tx) => {
    const before = await lockConnection(tx, connectionId);
    if (!before) return;
    const moved = before.baseUrl !== '' && before.baseUrl !== to.baseUrl;
    const newKey = before.keyFingerprint !== to.keyFingerprint;
    if (moved) await forgetEverything(tx, connectionId);
    if (!moved && !newKey && before.state !== 'off') return;
    const message = 'Cal.com was not asked yet.';
    // Named one by one: what else the caller's object holds must not stand in the event.
    const { baseUrl, keyFingerprint } = to;
    await changeConnection(tx, before, { baseUrl, keyFingerprint, state: 'unreachable', message });
  });
}

/**
 * Writes a change of a locked connection, and tells the world when people would see it. `before` is what was locked.
 */
export async function changeConnection(tx: Tx, before: Connection, change: ConnectionChange): Promise<void> {
  const isNews =
    (change.state !== undefined && change.state !== before.state) ||
    (change.message !== undefined && change.message !== before.message) ||
    (change.accountName !== undefined && change.accountName !== before.accountName) ||
    (change.inbound !== undefined && change.inbound !== before.inbound);
  const eventVersion = isNews ? before.eventVersion + 1 : before.eventVersion;
  await updateConnection(tx, before.id, { ...change, eventVersion });
  if (!isNews) return;
  const { lastSuccessAt, ...rest } = change;
  const after: Connection = {
    ...before,
    ...rest,
    lastSuccessAt: lastSuccessAt?.getTime() ?? before.lastSuccessAt,
    eventVersion,
  };
  await appendToOutbox(tx, [connectionChanged(new Date(), after, await workOf(tx, before.id))]);
}
