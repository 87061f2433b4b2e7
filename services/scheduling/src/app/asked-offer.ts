import { listAppointmentTypes } from '../db/appointment-type-repository.ts';
import { findProvider } from '../db/provider-repository.ts';
import { chooseDuration } from '../domain/appointment.ts';
import { providerNotFound } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { chooseType } from './booking-context.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRange } from './paging.ts';

/** What a question about free time names. Instants in epoch milliseconds; empty texts and 0 mean not given. */
export type AskedOffer = {
  readonly providerId: string;
  readonly appointmentTypeId: string;
  readonly durationMinutes: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
};

/**
 * Finds whose time, which type, which length and which range is meant.
 * @throws DomainError PROVIDER_NOT_FOUND, APPOINTMENT_TYPE_NOT_FOUND, DURATION_NOT_OFFERED, RANGE_TOO_LONG; ValidationError
 */
export async function findAskedOffer(deps: Dependencies, actor: Actor, asked: AskedOffer) {
  const span: Interval = checkRange(asked.from, asked.to);
  const [found, types] = await Promise.all([
    findProvider(deps.database, actor.organizationId, asked.providerId),
    listAppointmentTypes(deps.database, actor.organizationId),
  ]);
  if (!found) throw providerNotFound();
  const type = chooseType(types, asked.appointmentTypeId);
  const durationMinutes = chooseDuration(type, asked.durationMinutes, asked.appointmentTypeId !== '', false);
  return { ...found, span, type, durationMinutes };
}
