import { appendToOutbox } from '@daybook/runtime/outbox';
import { withTransaction } from '@daybook/runtime/postgres';
import { findPractice, storePractice } from '../db/practice-repository.ts';
import { requireVersion } from '../domain/appointment.ts';
import type { Actor } from '../domain/policy.ts';
import { type Practice, type PracticeParticulars, sameParticulars, validatePractice } from '../domain/practice.ts';
import { practiceEvent } from '../events/scheduling-events.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** The practice's own particulars. @throws DomainError NOT_PERMITTED */
export function getPractice(deps: Dependencies): (actor: Actor) => Promise<Practice> {
  return async (actor) => {
    await admit(deps, actor, 'read-practice');
    return present(await findPractice(deps.database, actor.organizationId));
  };
}

/**
 * Replaces the practice's particulars; the same again changes nothing. A new country counts at once here and within ten
 * seconds on other replicas.
 * @throws DomainError VERSION_CONFLICT, NOT_PERMITTED; ValidationError
 */
export function updatePractice(
  deps: Dependencies,
): (actor: Actor, given: PracticeParticulars, expectedVersion: number) => Promise<Practice> {
  return async (actor, given, expectedVersion) => {
    await admit(deps, actor, 'manage-practice');
    const particulars = validatePractice(given);
    const { organizationId } = actor;
    const stored = await withTransaction(deps.database, async (tx) => {
      const current = present(await findPractice(tx, organizationId, 'lock'));
      requireVersion(current, expectedVersion);
      if (sameParticulars(current, particulars)) return current;
      const version = current.version + 1;
      await storePractice(tx, organizationId, particulars, version);
      await appendToOutbox(tx, [practiceEvent(organizationId, version, deps.clock.now().getTime())]);
      return { ...current, ...particulars, version };
    });
    const { defaultCountry } = deps.settings;
    deps.countries.set(organizationId, stored.country === '' ? defaultCountry : stored.country);
    return stored;
  };
}

/** `admit` made the organisation, so it is there. */
function present(practice: Practice | undefined): Practice {
  if (!practice) throw new Error('the organisation is gone');
  return practice;
}
