import { ValidationError } from '@daybook/runtime/errors';
import { listCustomers as readCustomers } from '../db/customer-repository.ts';
import type { Customer } from '../domain/customer.ts';
import type { Actor } from '../domain/policy.ts';
import { checkText } from '../domain/appointment.ts';
import { admit } from './admit.ts';
import type { Dependencies } from './dependencies.ts';
import { checkLimit } from './paging.ts';

/** Customers by name, e-mail or phone, best match first. @throws ValidationError, DomainError NOT_PERMITTED */
export function listCustomers(
  deps: Dependencies,
): (
  actor: Actor,
  request: { words: string; limit: number; cursor: string },
) => Promise<{ customers: Customer[]; nextCursor: string }> {
  return async (actor, request) => {
    await admit(deps, actor, 'read-customers');
    checkText(request.words, 200, '/q');
    const limit = checkLimit(request.limit);
    const page = await readCustomers(deps.database, { ...request, limit, organizationId: actor.organizationId });
    if (page !== 'bad-cursor') return page;
    throw new ValidationError([{ pointer: '/cursor', message: 'Use the cursor of an earlier answer unchanged.' }]);
  };
}
