import { listAppointmentTypes } from '../db/appointment-type-repository.ts';
import { findProvider } from '../db/provider-repository.ts';
import { listReservations } from '../db/reservation-repository.ts';
import { chooseDuration } from '../domain/appointment.ts';
import { type ClosedTime, listClosedTimes as closedTimes } from '../domain/closed-times.ts';
import { providerNotFound } from '../domain/errors.ts';
import { type Actor, isCustomerOnly } from '../domain/policy.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { admit } from './admit.ts';
import { chooseType } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import type { ListSlots } from './list-slots.ts';
import { checkRange } from './paging.ts';

/**
 * What of a range is closed to starts of a length, and why. Customers learn the reasons but not whose time it is.
 * @throws DomainError PROVIDER_NOT_FOUND, APPOINTMENT_TYPE_NOT_FOUND, DURATION_NOT_OFFERED, RANGE_TOO_LONG; ValidationError
 */
export function listClosedTimes(
  deps: Dependencies,
): (
  actor: Actor,
  request: Omit<ListSlots, 'rescheduleAppointmentId'>,
) => Promise<{ closed: ClosedTime[]; timeZone: string }> {
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
    // As far around as a start within can reach with the longest length and buffers.
    const around = { start: span.start - 2 * DAY, end: span.end + 2 * DAY };
    const closed = closedTimes({
      rules: found.availability,
      reservations: await listReservations(deps.database, found.provider.id, around),
      duration: durationMinutes * MINUTE,
      bufferBefore: type.bufferBeforeMinutes * MINUTE,
      bufferAfter: type.bufferAfterMinutes * MINUTE,
      notice: type.minimumNoticeMinutes * MINUTE,
      horizonDays: type.horizonDays,
      span,
      now: deps.clock.now().getTime(),
    });
    const shown = isCustomerOnly(actor) ? closed.map(withoutSource) : closed;
    return { closed: shown, timeZone: found.availability.timeZone };
  };
}

function withoutSource(closed: ClosedTime): ClosedTime {
  return { ...closed, sourceId: '', sourceLabel: '', overridable: false };
}
