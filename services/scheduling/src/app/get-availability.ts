import { findProvider, type ProviderWithRules } from '../db/provider-repository.ts';
import { listBusy } from '../db/reservation-repository.ts';
import { openTime } from '../domain/availability.ts';
import { providerNotFound } from '../domain/errors.ts';
import { type Interval, IntervalSet } from '../domain/interval.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRange } from './paging.ts';

/** The rule set, and within the asked range what is open by it and what of that is free. */
export type AvailabilityAnswer = ProviderWithRules & {
  readonly open: readonly Interval[];
  readonly free: readonly Interval[];
};

/**
 * The current rule set; with a range also open and free time. Instants in epoch milliseconds.
 * @throws DomainError PROVIDER_NOT_FOUND, RANGE_TOO_LONG; ValidationError
 */
export function getAvailability(
  deps: Dependencies,
): (
  actor: Actor,
  request: { providerId: string; from: number | undefined; to: number | undefined },
) => Promise<AvailabilityAnswer> {
  return async (actor, request) => {
    await admit(deps, actor, 'read-availability');
    const found = await findProvider(deps.database, actor.organizationId, request.providerId);
    if (!found) throw providerNotFound();
    if (request.from === undefined && request.to === undefined) return { ...found, open: [], free: [] };
    const span = checkRange(request.from, request.to);
    const open = openTime(found.availability, span);
    const busy = IntervalSet.of(await listBusy(deps.database, found.provider.id, span));
    return { ...found, open: open.toArray(), free: open.subtract(busy).toArray() };
  };
}
