import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';

/** Frees blocked time. */
export function deleteBlock(id: string): Promise<void> {
  return request({ method: 'DELETE', path: `/api/blocks/${id}` });
}

/** Frees blocked time. */
export function useDeleteBlock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deleteBlock,
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
