import { listAppointmentTypes } from '../db/appointment-type-repository.ts';
import { findProvider } from '../db/provider-repository.ts';
import { listBusy } from '../db/reservation-repository.ts';
import { chooseDuration } from '../domain/appointment.ts';
import { expandWindows } from '../domain/availability.ts';
import { providerNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { listStarts } from '../domain/slots.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { admit } from './admit.ts';
import { chooseType } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRange } from './paging.ts';

/** Which starts are asked for. Instants in epoch milliseconds; empty texts and 0 mean not given. */
export type ListSlots = {
  readonly providerId: string;
  readonly appointmentTypeId: string;
  readonly durationMinutes: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
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
    const span = checkRange(request.from, request.to);
    const [found, types] = await Promise.all([
      findProvider(deps.database, actor.organizationId, request.providerId),
      listAppointmentTypes(deps.database, actor.organizationId),
    ]);
    if (!found) throw providerNotFound();
    const type = chooseType(types, request.appointmentTypeId);
    const named = request.appointmentTypeId !== '';
    const durationMinutes = chooseDuration(type, request.durationMinutes, named, false);
    // Whole days around, so that the grid of a stretch never depends on where the range cuts it.
    const around = { start: span.start - 2 * DAY, end: span.end + 2 * DAY };
    const busy = await listBusy(deps.database, found.provider.id, around, request.rescheduleAppointmentId);
    const now = deps.clock.now().getTime();
    const starts = listStarts({
      timeZone: found.availability.timeZone,
      windows: expandWindows(found.availability, { start: span.start, end: span.end + DAY }),
      busy,
      duration: durationMinutes * MINUTE,
      bufferBefore: type.bufferBeforeMinutes * MINUTE,
      bufferAfter: type.bufferAfterMinutes * MINUTE,
      step: type.slotStepMinutes * MINUTE,
      earliest: Math.max(span.start, now + 1, now + type.minimumNoticeMinutes * MINUTE),
      before: Math.min(span.end, now + type.horizonDays * DAY + 1),
    });
    return { starts, durationMinutes, timeZone: found.availability.timeZone };
  };
}
