import type { MutationOptions, QueryClient } from '@tanstack/react-query';

/**
 * Carries a change out as a hook would, with the same retries and the same care for what is on the screen, but without one: an undo
 * must still work when the part that made the change is gone.
 * @throws what the request throws
 */
export function runMutation<Data, Variables, Context>(
  client: QueryClient,
  options: MutationOptions<Data, Error, Variables, Context>,
  variables: Variables,
): Promise<Data> {
  return client
    .getMutationCache()
    .build<Data, Error, Variables, Context>(client, client.defaultMutationOptions(options))
    .execute(variables);
}
