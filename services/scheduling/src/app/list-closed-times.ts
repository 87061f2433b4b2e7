import { listReservations } from '../db/reservation-repository.ts';
import { type ClosedTime, listClosedTimes as closedTimes } from '../domain/closed-times.ts';
import { type Actor, isCustomerOnly } from '../domain/policy.ts';
import { DAY, MINUTE } from '../domain/zone-offsets.ts';
import { admit } from './admit.ts';
import { type AskedOffer, findAskedOffer } from './asked-offer.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * What of a range is closed to starts of a length, and why. Customers learn the reasons but not whose time it is.
 * @throws DomainError PROVIDER_NOT_FOUND, APPOINTMENT_TYPE_NOT_FOUND, DURATION_NOT_OFFERED, RANGE_TOO_LONG; ValidationError
 */
export function listClosedTimes(
  deps: Dependencies,
): (actor: Actor, request: AskedOffer) => Promise<{ closed: ClosedTime[]; timeZone: string }> {
  return async (actor, request) => {
    await admit(deps, actor, 'read-availability');
    const { span, type, durationMinutes, provider, availability } = await findAskedOffer(deps, actor, request);
    // As far around as a start within can reach with the longest length and buffers.
    const around = { start: span.start - 2 * DAY, end: span.end + 2 * DAY };
    const closed = closedTimes({
      rules: availability,
      reservations: await listReservations(deps.database, provider.id, around),
      duration: durationMinutes * MINUTE,
      bufferBefore: type.bufferBeforeMinutes * MINUTE,
      bufferAfter: type.bufferAfterMinutes * MINUTE,
      notice: type.minimumNoticeMinutes * MINUTE,
      horizonDays: type.horizonDays,
      span,
      now: deps.clock.now().getTime(),
    });
    const shown = isCustomerOnly(actor) ? closed.map(withoutSource) : closed;
    return { closed: shown, timeZone: availability.timeZone };
  };
}

function withoutSource(closed: ClosedTime): ClosedTime {
  return { ...closed, sourceId: '', sourceLabel: '', overridable: false };
}
