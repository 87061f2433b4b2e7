import { randomUUID } from 'node:crypto';
import type { Tx } from '@daybook/runtime/postgres';
import { recordHours } from '../db/availability-repository.ts';
import { recordType } from '../db/event-type-repository.ts';
import { notifyWorkers } from '../db/change-cursor-repository.ts';
import { ensureConnection } from '../db/connection-repository.ts';
import { forgetCustomerOf } from '../db/erasure-repository.ts';
import { insertLink, lockLink, updateWanted } from '../db/link-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { isSettled, type Wanted } from '../domain/calendar-link.ts';
import type { TypeOffer } from '../domain/type-offer.ts';
import type { ProviderHours } from '../domain/weekly-hours.ts';
import { CALCOM } from '../events/calendar-sync-events.ts';

/** The first provider's schedule at the target; a second provider's carries the beginning of its id as well. */
export const SCHEDULE_NAME = 'Daybook hours';

/** What a scheduling event means for a calendar. */
export type Change =
  | {
      kind: 'appointment';
      organizationId: string;
      providerId: string;
      appointmentId: string;
      wanted: Wanted;
      at: Date;
      /** Its type as the event holds it: types made before they were mirrored tell no event of their own. */
      type?: { version: number; offer: TypeOffer };
    }
  | { kind: 'hours'; organizationId: string; providerId: string; hours: ProviderHours; at: Date }
  | { kind: 'type'; organizationId: string; appointmentTypeId: string; version: number; offer: TypeOffer; at: Date }
  | { kind: 'erased'; organizationId: string; appointmentIds: readonly string[] }
  | { kind: 'nothing' };

/** What recording needs to know. */
export type RecordOptions = {
  /** Milliseconds that moves and cancels wait for a change of mind. */
  coalesceMs: number;
};

/** Records a change as desired state if it is newer than what is known, and wakes the workers. No network. */
export async function recordChange(tx: Tx, change: Change, options: RecordOptions): Promise<void> {
  if (change.kind === 'nothing') return;
  const { organizationId } = change;
  if (change.kind === 'erased') return forgetCustomerOf(tx, organizationId, change.appointmentIds);
  const connectionId = await ensureConnection(tx, randomUUID(), organizationId, CALCOM);
  if (change.kind === 'hours') {
    const { providerId, hours, at } = change;
    await recordHours(tx, {
      connectionId,
      providerId,
      organizationId,
      hours,
      changedAt: at,
      baseName: SCHEDULE_NAME,
    });
  } else if (change.kind === 'type') {
    const { appointmentTypeId, version, offer, at } = change;
    await recordType(tx, { connectionId, appointmentTypeId, organizationId, version, offer, changedAt: at });
  } else {
    await recordWish(tx, connectionId, change, options);
    const { type, wanted, at: changedAt } = change;
    const appointmentTypeId = wanted.appointmentTypeId ?? '';
    if (type && appointmentTypeId !== '') {
      await recordType(tx, { connectionId, appointmentTypeId, organizationId, ...type, changedAt });
    }
  }
  await notifyWorkers(tx);
}

async function recordWish(
  tx: Tx,
  connectionId: string,
  change: Extract<Change, { kind: 'appointment' }>,
  options: RecordOptions,
): Promise<void> {
  const { appointmentId, organizationId, providerId, wanted, at } = change;
  const key = { connectionId, appointmentId };
  if (await insertLink(tx, { ...key, organizationId, providerId, wanted, changedAt: at })) return;
  const row = await lockLink(tx, key);
  if (!row || row.link.wanted.version >= wanted.version) return;
  await updateWanted(tx, key, {
    wanted,
    changedAt: row.state === 'waiting' ? new Date(Math.min(row.changedAt, at.getTime())) : at,
    dueInMs: Math.max(0, dueAt(row, wanted, at.getTime(), options) - row.readAt),
  });
}

/**
 * When a changed row is due, epoch milliseconds. Creations and changes that need no call are due at once; moves and
 * cancels wait a moment from their own commit, so that an undo is no call at all. A second change does not begin the
 * wait anew. Counted by the database's clock; what scheduling's says of the commit is believed within the wait only.
 */
export function dueAt(
  row: Pick<LinkRow, 'link' | 'readAt' | 'state' | 'nextAttemptAt' | 'faults' | 'attempts'>,
  wanted: Wanted,
  changedAt: number,
  { coalesceMs }: RecordOptions,
): number {
  const { link, readAt: present } = row;
  const nothingToTell = !link.attempted && isSettled({ wanted, standing: link.standing });
  const isCreation = !link.standing && !link.attempted;
  if (nothingToTell || isCreation) return present;
  const waits = Math.min(Math.max(present, changedAt + coalesceMs), present + coalesceMs);
  const begun = row.state === 'waiting' && row.faults === 0 && row.attempts === 0 ? row.nextAttemptAt : undefined;
  return begun === undefined ? waits : Math.min(begun, waits);
}
