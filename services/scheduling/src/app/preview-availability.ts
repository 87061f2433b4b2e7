import { findProvider } from '../db/provider-repository.ts';
import { type AvailabilityRules, openTime, validateAvailability } from '../domain/availability.ts';
import { providerNotFound } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import type { AppointmentView } from './appointment-view.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRange } from './paging.ts';
import { listOutside } from './replace-availability.ts';

/** Rules in question, and the stretch to look at in epoch milliseconds. */
export type PreviewAvailability = {
  readonly providerId: string;
  readonly rules: AvailabilityRules;
  readonly from: number | undefined;
  readonly to: number | undefined;
};

/** What the rules would change. Instants in epoch milliseconds; sorted, disjoint. */
export type AvailabilityPreview = {
  readonly opens: readonly Interval[];
  readonly closes: readonly Interval[];
  readonly outsideNewHours: readonly AppointmentView[];
};

/**
 * What replacing the rules would do, without doing it.
 * @throws DomainError RANGE_TOO_LONG, PROVIDER_NOT_FOUND, NOT_PERMITTED; ValidationError
 */
export function previewAvailability(
  deps: Dependencies,
): (actor: Actor, question: PreviewAvailability) => Promise<AvailabilityPreview> {
  return async (actor, question) => {
    await admit(deps, actor, 'replace-availability');
    const rules = validateAvailability(question.rules);
    const span = checkRange(question.from, question.to);
    const found = await findProvider(deps.database, actor.organizationId, question.providerId);
    if (!found) throw providerNotFound();
    const now = openTime(found.availability, span);
    const then = openTime(rules, span);
    return {
      opens: then.subtract(now).toArray(),
      closes: now.subtract(then).toArray(),
      outsideNewHours: await listOutside(deps, actor, found.provider.id, rules),
    };
  };
}
