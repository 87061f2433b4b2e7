import { type DomainError } from '@daybook/runtime/errors';
import { withTransaction } from '@daybook/runtime/postgres';
import { findConflict, listBusy, removeExpiredHolds } from '../db/reservation-repository.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import { type AvailabilityRules, expandWindows } from '../domain/availability.ts';
import { type Conflict, slotTaken } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import { type Actor, isCustomerOnly } from '../domain/policy.ts';
import { listStarts, nearestStarts } from '../domain/slots.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { lockProvider } from '../db/locks.ts';
import type { Dependencies } from './dependencies.ts';

/** A wish for time that the database refused. Instants in epoch milliseconds. */
export type RefusedTime = {
  readonly providerId: string;
  readonly availability: AvailabilityRules;
  readonly type: AppointmentType;
  readonly during: Interval;
  readonly occupies: Interval;
  readonly override: boolean;
  /** The appointment or block that was to move; empty for a new one. */
  readonly ownId: string;
};

/** Looked through in turn until three free starts are found, in days around the wish. */
const searchRadii = [3, 14, 62];

/**
 * Removes holds that have run out from a refused stretch, under the provider's lock.
 * @returns whether any went, so that another attempt makes sense
 */
export async function clearExpiredHolds(deps: Dependencies, providerId: string, stretch: Interval): Promise<boolean> {
  return withTransaction(deps.database, async (tx) => {
    await lockProvider(tx, providerId);
    return (await removeExpiredHolds(tx, providerId, stretch)) > 0;
  });
}

/** SLOT_TAKEN with what stands there and the three nearest free starts, found by the engine that offers slots. */
export async function explainSlotTaken(deps: Dependencies, actor: Actor, wish: RefusedTime): Promise<DomainError> {
  const conflict = await findConflict(deps.database, wish.providerId, wish.occupies, wish.ownId);
  return refuseTaken(actor, await findNearestStarts(deps, wish), conflict);
}

/** SLOT_TAKEN by something already known, with the free starts nearest to the wish (epoch milliseconds). */
export function refuseTaken(actor: Actor, starts: readonly number[], conflict: Conflict | undefined): DomainError {
  const shown =
    conflict && isCustomerOnly(actor) ? { kind: conflict.kind, start: conflict.start, end: conflict.end } : conflict;
  return slotTaken(
    starts.map((start) => new Date(start).toISOString()),
    shown,
  );
}

/** Up to three free starts nearest to the wish, ascending, in epoch milliseconds. */
export async function findNearestStarts(deps: Dependencies, wish: RefusedTime): Promise<number[]> {
  let starts: number[] = [];
  for (const days of searchRadii) {
    starts = await freeStartsAround(deps, wish, days * DAY);
    if (starts.length >= 3) break;
  }
  return nearestStarts(starts, wish.during.start, 3);
}

async function freeStartsAround(deps: Dependencies, wish: RefusedTime, radius: number): Promise<number[]> {
  const { type, override, during } = wish;
  const now = deps.clock.now().getTime();
  const span = { start: Math.max(now - DAY, during.start - radius), end: during.end + radius };
  // All of it has passed (an old appointment was lengthened, an old block repeated): nothing there can be offered.
  if (span.start >= span.end) return [];
  const busy = await listBusy(
    deps.database,
    wish.providerId,
    { start: span.start - DAY, end: span.end + DAY },
    wish.ownId,
  );
  return listStarts({
    timeZone: wish.availability.timeZone,
    windows: override ? [span] : expandWindows(wish.availability, span),
    busy,
    duration: during.end - during.start,
    bufferBefore: during.start - wish.occupies.start,
    bufferAfter: wish.occupies.end - during.end,
    step: type.slotStepMinutes * MINUTE,
    earliest: Math.max(now + 1, override ? 0 : now + type.minimumNoticeMinutes * MINUTE, span.start),
    before: override ? span.end : Math.min(span.end, now + type.horizonDays * DAY + 1),
  }).filter((start) => start !== during.start);
}
