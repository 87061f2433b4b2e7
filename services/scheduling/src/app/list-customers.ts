import { ValidationError } from '@daybook/runtime/errors';
import { summarizeCustomers } from '../db/customer-facts-repository.ts';
import { listCustomers as readCustomers } from '../db/customer-repository.ts';
import type { Customer, CustomerSummary } from '../domain/customer.ts';
import type { Actor } from '../domain/policy.ts';
import { checkText } from '../domain/appointment.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { checkLimit } from './paging.ts';

/** Customers by name, e-mail or phone, best match first, with what the appointments say of each. @throws ValidationError, DomainError NOT_PERMITTED */
export function listCustomers(
  deps: Dependencies,
): (
  actor: Actor,
  request: { words: string; limit: number; cursor: string },
) => Promise<{ customers: Customer[]; summaries: CustomerSummary[]; nextCursor: string }> {
  return async (actor, request) => {
    await admit(deps, actor, 'read-customers');
    checkText(request.words, 200, '/q');
    const limit = checkLimit(request.limit);
    const page = await readCustomers(deps.database, { ...request, limit, organizationId: actor.organizationId });
    if (page === 'bad-cursor') {
      throw new ValidationError([{ pointer: '/cursor', message: 'Use the cursor of an earlier answer unchanged.' }]);
    }
    const ids = page.customers.map((customer) => customer.id);
    const now = deps.clock.now().getTime();
    return { ...page, summaries: await summarizeCustomers(deps.database, actor.organizationId, ids, now) };
  };
}
