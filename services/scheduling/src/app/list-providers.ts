import { listProviders as readProviders } from '../db/provider-repository.ts';
import type { Actor } from '../domain/policy.ts';
import type { Provider } from '../domain/provider.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';

/** The organisation's providers, the first one first; never empty. */
export function listProviders(deps: Dependencies): (actor: Actor) => Promise<Provider[]> {
  return async (actor) => {
    await admit(deps, actor, 'read-providers');
    return readProviders(deps.database, actor.organizationId);
  };
}
