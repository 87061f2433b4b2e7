import { type Action, type Actor, requirePermission } from '../domain/policy.ts';
import type { Dependencies } from './dependencies.ts';
import { provisionOrganization } from './provision-organization.ts';

/**
 * The door of every use case: the actor may do it, and their organisation exists.
 * @throws DomainError NOT_PERMITTED, or the "not there" of what they may not see
 */
export async function admit(deps: Dependencies, actor: Actor, action: Action): Promise<void> {
  requirePermission(actor, action);
  await provisionOrganization(deps, actor.organizationId);
}
