import { appendToOutbox } from '@daybook/runtime/outbox';
import { type Tx, withTransaction } from '@daybook/runtime/postgres';
import { findAppointments, listUpcomingTimes } from '../db/appointment-repository.ts';
import { lockProvider } from '../db/locks.ts';
import { findProvider, type ProviderWithRules, replaceRules } from '../db/provider-repository.ts';
import { requireVersion } from '../domain/appointment.ts';
import { type AvailabilityRules, openTime, sameAvailability, validateAvailability } from '../domain/availability.ts';
import { providerNotFound } from '../domain/errors.ts';
import type { Actor } from '../domain/policy.ts';
import { availabilityEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import { type AppointmentView, toView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';

/** The new rule set; 0 as expected version asks for no check. */
export type ReplaceAvailability = {
  readonly providerId: string;
  readonly expectedVersion: number;
  readonly rules: AvailabilityRules;
};

const mostListed = 200;

/**
 * Replaces hours, overrides and zone. Moves and cancels nothing: scheduled appointments that the new hours do not cover
 * come back for a person to decide. The same rules again change nothing.
 * @throws DomainError VERSION_CONFLICT, PROVIDER_NOT_FOUND, NOT_PERMITTED; ValidationError
 */
export function replaceAvailability(
  deps: Dependencies,
): (actor: Actor, command: ReplaceAvailability) => Promise<ProviderWithRules & { outsideNewHours: AppointmentView[] }> {
  return async (actor, command) => {
    await admit(deps, actor, 'replace-availability');
    const rules = validateAvailability(command.rules);
    const found = await findProvider(deps.database, actor.organizationId, command.providerId);
    if (!found) throw providerNotFound();
    const stored = await withTransaction(deps.database, async (tx) => {
      await lockProvider(tx, found.provider.id);
      return replace(deps, tx, actor, found.provider.id, rules, command.expectedVersion);
    });
    return { ...stored, outsideNewHours: await listOutside(deps, actor, stored.provider.id, rules) };
  };
}

async function replace(
  deps: Dependencies,
  tx: Tx,
  actor: Actor,
  providerId: string,
  rules: AvailabilityRules,
  expectedVersion: number,
): Promise<ProviderWithRules> {
  const current = await findProvider(tx, actor.organizationId, providerId);
  if (!current) throw providerNotFound();
  requireVersion(current, expectedVersion);
  if (sameAvailability(current.availability, rules)) return current;
  const version = current.version + 1;
  await replaceRules(tx, current.provider, rules, version);
  await appendToOutbox(tx, [availabilityEvent(current.provider, rules, version, deps.clock.now().getTime())]);
  return { provider: { ...current.provider, timeZone: rules.timeZone }, availability: rules, version };
}

/** Scheduled appointments to come that rules do not cover, by start, at most 200. */
export async function listOutside(
  deps: Dependencies,
  actor: Actor,
  providerId: string,
  rules: AvailabilityRules,
): Promise<AppointmentView[]> {
  const now = deps.clock.now().getTime();
  const times = await listUpcomingTimes(deps.database, actor.organizationId, providerId, now);
  const first = times[0];
  if (!first) return [];
  const open = openTime(rules, {
    start: first.start,
    end: times.reduce((latest, time) => Math.max(latest, time.end), 0),
  });
  const outside = times.filter((time) => !open.contains(time)).slice(0, mostListed);
  const appointments = await findAppointments(
    deps.database,
    actor.organizationId,
    outside.map((time) => time.id),
  );
  return appointments.map((appointment) => toView(appointment, deps.settings));
}
