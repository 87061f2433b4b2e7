import { listAppointmentTypes as readTypes } from '../db/appointment-type-repository.ts';
import type { AppointmentType } from '../domain/appointment-type.ts';
import type { Actor } from '../domain/policy.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** The organisation's types, the default first, then by name. */
export function listAppointmentTypes(
  deps: Dependencies,
): (actor: Actor, includeArchived: boolean) => Promise<AppointmentType[]> {
  return async (actor, includeArchived) => {
    await admit(deps, actor, 'read-appointment-types');
    const types = await readTypes(deps.database, actor.organizationId);
    return types.filter((type) => includeArchived || !type.archived);
  };
}
