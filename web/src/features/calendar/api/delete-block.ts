import { mutationOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';
import { invalidate } from '../../../lib/query-keys.ts';
import { patchBlocks } from './list-blocks.ts';

/** Frees blocked time. */
export function deleteBlock(id: string): Promise<void> {
  return request({ method: 'DELETE', path: `/api/blocks/${id}` });
}

/** Frees blocked time: gone from the screen at once, back when it is refused. */
export function deleteBlockMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: deleteBlock,
    onMutate: (id) => patchBlocks(client, (blocks) => blocks.filter((block) => block.id !== id)),
    onError: (_error, _id, takeBack) => takeBack?.(),
    onSettled: () => invalidate(client, 'blocks', 'slots', 'availability'),
  });
}
