import type { Block, CreateBlockRequest } from '@daybook/http-contract/practice';
import { mutationOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Keeps time free of appointments. */
export function createBlock(body: CreateBlockRequest) {
  return request<Block>({ method: 'POST', path: '/api/blocks', body });
}

/** Keeps time free of appointments. */
export function createBlockMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: createBlock,
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
