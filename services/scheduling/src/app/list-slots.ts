import { listBusy } from '../db/reservation-repository.ts';
import { expandWindows } from '../domain/availability.ts';
import type { Actor } from '../domain/policy.ts';
import { listStarts } from '../domain/slots.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { admit } from './admit.ts';
import { type AskedOffer, findAskedOffer } from './asked-offer.ts';
import type { Dependencies } from './dependencies.ts';

/** Which starts are asked for. */
export type ListSlots = AskedOffer & {
  /** An appointment whose own time counts as free. */
  readonly rescheduleAppointmentId: string;
};

/**
 * Bookable starts in a range, ascending, in epoch milliseconds.
 * @throws DomainError PROVIDER_NOT_FOUND, APPOINTMENT_TYPE_NOT_FOUND, DURATION_NOT_OFFERED, RANGE_TOO_LONG; ValidationError
 */
export function listSlots(
  deps: Dependencies,
): (actor: Actor, request: ListSlots) => Promise<{ starts: number[]; durationMinutes: number; timeZone: string }> {
  return async (actor, request) => {
    await admit(deps, actor, 'read-availability');
    const { span, type, durationMinutes, provider, availability } = await findAskedOffer(deps, actor, request);
    // Whole days around, so that the grid of a stretch never depends on where the range cuts it.
    const around = { start: span.start - 2 * DAY, end: span.end + 2 * DAY };
    const busy = await listBusy(deps.database, provider.id, around, request.rescheduleAppointmentId);
    const now = deps.clock.now().getTime();
    const starts = listStarts({
      timeZone: availability.timeZone,
      windows: expandWindows(availability, { start: span.start, end: span.end + DAY }),
      busy,
      duration: durationMinutes * MINUTE,
      bufferBefore: type.bufferBeforeMinutes * MINUTE,
      bufferAfter: type.bufferAfterMinutes * MINUTE,
      step: type.slotStepMinutes * MINUTE,
      earliest: Math.max(span.start, now + 1, now + type.minimumNoticeMinutes * MINUTE),
      before: Math.min(span.end, now + type.horizonDays * DAY + 1),
    });
    return { starts, durationMinutes, timeZone: availability.timeZone };
  };
}
