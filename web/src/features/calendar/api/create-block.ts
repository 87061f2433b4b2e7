import type { Block, CreateBlockRequest } from '@daybook/http-contract/practice';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Keeps time free of appointments. */
export function createBlock(body: CreateBlockRequest) {
  return request<Block>({ method: 'POST', path: '/api/blocks', body });
}

/** Keeps time free of appointments. */
export function useCreateBlock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: createBlock,
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
