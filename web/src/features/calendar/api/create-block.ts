import { block } from '@daybook/http-contract/practice';
import type { CreateBlockRequest } from '@daybook/http-contract/practice';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Keeps time free of appointments. */
export function createBlock(body: CreateBlockRequest) {
  return request({ method: 'POST', path: '/api/blocks', body, schema: block });
}

/** Keeps time free of appointments. */
export function useCreateBlock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: createBlock,
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
