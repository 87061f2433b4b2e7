import { toTimestamp } from '@daybook/protos/instant';
import type { ApplyExternalChangeRequest } from '@daybook/protos/gen/daybook/scheduling/v1/ApplyExternalChangeRequest';
import { DomainError } from '@daybook/runtime/errors';
import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction, type Database, type Tx } from '@daybook/runtime/postgres';
import { toWanted } from '../consumers/mapping.ts';
import { notifyWorkers } from '../db/change-cursor-repository.ts';
import { removeLink } from '../db/inbound-repository.ts';
import { updateWanted } from '../db/link-repository.ts';
import type { LinkRow } from '../db/link-row.ts';
import { lockForRetry, makeDue } from '../db/work-repository.ts';
import { appointmentSyncChanged, CALCOM } from '../events/calendar-sync-events.ts';
import type { ApplyExternalChange } from '../inbound/scheduling-port.ts';
import type { Actor } from './sweeps.ts';

/** Who is right: the outside calendar, or we. */
export type Resolution = 'accept_theirs' | 'restore_ours';

/**
 * Decides a difference. Theirs: the appointment is moved to where the booking stands, or called off when none does. Ours:
 * the booking is made so again, by the next step. A line of a booking that was never taken in is only read and closed.
 * @throws DomainError APPOINTMENT_NOT_FOUND, NOTHING_DIFFERENT, and as scheduling refuses (SLOT_TAKEN, VERSION_CONFLICT,
 *   APPOINTMENT_NOT_CHANGEABLE)
 */
export function resolveDifference(deps: { database: Database; apply: ApplyExternalChange }) {
  return async (actor: Actor, appointmentId: string, resolution: Resolution): Promise<void> => {
    const row = await withTransaction(deps.database, (tx) => lockDifferent(tx, actor, appointmentId));
    if (row.link.wanted.version === 0) return closeLine(deps.database, row);
    if (resolution === 'restore_ours') return restoreOurs(deps.database, actor, row);
    const appointment = await deps.apply(requestOf(row));
    const wanted = toWanted(appointment, appointment.version);
    await withTransaction(deps.database, async (tx) => {
      const current = await lockDifferent(tx, actor, appointmentId).catch(() => undefined);
      if (!current || !wanted) return;
      const now = new Date();
      if (wanted.version > current.link.wanted.version) {
        await updateWanted(tx, keyOf(row), { wanted, changedAt: now, dueInMs: 0 });
      }
      await setDue(tx, current, wanted.version);
    });
  };
}

function keyOf({ connectionId, link }: LinkRow) {
  return { connectionId, appointmentId: link.appointmentId };
}

async function lockDifferent(tx: Tx, actor: Actor, appointmentId: string): Promise<LinkRow> {
  const [row] = await lockForRetry(tx, actor.organizationId, appointmentId);
  if (!row) throw new DomainError('absent', 'APPOINTMENT_NOT_FOUND', 'There is no such appointment.');
  if (row.state !== 'failed' && row.state !== 'different') {
    throw new DomainError('refused', 'NOTHING_DIFFERENT', 'Both sides say the same, or are being made to.');
  }
  return row;
}

/** The key names what is accepted, so that pressing twice changes nothing more. */
function requestOf(row: LinkRow): ApplyExternalChangeRequest {
  const { appointmentId, standing, wanted } = row.link;
  const base = { organizationId: row.organizationId, source: CALCOM };
  const prefix = `${row.connectionId}:accepted:${appointmentId}:${wanted.version}`;
  if (!standing) {
    return {
      ...base,
      changeKey: `${prefix}:absent`,
      cancelled: { appointmentId, reason: 'Does not stand in Cal.com.', expectedVersion: wanted.version },
    };
  }
  const { uid, start, minutes } = standing;
  return {
    ...base,
    changeKey: `${prefix}:${uid}`,
    moved: {
      appointmentId,
      start: toTimestamp(new Date(start)),
      durationMinutes: minutes,
      reason: 'As it stands in Cal.com.',
      expectedVersion: wanted.version,
    },
  };
}

async function restoreOurs(database: Database, actor: Actor, row: LinkRow): Promise<void> {
  await withTransaction(database, async (tx) => {
    const current = await lockDifferent(tx, actor, row.link.appointmentId);
    await setDue(tx, current, current.link.wanted.version);
  });
}

/** The next step finds both sides equal, or makes them so. */
async function setDue(tx: Tx, row: LinkRow, appointmentVersion: number): Promise<void> {
  const eventVersion = row.eventVersion + 1;
  const { organizationId, syncedAt, link } = row;
  await makeDue(tx, row, eventVersion);
  await appendToOutbox(tx, [
    appointmentSyncChanged(new Date(), {
      organizationId,
      appointmentId: link.appointmentId,
      appointmentVersion,
      state: 'waiting',
      standing: link.standing,
      newestUid: link.uids[0] ?? '',
      syncedAt,
      message: '',
      eventVersion,
    }),
  ]);
  await notifyWorkers(tx);
}

function closeLine(database: Database, row: LinkRow): Promise<void> {
  return withTransaction(database, (tx) => removeLink(tx, keyOf(row)));
}
