import { listCustomersQuery } from '@daybook/http-contract/practice';
import { optionalText } from '../mapping/instants.ts';
import { mapCustomer } from '../mapping/practice.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

/** Search among the customers. */
export function customerHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    listCustomers: [
      async (request, response) => {
        const { query } = readRequest(request, { query: listCustomersQuery });
        const question = { query: query.q ?? '', limit: query.limit ?? 0, cursor: query.cursor ?? '' };
        const answer = await scheduling.call('ListCustomers', question, asRead(response));
        response.json({ items: answer.customers.map(mapCustomer), ...optionalText('nextCursor', answer.nextCursor) });
      },
    ],
  };
}
